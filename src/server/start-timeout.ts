/** The time limit of a start: a start that goes on is not given up. */

import type { ServerStartupTimeoutError } from "../errors/index.js";
import { doingOf, workOf } from "../process/process-activity.js";
import { type InactivityReason, InactivityTimer } from "../util/inactivity-timer.js";
import { startupTimeout } from "./startup-failure.js";

/** What a start has come to, as far as its limit looks at it. */
export interface StartStage {
  /** Of the process that is looked at. Not known yet: `undefined`. */
  readonly pid: () => number | undefined;
  /** All that it has printed, without its password. */
  readonly tail: () => string;
  /** Grows with what it prints. */
  readonly said: () => number;
  /** Whether it has said that it listens. */
  readonly isListening: () => boolean;
}

/**
 * Counts from the last sign of life of whatever the start waits for: what the server prints, an answer, and, on Linux,
 * the processor time that its processes use. Ends after four times `serverTimeout` in any case.
 */
export class StartLimit {
  readonly #watch: InactivityTimer;
  readonly #over = new AbortController();
  #stage: StartStage | undefined;

  /** @param serverTimeout ms without a sign of life. */
  constructor(serverTimeout: number) {
    this.#watch = new InactivityTimer(serverTimeout, { onEnd: (end) => this.#over.abort(this.#error(end)) });
  }

  /** Aborts with a ServerStartupTimeoutError when the start is to be given up. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** ms until then if no sign of life comes. */
  get left(): number {
    return this.#watch.left;
  }

  /** Something has come of it. */
  readonly sign = (): void => this.#watch.sign();

  /** Looks at a process from now on. */
  follow(stage: StartStage): void {
    this.#stage = stage;
    this.#watch.follow(() => {
      const pid = stage.pid();
      return { said: stage.said(), worked: pid === undefined ? undefined : workOf(pid) };
    });
  }

  /** A download has limits of its own. */
  readonly pause = (): void => this.#watch.pause();

  readonly resume = (): void => this.#watch.resume();

  /** Must be called when the start is over. */
  stop(): void {
    this.#watch.stop();
  }

  #error(end: InactivityReason): ServerStartupTimeoutError {
    const { quiet, total } = this.#watch;
    return startupTimeout({
      end,
      limit: end === "quiet" ? quiet : total,
      doing: this.#doing(),
      tail: this.#stage?.tail(),
    });
  }

  #doing(): string {
    if (this.#stage === undefined) return "The binary was being looked for and asked for its version.";
    const done = this.#stage.isListening()
      ? "It said that it listens, but answered no health request"
      : "It did not say that it listens";
    const pid = this.#stage.pid();
    const doing = pid === undefined ? "" : doingOf(pid);
    return `${done}${doing === "" ? "" : `; process ${pid} was ${doing}`}.`;
  }
}
