/** The base of every error of this package, and what may be known about a failure. */
import { redact, redactData } from "../util/redact.js";
import type { OpencodeErrorCode, OpencodeErrorName } from "./codes.js";

/** What may be known about a failure. Every field is optional: absent means unknown, never empty. */
export interface ErrorFacts {
  /** The error or value that led here. */
  readonly cause?: unknown;
  /** What the reader can do about it. Default: the class's own. */
  readonly hint?: string | undefined;
  /** Default: the class's own. */
  readonly retryable?: boolean | undefined;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** HTTP method of the request. */
  readonly method?: string | undefined;
  /** Path of the request, without host, query and credentials. */
  readonly path?: string | undefined;
  /** The answer's body: parsed JSON, or its text (shortened). */
  readonly body?: unknown;
  /** The session concerned. */
  readonly sessionId?: string | undefined;
}

const brand: unique symbol = Symbol.for("opencode-ts.error") as never;

/** Base of all errors of this package. */
export class OpencodeError extends Error {
  override readonly name: OpencodeErrorName = "OpencodeError";
  /** Stable machine-readable code, one per class. */
  readonly code: OpencodeErrorCode = "opencode_error";
  /** What to do about errors of this class, where nothing more is known. */
  static readonly hint: string | undefined = undefined;
  /** Of errors of this class, where nothing more is known. */
  static readonly retryable: boolean = false;
  /** What to do about it; `undefined` where there is nothing to do. */
  declare readonly hint: string | undefined;
  /**
   * The same call may succeed later (not before `retryAt`, if there is one), without a change by anybody. It says nothing about
   * what was done until then: a turn that failed half-way has done its half. False where it is not known whether the call had its
   * effect, and would have it twice.
   */
  declare readonly retryable: boolean;
  declare readonly status: number | undefined;
  declare readonly method: string | undefined;
  declare readonly path: string | undefined;
  declare readonly body: unknown;
  declare readonly sessionId: string | undefined;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    const { hint = new.target.hint, retryable = new.target.retryable } = facts;
    // Only what is known becomes a field: a printed error has no list of `undefined`.
    for (const [name, value] of Object.entries({ ...facts, hint, retryable })) {
      if (value !== undefined && name !== "cause") Object.defineProperty(this, name, { value, enumerable: true });
    }
    Object.defineProperty(this, brand, { value: true });
  }

  /** A plain object for logs: name, code, message and the facts that are known. Holds no credentials. */
  toJSON(): Record<string, unknown> {
    const json: Record<string, unknown> = { name: this.name, code: this.code, message: redact(this.message) };
    for (const [key, value] of Object.entries(this)) if (value !== undefined) json[key] = redactData(value);
    if (this.cause instanceof Error) json["cause"] = { name: this.cause.name, message: redact(this.cause.message) };
    return json;
  }
}

/** True for every error of this package, also for one that another copy of it has thrown. */
export function isOfThisPackage(value: unknown): value is OpencodeError {
  return value instanceof Error && brand in value;
}
