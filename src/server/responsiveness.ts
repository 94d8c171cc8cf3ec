/**
 * Stuck is not busy: finds out that a server of ours lives and does not respond any more. Any byte of it is a sign of life, whoever it was
 * for; when none comes it is asked about its health. Processor time is no answer, and gets it more time: it may be at work on something.
 */
import type { Liveness } from "../client/liveness.js";
import { ServerUnresponsiveError } from "../errors/index.js";
import { Stopwatch } from "../util/clock.js";
import { invalidOption } from "../util/invalid-option.js";

/** A server that is busy and says nothing is given this many times the limit. */
const busyTimes = 4;
/** A health request is sent when so much of the limit has passed in silence. */
const askAfter = 0.5;
/** The limit is at least this much of the time that answers have taken lately. */
const latencies = 4;
/** Processor time that counts as work: this part of the limit. Whoever waits uses some, too. */
const work = 1 / 500;

/** The server that is watched. */
export interface WatchedServer {
  readonly pid: number;
  /** It serves: it is not ending, nor being started again. */
  readonly isServing: boolean;
  /** Grows with everything that it prints. */
  readonly said: number;
  /** ms of processor time of its own process; `undefined` where the system does not tell. */
  worked(): number | undefined;
  /** In words, for the error: "stopped, with 120 ms of processor time so far". */
  doing(): string;
  /** Ends it with all that it has started, so that it is started again; `undefined` where nobody wants that. */
  readonly replace: (() => void) | undefined;
}

export interface ResponsivenessOptions {
  readonly server: WatchedServer;
  readonly liveness: Liveness;
  /** ms. */
  readonly timeout: number;
}

/**
 * Watches while somebody needs the server. Its clock stands still while this process is stopped or its machine sleeps: nothing could be
 * heard then.
 */
export class Responsiveness {
  readonly #options: ResponsivenessOptions;
  readonly #step: number;
  /** Since anything was heard of it. */
  readonly #silence = new Stopwatch();
  /** Since it was heard of, or has worked. */
  readonly #rest = new Stopwatch();
  #heard = "";
  #worked: number | undefined;
  #users = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stuck = new AbortController();

  constructor(options: ResponsivenessOptions) {
    this.#options = options;
    this.#step = Math.min(500, Math.max(10, options.timeout / 20));
  }

  /** Aborts with a `ServerUnresponsiveError` when the server does not respond any more; another one from then on. */
  get signal(): AbortSignal {
    return this.#stuck.signal;
  }

  /** Somebody needs the server, until the result is called. */
  enter(): () => void {
    this.#users += 1;
    if (this.#users === 1) {
      this.#sign();
      this.#timer = setInterval(() => this.#tick(), this.#step);
    }
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#users -= 1;
      if (this.#users === 0) clearInterval(this.#timer);
    };
  }

  #sign(): void {
    this.#silence.restart();
    this.#rest.restart();
    this.#worked = this.#options.server.worked();
  }

  #tick(): void {
    const { server, liveness, timeout } = this.#options;
    // More than two steps at once: we have been stopped, or had no processor ourselves.
    this.#silence.lap(2 * this.#step);
    this.#rest.lap(2 * this.#step);
    const heard = `${liveness.beats} ${server.said}`;
    if (heard !== this.#heard || !server.isServing) {
      this.#heard = heard;
      this.#sign();
      return;
    }
    const limit = Math.max(timeout, latencies * liveness.latency);
    if (this.#silence.elapsed < askAfter * limit) return;
    void liveness.check();
    const worked = server.worked();
    if (worked !== undefined && worked - (this.#worked ?? 0) >= work * limit) {
      this.#worked = worked;
      this.#rest.restart();
    }
    if (this.#rest.elapsed < limit && this.#silence.elapsed < busyTimes * limit) return;
    this.#giveUp(this.#silence.elapsed);
  }

  #giveUp(silentFor: number): void {
    const { server, liveness } = this.#options;
    this.#sign();
    if (server.replace !== undefined) {
      server.replace();
      liveness.beat(); // turns wait for the new one as for one that has ended just now
      return;
    }
    const doing = server.doing();
    const before = this.#stuck;
    this.#stuck = new AbortController();
    before.abort(
      new ServerUnresponsiveError(
        `nothing was heard of the opencode server (process ${server.pid}) for ${Math.round(silentFor)} ms, not even about its health${doing === "" ? "" : `: it is ${doing}`}`,
        { silentFor: Math.round(silentFor) },
      ),
    );
  }
}

/** The option `unresponsiveTimeout`, checked. `Infinity` is no limit. Throws `ConfigError`. */
export function checkUnresponsive(timeout: unknown): number {
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw invalidOption("unresponsiveTimeout", "a number of milliseconds above 0", timeout);
}
