/** A buffer between a producer that does not wait and one consumer that iterates. */

export interface AsyncQueueOptions<T> {
  /** Makes of an item one that later items can be added to, once the consumer is more than `limit` items behind. */
  readonly grow: (first: T) => Growing<T> | undefined;
  /** Items held before they are joined. Default 256. */
  readonly limit?: number | undefined;
  /** What is given up for a consumer that does not read. Default: nothing is. */
  readonly overflow?: Overflow<T> | undefined;
  /** Called when the consumer leaves before the end. */
  readonly onLeave?: (() => Promise<void> | void) | undefined;
}

/** An item that later items are added to. */
export interface Growing<T> {
  /** Takes the next item in; false when it cannot be added. */
  add(item: T): boolean;
  /** All of it, as one item; the first item if none was added. */
  readonly value: T;
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
  /** The last item, while others are added to it. */
  #growing: Growing<T> | undefined;
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
    this.#settleLast();
    this.#items.push(item);
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
      if (this.size === 1) this.#settleLast();
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
    this.#growing = undefined;
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
    this.#growing ??= this.#options.grow(this.#items[this.#items.length - 1] as T); // called when items are there
    return this.#growing?.add(item) === true;
  }

  /** Nothing more is added to the last item. */
  #settleLast(): void {
    if (this.#growing === undefined) return;
    const last = this.#items.length - 1;
    const first = this.#items[last] as T; // it has grown, so it is there
    const { value } = this.#growing;
    this.#growing = undefined;
    this.#items[last] = value;
    if (value !== first) this.#release([first]);
  }

  /** Drops a tenth at once: one by one each would cost the length. */
  #drop({ max, isMinor, onDrop }: Overflow<T>): void {
    let excess = this.size - max + Math.floor(max / 10);
    const kept: T[] = [];
    let growing: Growing<T> | undefined;
    const settle = (): void => {
      if (growing !== undefined) kept[kept.length - 1] = growing.value;
    };
    for (const item of this.#items.slice(this.#start)) {
      if (excess > 0 && isMinor(item)) {
        excess -= 1;
        onDrop?.();
        continue;
      }
      if (growing?.add(item)) continue; // the items between two may be gone: now they can be joined
      settle();
      kept.push(item);
      growing = this.#options.grow(item);
    }
    settle();
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
