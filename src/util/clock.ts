/** Time that only goes forward: the wall clock jumps, and a machine that slept has waited for nobody. */

/** Milliseconds since an arbitrary moment; never goes back. */
export function monotonic(): number {
  return performance.now();
}

/** Adds up time that was really spent on something: of a lap in which the machine slept only `longest` ms count. */
export class Stopwatch {
  #lapBegan = monotonic();
  #elapsed = 0;

  /** ms so far, up to the last lap. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Ends a lap that should have taken at most `longest` ms, and begins the next. Returns the ms that count in all. */
  lap(longest: number): number {
    const now = monotonic();
    this.#elapsed += Math.max(0, Math.min(now - this.#lapBegan, longest));
    this.#lapBegan = now;
    return this.#elapsed;
  }

  /** Begins anew, at 0. */
  restart(): void {
    this.#lapBegan = monotonic();
    this.#elapsed = 0;
  }
}
