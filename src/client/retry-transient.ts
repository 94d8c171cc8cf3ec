/** Classifies transient failures and limits how long they are retried. */

import {
  APIConnectionError,
  APIResponseValidationError,
  APIStatusError,
  APITimeoutError,
  InternalServerError,
  NotFoundError,
} from "../errors/index.js";
import { type LinkedSignals, linkSignals, raceAbort } from "../util/abort.js";
import { Stopwatch } from "../util/clock.js";
import { delay } from "../util/delay.js";
import { isRecord } from "../util/json.js";
import type { CallOptions } from "./client.js";
import type { Liveness } from "./liveness.js";
import { wasCut } from "./retry-rules.js";

const minDelay = 100;
const maxDelay = 2_000;

/**
 * One read, in ms. A server that is just starting takes the connection and never answers, so the first tries are short, and
 * each is given twice the time of the one before.
 */
const firstReadTimeout = 2_500;
/** The same for a server that has answered before: it may be busy, and asked again it has more to do. */
const steadyReadTimeout = 15_000;
const maxReadTimeout = 60_000;
const minReadTimeout = 1_000;
/** A read is given this much of what the slowest of the last ones took: what is given less time the longer things take never ends. */
const latencies = 4;

/** An abort and the looks whether it has come to something, in ms: at least, and as a multiple of what an answer takes. */
const minAbortTimeout = 5_000;
const abortLatencies = 8;

/** How long an abort is waited for, in ms. */
export function abortTimeout(liveness: Liveness): number {
  return Math.max(minAbortTimeout, abortLatencies * liveness.latency);
}

/** For the event stream (ms): a turn that is not heard from its beginning is polled, and told late. */
const minOpenTimeout = 1_500;
const maxOpenTimeout = 10_000;

/** How long a prompt waits for the event stream, in ms. */
export function openTimeout(liveness: Liveness): number {
  return Math.max(minOpenTimeout, Math.min(latencies * liveness.latency, maxOpenTimeout));
}

/** Answers in a row that are not what the route promises, until that counts as the server's way and not as a broken line. */
const maxInvalid = 5;

/** A server that answers others and never this: retried for so many times `retryTimeout` (its default is five minutes). */
export const aliveRetryFactor = 10;

/**
 * The answer is unknown: the request may have arrived. Gateways answer 502 to 504 for a server that has it, and an answer
 * that cannot be read is one all the same.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof APIConnectionError) return true;
  if (error instanceof APIResponseValidationError) return true;
  // The server says in JSON what it has not found; any other 404 was spoiled, or is none of its own.
  if (error instanceof NotFoundError && !isRecord(error.body)) return true;
  return error instanceof APIStatusError && (wasCut(error) || [502, 503, 504].includes(error.status));
}

/** Worth another read: the server, or the way to it, may come back. */
export function isTransient(error: unknown): boolean {
  if (isOutcomeUnknown(error) || error instanceof InternalServerError) return true;
  return error instanceof APIStatusError && (error.status === 408 || error.status === 429);
}

/** How a read is made: its end, its time, and no repetition of its own. */
export type ReadOptions = CallOptions & { readonly signal: AbortSignal };

/** How long something is tried. */
export interface RetryOptions {
  readonly signal: AbortSignal;
  /** ms without any sign of life of the server. */
  readonly retryTimeout: number;
  /** ms of failures from a server that shows signs of life. @default ten times `retryTimeout` */
  readonly answeredRetryTimeout?: number | undefined;
  /** The server's signs of life, whoever they were for. */
  readonly liveness: Liveness;
}

/** The time that a read is given, in ms; `late`: how many of the same have not been answered in time. */
export function readTimeout(liveness: Liveness, late = 0): number {
  const usual = (liveness.isSteady ? steadyReadTimeout : firstReadTimeout) * 2 ** late;
  return Math.min(Math.max(usual, latencies * liveness.latency), maxReadTimeout);
}

/**
 * Says how long a reader retries: until nobody has heard of the server for `retryTimeout`. Time in which the machine slept is not counted.
 */
export class RetryBudget {
  readonly #liveness: Liveness;
  readonly #retryTimeout: number;
  readonly #answeredRetryTimeout: number;
  readonly #silent = new Stopwatch();
  readonly #failing = new Stopwatch();
  #beats: number;
  #invalid = 0;
  #late = 0;

  constructor({ liveness, retryTimeout, answeredRetryTimeout }: Omit<RetryOptions, "signal">) {
    this.#liveness = liveness;
    this.#retryTimeout = retryTimeout;
    this.#answeredRetryTimeout = answeredRetryTimeout ?? aliveRetryFactor * retryTimeout;
    this.#beats = liveness.beats;
  }

  /** What was to be read was read. */
  reset(): void {
    this.#silent.restart();
    this.#failing.restart();
    this.#invalid = 0;
    this.#late = 0;
  }

  /** The time of the next read, in ms: one that hangs is not to take much more than `retryTimeout`. */
  get readTimeout(): number {
    const most = Math.max(this.#retryTimeout, latencies * this.#liveness.latency, minReadTimeout);
    return Math.min(readTimeout(this.#liveness, this.#late), most);
  }

  /** ms that are left until a failure is final. */
  get remaining(): number {
    const silence = this.#retryTimeout - this.#silent.elapsed;
    return Math.min(silence, this.#answeredRetryTimeout - this.#failing.elapsed);
  }

  /**
   * True when the read is to be retried. After a read that was not answered in time the server is asked for a sign of
   * life: it may be busy with just that. `spent`: the longest time, in ms, that it can have taken since the last.
   */
  async shouldRetry(error: unknown, signal: AbortSignal, spent: number = this.readTimeout): Promise<boolean> {
    if (!isTransient(error)) return false;
    if (error instanceof APIResponseValidationError) this.#invalid += 1;
    if (error instanceof APITimeoutError) {
      this.#late += 1;
      await raceAbort(this.#liveness.check(), signal);
    }
    this.#failing.lap(spent);
    this.#silent.lap(spent);
    if (this.#liveness.beats !== this.#beats && !(error instanceof InternalServerError)) this.#silent.restart();
    this.#beats = this.#liveness.beats;
    return this.remaining > 0 && this.#invalid <= maxInvalid;
  }
}

/**
 * Repeats a read that a turn cannot do without until it comes through. Rejects with its last failure when that is none
 * that passes (a 500 is none: the server says it to mistakes too), when `retryTimeout` is over, or when the signal aborts.
 * The read is given its time and its signal.
 */
export async function retryTransient<T>(read: (call: ReadOptions) => Promise<T>, given: RetryOptions): Promise<T> {
  const { signal } = given;
  const retryBudget = new RetryBudget(given);
  for (let wait = minDelay; ; wait = Math.min(wait * 2, maxDelay)) {
    const timeout = retryBudget.readTimeout;
    let attempt: LinkedSignals | undefined;
    const call: ReadOptions = {
      /** Made when a request is made: many reads find that they need none. */
      get signal() {
        attempt ??= linkSignals(signal);
        return attempt.signal;
      },
      timeout,
      maxRetries: 0,
    };
    try {
      return await read(call);
    } catch (error) {
      attempt?.abort(error); // of two requests the other may be under way
      const isMistake = error instanceof InternalServerError && !isOutcomeUnknown(error);
      if (signal.aborted || isMistake || !(await retryBudget.shouldRetry(error, signal, timeout + wait))) throw error;
      await delay(Math.max(0, Math.min(wait, retryBudget.remaining)), signal);
    } finally {
      attempt?.release();
    }
  }
}
