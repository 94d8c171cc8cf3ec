/** A buffer between a producer that does not wait and one consumer that iterates. */

export interface AsyncQueueOptions<T> {
  /** Joins two neighbours once the consumer is more than `limit` items behind; `undefined` when they cannot be joined. */
  readonly merge: (earlier: T, later: T) => T | undefined;
  /** Items held before they are joined. Default 256. */
  readonly limit?: number | undefined;
  /** Called when the consumer leaves before the end. */
  readonly onLeave?: (() => Promise<void> | void) | undefined;
}

export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  readonly #options: AsyncQueueOptions<T>;
  #items: T[] = [];
  #start = 0;
  #waiting: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void } | undefined;
  #end: { readonly error?: unknown; readonly failed: boolean } | undefined;

  constructor(options: AsyncQueueOptions<T>) {
    this.#options = options;
  }

  /** Items that wait for the consumer. */
  get size(): number {
    return this.#items.length - this.#start;
  }

  push(item: T): void {
    if (this.#end !== undefined) return;
    if (this.#waiting !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: item });
      return;
    }
    const last = this.#items.at(-1);
    if (last !== undefined && this.size > (this.#options.limit ?? 256)) {
      const joined = this.#options.merge(last, item);
      if (joined !== undefined) {
        this.#items[this.#items.length - 1] = joined;
        return;
      }
    }
    this.#items.push(item);
  }

  /** No more items: the consumer gets what is left, then the end. */
  end(): void {
    this.#finish({ failed: false });
  }

  /** As `end()`, but the consumer's last step rejects with `error`. */
  fail(error: unknown): void {
    this.#finish({ failed: true, error });
  }

  next(): Promise<IteratorResult<T>> {
    if (this.size > 0) {
      const value = this.#items[this.#start] as T; // the size says that it is there
      this.#start += 1;
      // Shifting an array costs its length: the taken ones are cut off now and then.
      if (this.#start > 1024) {
        this.#items = this.#items.slice(this.#start);
        this.#start = 0;
      }
      return Promise.resolve({ done: false, value });
    }
    if (this.#end !== undefined) return this.#last(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<T>> {
    const early = this.#end === undefined;
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

  #finish(end: { readonly error?: unknown; readonly failed: boolean }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (this.#waiting === undefined) return;
    const { resolve, reject } = this.#waiting;
    this.#waiting = undefined;
    this.#last(end).then(resolve, reject);
  }

  #last(end: { readonly error?: unknown; readonly failed: boolean }): Promise<IteratorResult<T>> {
    if (!end.failed) return Promise.resolve({ done: true, value: undefined });
    this.#end = { failed: false }; // told once; after it the iteration is over
    return Promise.reject(end.error);
  }
}
