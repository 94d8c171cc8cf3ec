/**
 * When a server was last heard of, and how long its answers take: of all requests and streams of a client and its copies.
 * A turn that waits for one answer is not to give a server up that is busy with others.
 */
import type { OpencodeError } from "../errors/index.js";
import { monotonic } from "../util/clock.js";

/** Of an answer that took long this much is still expected of the next one. */
const decay = 0.8;
/** An answer that took longer (ms) says nothing of the next one's time: it was a large one, or the machine slept. */
const longestLatency = 15_000;

/** The signs of life of one server. */
export class Liveness {
  readonly #check: ((signal: AbortSignal) => Promise<unknown>) | undefined;
  readonly #closing = new AbortController();
  #checking: Promise<void> | undefined;
  #beats = 0;
  #heardAt: number | undefined;
  #latency = 0;
  #isLost = false;
  #ended: OpencodeError | undefined;

  /** `check` asks the server for a sign of life. */
  constructor(check?: (signal: AbortSignal) => Promise<unknown>) {
    this.#check = check;
  }

  /** Asks the server for a sign of life, once for all who want to know. Never rejects: `beats` tells whether there was one. */
  check(): Promise<void> {
    const { signal } = this.#closing;
    if (this.#check === undefined || signal.aborted) return Promise.resolve();
    this.#checking ??= this.#check(signal).then(
      () => this.#checked(),
      () => this.#checked(),
    );
    return this.#checking;
  }

  /** Why the server has ended for good, where somebody knows: a connection that fails then fails for that. */
  get ended(): OpencodeError | undefined {
    return this.#ended;
  }

  /** The server will not be heard of again. */
  end(reason: OpencodeError): void {
    this.#ended = reason;
  }

  /** Nobody wants to know any more: a check that is under way ends. */
  close(): void {
    this.#closing.abort();
  }

  #checked(): void {
    this.#checking = undefined;
  }

  /** How often the server was heard of: whoever keeps the number can tell whether it was heard of since. */
  get beats(): number {
    return this.#beats;
  }

  /** ms since the server was last heard of; `Infinity` before the first time. */
  get silence(): number {
    return this.#heardAt === undefined ? Number.POSITIVE_INFINITY : monotonic() - this.#heardAt;
  }

  /** ms that a read may be expected to take: what the slowest of the last ones took. */
  get latency(): number {
    return this.#latency;
  }

  /** It has answered, and no connection was lost since: a request that it has taken is one that it works on. */
  get isSteady(): boolean {
    return this.#beats > 0 && !this.#isLost;
  }

  /** Something came: an answer, or a piece of an event stream. `now`: the time by the monotonic clock, in ms. */
  beat(now: number = monotonic()): void {
    this.#beats += 1;
    this.#heardAt = now;
    this.#isLost = false;
  }

  /** A read was answered after `ms`. */
  answered(ms: number): void {
    this.#latency = Math.max(Math.min(ms, longestLatency), this.#latency * decay);
  }

  /** A read was not answered within `ms`: the next one is given about twice as much. */
  late(ms: number): void {
    this.#latency = Math.max(Math.min(ms / 2, longestLatency), this.#latency);
  }

  /** A connection was refused or broke. */
  lost(): void {
    this.#isLost = true;
  }
}
