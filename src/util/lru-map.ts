/** A map with a bound. */

/** Forgets the entry that was set longest ago when there are more than `max`. Reading an entry does not count as a use. */
export class LruMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** `undefined` for one that was never set, or is forgotten. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Sets it as the newest entry. Returns the value that is forgotten for it, if there is one. */
  set(key: Key, value: Value): Value | undefined {
    this.#entries.delete(key); // a Map keeps the order in which its keys came
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#max) return undefined;
    for (const [oldest, forgotten] of this.#entries) {
      this.#entries.delete(oldest);
      return forgotten;
    }
    return undefined;
  }

  /** Says whether it was there. */
  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  /** Forgets all entries. */
  clear(): void {
    this.#entries.clear();
  }

  /** The values, the oldest first. */
  values(): IterableIterator<Value> {
    return this.#entries.values();
  }
}
