/** Failures that pass: which they are, and how long they are borne. */
import type { CallOptions } from "../client/client.js";
import {
  APIConnectionError,
  APIResponseValidationError,
  APIStatusError,
  APITimeoutError,
  InternalServerError,
  NotFoundError,
} from "../errors.js";
import { delay } from "../internal/delay.js";
import { isRecord } from "../internal/json.js";

const firstWait = 100;
const longestWait = 2_000;

/**
 * One read, in ms. A server that is just starting takes the connection and never answers, so the first tries are short; the
 * first read of a directory takes seconds on a slow machine, so the later ones are not.
 */
const firstRead = 2_500;
const longestRead = 10_000;
const shortestRead = 1_000;

/** Answers in a row that are not what the route promises, until that counts as the server's way and not as a broken line. */
const maxInvalid = 5;

/**
 * The answer is unknown: the request may have arrived. Gateways answer 502 to 504 for a server that has it, and an answer
 * that cannot be read is one all the same.
 */
export function isLost(error: unknown): boolean {
  if (error instanceof APIConnectionError || error instanceof APITimeoutError) return true;
  if (error instanceof APIResponseValidationError) return true;
  // The server says in JSON what it has not found; any other 404 was cut off or spoiled, or is none of its own.
  if (error instanceof NotFoundError && !isRecord(error.body)) return true;
  return error instanceof APIStatusError && [502, 503, 504].includes(error.status);
}

/** Worth another read: the server, or the way to it, may come back. */
export function isPassing(error: unknown): boolean {
  return isLost(error) || error instanceof InternalServerError;
}

/** How a read is made: its end, its time, and no repetition of its own. */
export type ReadOptions = CallOptions & { readonly signal: AbortSignal };

/** How long something is tried. */
export interface Patience {
  readonly signal: AbortSignal;
  /** ms. */
  readonly patience: number;
}

/** Counts what a reader has borne; says when it is enough. */
export class Endurance {
  #invalid = 0;
  #late = 0;
  #since = Date.now();

  /** The server was heard of. */
  reached(): void {
    this.#since = Date.now();
    this.#invalid = 0;
    this.#late = 0;
  }

  /** The time of the next read, in ms: one that hangs must not use up all that is left. */
  readTime(patience: number): number {
    const time = Math.min(firstRead * 2 ** this.#late, longestRead);
    return Math.max(shortestRead, Math.min(this.left(patience), time));
  }

  /** ms that are left until a failure is final. */
  left(patience: number): number {
    return this.#since + patience - Date.now();
  }

  /** True when the failure is to be borne. */
  bears(error: unknown, patience: number): boolean {
    if (!isPassing(error)) return false;
    if (error instanceof APIResponseValidationError) this.#invalid += 1;
    if (error instanceof APITimeoutError) this.#late += 1;
    return this.left(patience) > 0 && this.#invalid <= maxInvalid;
  }
}

/**
 * Repeats a read that a turn cannot do without until it comes through. Rejects with its last failure when that is none
 * that passes (a 500 is none: the server says it to mistakes too), when `patience` is over, or when the signal aborts. The
 * read is given its time and its signal: one that is never answered must not use up all the patience.
 */
export async function persist<T>(read: (call: ReadOptions) => Promise<T>, { signal, patience }: Patience): Promise<T> {
  const endurance = new Endurance();
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      return await read({ signal, timeout: endurance.readTime(patience), maxRetries: 0 });
    } catch (error) {
      const isMistake = error instanceof InternalServerError && !isLost(error);
      if (signal.aborted || isMistake || !endurance.bears(error, patience)) throw error;
      await delay(Math.max(0, Math.min(wait, endurance.left(patience))), signal);
    }
  }
}
