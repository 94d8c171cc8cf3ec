/** Gives something up that shows no sign of life any more, and not what is slow but at work. */
import { Stopwatch } from "./clock.js";

/** What can be seen of something at work. */
export interface ActivitySources {
  /** Grows with everything it says. */
  readonly said: number;
  /** ms that it has worked; `undefined` where nobody can tell. */
  readonly worked: number | undefined;
}

/** Why it is given up: it showed nothing for `quiet` ms, or lived and came to no end within `total` ms. */
export type InactivityReason = "quiet" | "total";

/** The hard end, in times of the quiet time: what lives and never comes to an end is given up, too. */
const hardEnd = 4;

/** Who is told. */
export interface InactivityListener {
  /** Of each sign of life that is seen. */
  readonly onSign?: (() => void) | undefined;
  /** Once; then the watch is over. */
  readonly onEnd: (end: InactivityReason) => void;
}

/**
 * Counts from the last sign of life. Its clock stands still while this process is stopped or its machine sleeps: nothing
 * could be seen then.
 */
export class InactivityTimer {
  readonly quiet: number;
  readonly #listener: InactivityListener;
  readonly #step: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #look: () => ActivitySources = () => ({ said: 0, worked: undefined });
  #seen: ActivitySources = this.#look();
  readonly #silence = new Stopwatch();
  readonly #whole = new Stopwatch();
  #isPaused = false;

  /** @param quiet ms without a sign of life. */
  constructor(quiet: number, listener: InactivityListener) {
    this.quiet = quiet;
    this.#listener = listener;
    this.#step = Math.min(500, Math.max(10, quiet / 20));
    this.#timer = setInterval(() => this.#tick(), this.#step);
  }

  /** ms that it may take at most, signs of life or not. */
  get total(): number {
    return hardEnd * this.quiet;
  }

  /** ms until it is given up if no sign of life comes. */
  get left(): number {
    return Math.min(this.quiet - this.#silence.elapsed, this.total - this.#whole.elapsed);
  }

  /** It lives: something has come of it. */
  sign(): void {
    this.#silence.restart();
  }

  /** From now on this one is looked at. That there is one is a sign of life. */
  follow(look: () => ActivitySources): void {
    this.#look = look;
    this.#seen = look();
    this.sign();
  }

  /** What happens now has a limit of its own. */
  pause(): void {
    this.#isPaused = true;
  }

  /** The opposite; it begins anew to be quiet. */
  resume(): void {
    this.#isPaused = false;
    this.sign();
  }

  /** Must be called when it is over. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#isPaused) return;
    // More than two steps at once: we have been stopped, or had no processor ourselves.
    this.#silence.lap(2 * this.#step);
    this.#whole.lap(2 * this.#step);
    const vitals = this.#look();
    if (this.#isAtWork(vitals)) {
      this.#seen = vitals;
      this.sign();
      this.#listener.onSign?.();
    }
    if (this.left > 0) return;
    this.stop();
    this.#listener.onEnd(this.#whole.elapsed >= this.total ? "total" : "quiet");
  }

  /** Work counts from a five-hundredth of the quiet time on: whoever sleeps does some, too. */
  #isAtWork({ said, worked }: ActivitySources): boolean {
    if (said !== this.#seen.said) return true;
    if (worked === undefined || this.#seen.worked === undefined) return worked !== this.#seen.worked;
    // Less than before: something that it had started has ended.
    return worked < this.#seen.worked || worked - this.#seen.worked >= this.quiet / 500;
  }
}
