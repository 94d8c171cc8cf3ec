/** The way of events from the agent to a process where they are calls, not bytes: in order, late, and not always to their end. */
import type { Owner, VirtualClock } from "./clock.js";
import type { Carrier } from "./exchange.js";
import type { PipeEnd } from "./pipe.js";

export interface RelayOptions {
  readonly clock: VirtualClock;
  /** Who listens. */
  readonly owner: Owner;
  /** ms in which nothing arrives. */
  readonly start: number;
  /** ms that an event needs. */
  readonly latency: number;
  /** Called once, unless the listener itself has left: nothing will come any more. */
  readonly onEnd: (how: "ended" | "broken") => void;
}

/** One connection to the events. */
export class Relay implements Carrier {
  readonly #options: RelayOptions;
  /** When the last event that is on its way arrives. */
  #last: number;
  #together: (() => void)[] = [];
  #togetherAt = -1;
  #isOver = false;
  #isMute = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#last = options.clock.now + options.start;
  }

  /** Sends an event on its way, behind those before it. Those of one moment travel together. */
  push(deliver: () => void): void {
    const { clock } = this.#options;
    if (this.#togetherAt === clock.now) {
      this.#together.push(deliver);
      return;
    }
    const together = [deliver];
    this.#together = together;
    this.#togetherAt = clock.now;
    this.#later(() => {
      for (const one of together) if (!this.#isOver && !this.#isMute) one();
    });
  }

  /** Ends when what is on its way has come. */
  finishAfter(how: PipeEnd): void {
    this.#later(() => this.finish(how));
  }

  finish(how: PipeEnd): void {
    if (how === "silent") this.#isMute = true;
    if (this.#isMute || this.#isOver) return;
    this.#isOver = true;
    this.#options.onEnd(how === "ended" ? "ended" : "broken");
  }

  give(): void {
    this.#isOver = true;
  }

  abandon(): void {
    this.#isOver = true;
  }

  #later(callback: () => void): void {
    const { clock, owner, latency } = this.#options;
    const at = Math.max(clock.now + Math.max(1, latency), this.#last);
    this.#last = at;
    clock.set(callback, at - clock.now, { owner, isOfWorld: true });
  }
}
