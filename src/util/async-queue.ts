/** A buffer between a producer that does not wait and one consumer that iterates. */

export interface AsyncQueueOptions<T> {
  /**
   * Joins two neighbours once the consumer is more than `limit` items behind; `undefined` when they cannot be joined. `isOwn`: the earlier
   * one is a result of this function, which the consumer has not.
   */
  readonly merge: (earlier: T, later: T, isOwn: boolean) => T | undefined;
  /** Items held before they are joined. Default 256. */
  readonly limit?: number | undefined;
  /** What is given up for a consumer that does not read. Default: nothing is. */
  readonly overflow?: Overflow<T> | undefined;
  /** Called when the consumer leaves before the end. */
  readonly onLeave?: (() => Promise<void> | void) | undefined;
}

/** Once more than `max` items wait, the oldest minor ones are dropped, about a tenth; without such the oldest of all. */
export interface Overflow<T> {
  readonly max: number;
  readonly isMinor: (item: T) => boolean;
  /** Called for each item that is dropped. */
  readonly onDrop?: (() => void) | undefined;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

interface End {
  readonly error?: unknown;
  readonly failed: boolean;
}

export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #options: AsyncQueueOptions<T>;
  #overflow: Overflow<T> | undefined;
  #items: T[] = [];
  #start = 0;
  /** The last item was joined from others. */
  #isLastJoined = false;
  /** Calls of `next()` that came before an item: they get theirs in the order in which they came. */
  readonly #waiting: Waiter<T>[] = [];
  #end: End | undefined;
  /** The consumer has it, and has not come back. */
  #current: T | undefined;
  readonly #watched = new Map<T, () => void>();

  constructor(options: AsyncQueueOptions<T>) {
    this.#options = options;
    this.#overflow = options.overflow;
  }

  /** Items that wait for the consumer. */
  get size(): number {
    return this.#items.length - this.#start;
  }

  /** From here on so many are held: the consumer is there, but may be slow. */
  holdUpTo(max: number): void {
    if (this.#overflow !== undefined) this.#overflow = { ...this.#overflow, max };
  }

  push(item: T): void {
    if (this.#end !== undefined) return;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) {
      this.#current = item;
      waiter.resolve({ done: false, value: item });
      return;
    }
    if (this.size > (this.#options.limit ?? 256) && this.#join(item)) return;
    this.#items.push(item);
    this.#isLastJoined = false;
    if (this.#overflow !== undefined && this.size > this.#overflow.max) this.#drop(this.#overflow);
  }

  /** No more items: the consumer gets what is left, then the end. */
  end(): void {
    this.#finish({ failed: false });
  }

  /** As `end()`, but the consumer's last step rejects with `error`. */
  fail(error: unknown): void {
    this.#finish({ failed: true, error });
  }

  /** Resolves when the consumer has come back from this item, which has been pushed, or does not get it any more. */
  async passed(item: T): Promise<void> {
    if (this.#current !== item && !this.#items.includes(item, this.#start)) return;
    await new Promise<void>((resolve) => this.#watched.set(item, resolve));
  }

  #release(items: Iterable<T>): void {
    for (const item of items) {
      this.#watched.get(item)?.();
      this.#watched.delete(item);
    }
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#current !== undefined && this.#watched.size > 0) this.#release([this.#current]);
    this.#current = undefined;
    if (this.size > 0) {
      const value = this.#items[this.#start] as T; // the size says that it is there
      this.#current = value;
      this.#start += 1;
      // Shifting an array costs its length: the taken ones are cut off now and then.
      if (this.#start > 1024) this.#cut();
      return Promise.resolve({ done: false, value });
    }
    if (this.#end !== undefined) return this.#last(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  async return(): Promise<IteratorResult<T>> {
    const early = this.#end === undefined;
    this.#current = undefined;
    this.#release([...this.#watched.keys()]);
    this.#items = [];
    this.#start = 0;
    this.#finish({ failed: false });
    this.#end = { failed: false };
    if (early) await this.#options.onLeave?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #join(item: T): boolean {
    const last = this.#items[this.#items.length - 1] as T; // called when items are there
    const joined = this.#options.merge(last, item, this.#isLastJoined);
    if (joined === undefined) return false;
    this.#items[this.#items.length - 1] = joined;
    this.#isLastJoined = true;
    return true;
  }

  /** Drops a tenth at once: one by one each would cost the length. */
  #drop({ max, isMinor, onDrop }: Overflow<T>): void {
    let excess = this.size - max + Math.floor(max / 10);
    const kept: T[] = [];
    for (const item of this.#items.slice(this.#start)) {
      if (excess > 0 && isMinor(item)) {
        excess -= 1;
        onDrop?.();
        continue;
      }
      // What stood between two may be gone: now they can be joined.
      const last = kept.at(-1);
      const joined = last === undefined ? undefined : this.#options.merge(last, item, false);
      if (joined === undefined) kept.push(item);
      else kept[kept.length - 1] = joined;
    }
    const oldest = kept.length > max ? kept.length - max + Math.floor(max / 10) : 0;
    for (let count = 0; count < oldest; count += 1) onDrop?.();
    this.#release(kept.slice(0, oldest));
    this.#items = kept.slice(oldest);
    this.#start = 0;
  }

  #cut(): void {
    this.#items = this.#items.slice(this.#start);
    this.#start = 0;
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    // The first is told of a failure, the others that it is over.
    for (const { resolve, reject } of this.#waiting.splice(0)) this.#last(this.#end).then(resolve, reject);
  }

  #last(end: End): Promise<IteratorResult<T>> {
    if (!end.failed) return Promise.resolve({ done: true, value: undefined });
    this.#end = { failed: false }; // told once; after it the iteration is over
    return Promise.reject(end.error);
  }
}
