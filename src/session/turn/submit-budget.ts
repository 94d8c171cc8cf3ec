/** How long a request is handed over before the turn gives up: which time counts. */
import type { Liveness } from "../../client/liveness.js";
import { aliveRetryFactor } from "../../client/retry-transient.js";
import { APITimeoutError } from "../../errors/index.js";
import { raceAbort } from "../../util/abort.js";
import { Stopwatch } from "../../util/clock.js";

/**
 * Time counts in which the server refuses the request, or is silent. A server that is late, and is heard of meanwhile, is overloaded: it is
 * given ten times as long. Time in which the machine slept does not count.
 */
export class SubmitBudget {
  readonly #liveness: Liveness;
  readonly #retryTimeout: number;
  readonly #counted = new Stopwatch();
  readonly #all = new Stopwatch();
  #beats: number;

  /** `retryTimeout` in ms. */
  constructor(liveness: Liveness, retryTimeout: number) {
    this.#liveness = liveness;
    this.#retryTimeout = retryTimeout;
    this.#beats = liveness.beats;
  }

  /** ms that are left, 0 at least. */
  get remaining(): number {
    const counted = this.#retryTimeout - this.#counted.elapsed;
    return Math.max(0, Math.min(counted, aliveRetryFactor * this.#retryTimeout - this.#all.elapsed));
  }

  /** The server is at work on the request. */
  restart(): void {
    this.#counted.restart();
    this.#all.restart();
  }

  /** A request has failed. After one that was not answered in time the server is asked for a sign of life. */
  async failed(error: unknown, signal: AbortSignal): Promise<void> {
    if (!(error instanceof APITimeoutError)) return;
    await raceAbort(this.#liveness.check(), signal);
    this.#heard();
  }

  /** Counts the time since the last call, `longest` ms at most. `error`: the failure of the last request. */
  lap(longest: number, error?: unknown): void {
    this.#all.lap(longest);
    this.#counted.lap(longest);
    if (error instanceof APITimeoutError) this.#heard();
  }

  #heard(): void {
    if (this.#liveness.beats === this.#beats) return;
    this.#beats = this.#liveness.beats;
    this.#counted.restart();
  }
}
