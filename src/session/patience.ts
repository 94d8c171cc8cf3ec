/** Failures that pass: which they are, and how long they are borne. */
import type { CallOptions } from "../client/client.js";
import type { Pulse } from "../client/pulse.js";
import { wasCut } from "../client/retry.js";
import {
  APIConnectionError,
  APIResponseValidationError,
  APIStatusError,
  APITimeoutError,
  InternalServerError,
  NotFoundError,
} from "../errors.js";
import { linkedController, orAbort } from "../internal/abort.js";
import { Stopwatch } from "../internal/clock.js";
import { delay } from "../internal/delay.js";
import { isRecord } from "../internal/json.js";

const firstWait = 100;
const longestWait = 2_000;

/**
 * One read, in ms. A server that is just starting takes the connection and never answers, so the first tries are short, and
 * each is given twice the time of the one before.
 */
const firstRead = 2_500;
/** The same for a server that has answered before: it may be busy, and asked again it has more to do. */
const steadyRead = 15_000;
const longestRead = 60_000;
const shortestRead = 1_000;
/** A read is given this much of what the slowest of the last ones took: what is given less time the longer things take never ends. */
const latencies = 4;

/** An abort and the looks whether it has come to something, in ms: at least, and as a multiple of what an answer takes. */
const shortestAbort = 5_000;
const abortLatencies = 8;

/** How long an abort is waited for, in ms. */
export function abortTime(pulse: Pulse): number {
  return Math.max(shortestAbort, abortLatencies * pulse.latency);
}

/** For the event stream (ms): a turn that is not heard from its beginning is polled, and told late. */
const shortestOpening = 1_500;
const longestOpening = 10_000;

/** How long a prompt waits for the event stream, in ms. */
export function openTime(pulse: Pulse): number {
  return Math.max(shortestOpening, Math.min(latencies * pulse.latency, longestOpening));
}

/** Answers in a row that are not what the route promises, until that counts as the server's way and not as a broken line. */
const maxInvalid = 5;

/** A server that answers others and never this: so many times the patience (the default is five minutes), and it is enough. */
const patienceWithLiving = 10;

/**
 * The answer is unknown: the request may have arrived. Gateways answer 502 to 504 for a server that has it, and an answer
 * that cannot be read is one all the same.
 */
export function isLost(error: unknown): boolean {
  if (error instanceof APIConnectionError || error instanceof APITimeoutError) return true;
  if (error instanceof APIResponseValidationError) return true;
  // The server says in JSON what it has not found; any other 404 was spoiled, or is none of its own.
  if (error instanceof NotFoundError && !isRecord(error.body)) return true;
  return error instanceof APIStatusError && (wasCut(error) || [502, 503, 504].includes(error.status));
}

/** Worth another read: the server, or the way to it, may come back. */
export function isPassing(error: unknown): boolean {
  if (isLost(error) || error instanceof InternalServerError) return true;
  return error instanceof APIStatusError && (error.status === 408 || error.status === 429);
}

/** How a read is made: its end, its time, and no repetition of its own. */
export type ReadOptions = CallOptions & { readonly signal: AbortSignal };

/** How long something is tried. */
export interface Patience {
  readonly signal: AbortSignal;
  /** ms without any sign of life of the server. */
  readonly patience: number;
  /** The server's signs of life, whoever they were for. */
  readonly pulse: Pulse;
}

/** The time that a read is given, in ms; `late`: how many of the same have not been answered in time. */
export function readTime(pulse: Pulse, late = 0): number {
  const usual = (pulse.isSteady ? steadyRead : firstRead) * 2 ** late;
  return Math.min(Math.max(usual, latencies * pulse.latency), longestRead);
}

/**
 * Counts what a reader has borne; says when it is enough: when nothing has been heard of the server for all the patience,
 * by nobody. Time in which the machine slept is not counted.
 */
export class Endurance {
  readonly #pulse: Pulse;
  readonly #patience: number;
  readonly #silent = new Stopwatch();
  readonly #failing = new Stopwatch();
  #beats: number;
  #invalid = 0;
  #late = 0;

  constructor({ pulse, patience }: Pick<Patience, "pulse" | "patience">) {
    this.#pulse = pulse;
    this.#patience = patience;
    this.#beats = pulse.beats;
  }

  /** What was to be read was read. */
  reached(): void {
    this.#silent.restart();
    this.#failing.restart();
    this.#invalid = 0;
    this.#late = 0;
  }

  /** The time of the next read, in ms: one that hangs is not to take much more than all the patience. */
  get readTime(): number {
    const most = Math.max(this.#patience, latencies * this.#pulse.latency, shortestRead);
    return Math.min(readTime(this.#pulse, this.#late), most);
  }

  /** ms that are left until a failure is final. */
  get left(): number {
    const silence = this.#patience - this.#silent.elapsed;
    return Math.min(silence, patienceWithLiving * this.#patience - this.#failing.elapsed);
  }

  /**
   * True when the failure is to be borne. After a read that was not answered in time the server is asked for a sign of
   * life: it may be busy with just that. `spent`: the longest time, in ms, that it can have taken since the last.
   */
  async bears(error: unknown, signal: AbortSignal, spent: number = this.readTime): Promise<boolean> {
    if (!isPassing(error)) return false;
    if (error instanceof APIResponseValidationError) this.#invalid += 1;
    if (error instanceof APITimeoutError) {
      this.#late += 1;
      await orAbort(this.#pulse.check(), signal);
    }
    this.#failing.lap(spent);
    this.#silent.lap(spent);
    if (this.#pulse.beats !== this.#beats && !(error instanceof InternalServerError)) this.#silent.restart();
    this.#beats = this.#pulse.beats;
    return this.left > 0 && this.#invalid <= maxInvalid;
  }
}

/**
 * Repeats a read that a turn cannot do without until it comes through. Rejects with its last failure when that is none
 * that passes (a 500 is none: the server says it to mistakes too), when the patience is over, or when the signal aborts.
 * The read is given its time and its signal.
 */
export async function persist<T>(read: (call: ReadOptions) => Promise<T>, given: Patience): Promise<T> {
  const { signal } = given;
  const endurance = new Endurance(given);
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    const timeout = endurance.readTime;
    const attempt = linkedController(signal);
    try {
      return await read({ signal: attempt.signal, timeout, maxRetries: 0 });
    } catch (error) {
      attempt.abort(error); // of two requests the other may be under way
      const isMistake = error instanceof InternalServerError && !isLost(error);
      if (signal.aborted || isMistake || !(await endurance.bears(error, signal, timeout + wait))) throw error;
      await delay(Math.max(0, Math.min(wait, endurance.left)), signal);
    } finally {
      attempt.release();
    }
  }
}
