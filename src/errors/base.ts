/** The base of every error of this package, and the facts that an error can have. */
import { redact, redactData } from "../util/redact.js";
import type { OpencodeErrorCode, OpencodeErrorName } from "./codes.js";

/** Facts about a failure. Every field is optional: absent means unknown, never empty. */
export interface ErrorFacts {
  /** The error or value that caused this error. */
  readonly cause?: unknown;
  /** Advice for the reader. @default the hint of the class */
  readonly hint?: string | undefined;
  /** Whether the same call may succeed later. @default the value of the class */
  readonly retryable?: boolean | undefined;
  /** HTTP status of the response. */
  readonly status?: number | undefined;
  /** HTTP method of the request. */
  readonly method?: string | undefined;
  /** Path of the request, without host, query and credentials. */
  readonly path?: string | undefined;
  /** Body of the response: parsed JSON, or shortened text. */
  readonly body?: unknown;
  /** Id of the session concerned. */
  readonly sessionId?: string | undefined;
}

const brand: unique symbol = Symbol.for("opencode-ts.error") as never;

/** Base of all errors of this package. */
export class OpencodeError extends Error {
  /** Name of the class. */
  override readonly name: OpencodeErrorName = "OpencodeError";
  /** Stable machine-readable code, one per class. */
  readonly code: OpencodeErrorCode = "opencode_error";
  /** Advice for errors of this class that have no `hint` of their own. */
  static readonly hint: string | undefined = undefined;
  /** Value for errors of this class that have no `retryable` of their own. */
  static readonly retryable: boolean = false;
  /** Advice for the reader; `undefined` if there is nothing to do. */
  declare readonly hint: string | undefined;
  /**
   * True if the same call may succeed later (not before `retryAt`, if present) without any change. A failed turn may already have
   * changed files. False if the call may have taken effect and a repetition would take effect twice.
   */
  declare readonly retryable: boolean;
  /** HTTP status of the response. */
  declare readonly status: number | undefined;
  /** HTTP method of the request. */
  declare readonly method: string | undefined;
  /** Path of the request, without host, query and credentials. */
  declare readonly path: string | undefined;
  /** Body of the response: parsed JSON, or shortened text. */
  declare readonly body: unknown;
  /** Id of the session concerned. */
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

  /** Returns a plain object for logs: name, code, message and the known facts, without credentials. */
  toJSON(): Record<string, unknown> {
    const json: Record<string, unknown> = { name: this.name, code: this.code, message: redact(this.message) };
    for (const [key, value] of Object.entries(this)) if (value !== undefined) json[key] = redactData(value);
    if (this.cause instanceof Error) json["cause"] = { name: this.cause.name, message: redact(this.cause.message) };
    return json;
  }
}

/** Returns whether `value` is an error of this package, also if another copy of the package threw it. */
export function isOfThisPackage(value: unknown): value is OpencodeError {
  return value instanceof Error && brand in value;
}
