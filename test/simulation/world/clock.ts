/**
 * Simulated time. Nothing waits in it: the clock goes from timer to timer, and between two timers everything runs that can
 * (microtasks, until none is left). Every timer has an owner: the process that set it, or the world itself. So a process
 * can be blocked, or end, while the others go on.
 *
 * Two times, as on a real machine: timers go by the one that only goes forward and stands while the machine sleeps; what
 * `Date` says can jump.
 */
const { setImmediate } = globalThis;

/** Who a timer belongs to. What a timer's callback sets in motion has the same owner. */
export type Owner = string;

interface Timer {
  readonly id: number;
  readonly owner: Owner;
  readonly callback: () => void;
  /** Of the world itself: what is on its way to the owner. */
  readonly isOfWorld: boolean;
  /** ms from one call to the next; `undefined`: only one. */
  readonly every: number | undefined;
  at: number;
  /** When it would have fired if its owner had not been blocked: late ones keep their order. */
  due: number;
  /** Of timers at the same time the one that was set first is first. */
  order: number;
  isSet: boolean;
}

/** How a timer is set. */
export interface TimerOptions {
  /** Default: whose code is running. */
  readonly owner?: Owner;
  /** ms from one call to the next. Default: only one. */
  readonly every?: number;
  /** What is on its way to the owner, and not set by it. */
  readonly isOfWorld?: boolean;
}

/** What is returned for a timer: as in Node, with methods that here mean nothing. */
export interface TimerHandle {
  readonly id: number;
  ref(): this;
  unref(): this;
  hasRef(): boolean;
  [Symbol.toPrimitive](): number;
}

/** The clock of one simulated world. */
export class VirtualClock {
  /** Whose code is running. */
  owner: Owner = "world";
  #now = 0;
  #wall: number;
  #order = 0;
  #fired = 0;
  readonly #heap: Timer[] = [];
  readonly #timers = new Map<number, Timer>();
  /** What the date of an owner differs by. */
  readonly #shifts = new Map<Owner, number>();
  readonly #blockedUntil = new Map<Owner, number>();

  /** `wall`: what `Date.now()` says at the beginning. */
  constructor(wall: number) {
    this.#wall = wall;
  }

  /** ms since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** What `Date.now()` says: a whole number. */
  get date(): number {
    return Math.floor(this.#wall + (this.#shifts.get(this.owner) ?? 0) + this.#now);
  }

  /** How many timers have fired. */
  get fired(): number {
    return this.#fired;
  }

  /** The date jumps by `ms`, forward or back, for everybody or for one owner. Timers do not notice. */
  jump(ms: number, owner?: Owner): void {
    if (owner === undefined) this.#wall += ms;
    else this.#shifts.set(owner, (this.#shifts.get(owner) ?? 0) + ms);
  }

  /** Nothing of this owner runs for `ms`: its timers come late, in their order. */
  block(owner: Owner, ms: number): void {
    this.#blockedUntil.set(owner, Math.max(this.#now + ms, this.#blockedUntil.get(owner) ?? 0));
  }

  /** Until when this owner is blocked; not later than now when it is not. */
  blockedUntil(owner: Owner): number {
    return this.#blockedUntil.get(owner) ?? 0;
  }

  /** The owner is no more: its timers never fire. */
  forget(owner: Owner): void {
    for (const timer of [...this.#timers.values()]) if (timer.owner === owner) this.clear(timer.id);
  }

  /** The timers that an owner has set itself and that have not fired: when they would. */
  pending(owner: Owner): number[] {
    const own = [...this.#timers.values()].filter((timer) => timer.owner === owner && !timer.isOfWorld);
    return own.map(({ at }) => at);
  }

  /** Calls `callback` in `ms`. */
  set(callback: () => void, ms: number, options: TimerOptions = {}): TimerHandle {
    const id = this.#order + 1;
    const { owner = this.owner, every, isOfWorld = false } = options;
    const at = this.#now + delayOf(ms);
    const timer: Timer = { id, owner, callback, isOfWorld, every, at, due: at, order: 0, isSet: true };
    this.#timers.set(id, timer);
    this.#push(timer);
    const handle: TimerHandle = {
      id,
      ref: () => handle,
      unref: () => handle,
      hasRef: () => true,
      [Symbol.toPrimitive]: () => id,
    };
    return handle;
  }

  clear(id: number): void {
    const timer = this.#timers.get(id);
    if (timer === undefined) return;
    timer.isSet = false; // it is taken from the heap when its time comes
    this.#timers.delete(id);
  }

  /** Resolves in `ms`. */
  wait(ms: number, owner?: Owner): Promise<void> {
    return new Promise((resolve) => this.set(resolve, ms, owner === undefined ? {} : { owner }));
  }

  /**
   * Lets time pass until `work` has settled. Rejects when it never will (no timer is left), when it has not within `limit`
   * ms of simulated time, or after `mostTimers` timers.
   */
  async run<T>(work: Promise<T>, { limit, mostTimers }: { limit: number; mostTimers: number }): Promise<T> {
    let isOver = false;
    const done = (): void => {
      isOver = true;
    };
    work.then(done, done);
    const end = this.#now + limit;
    const most = this.#fired + mostTimers;
    for (;;) {
      await settle();
      if (isOver) return work;
      if (this.#fired > most) throw new StuckError(`more than ${mostTimers} timers`);
      if (!this.#step(end))
        throw new StuckError(this.#timers.size === 0 ? "nothing is left to wait for" : `${limit} ms`);
    }
  }

  /** Fires the next timer; false when there is none until `end`. */
  #step(end: number): boolean {
    for (;;) {
      const timer = this.#heap[0];
      if (timer === undefined) return false;
      if (!timer.isSet) {
        this.#pop();
        continue;
      }
      if (timer.at > end) return false;
      this.#pop();
      const until = this.#blockedUntil.get(timer.owner);
      if (until !== undefined && until > timer.at) {
        timer.at = until;
        this.#push(timer);
        continue;
      }
      this.#fire(timer);
      return true;
    }
  }

  #fire(timer: Timer): void {
    this.#fired += 1;
    this.#now = Math.max(this.#now, timer.at);
    if (timer.every === undefined) {
      this.#timers.delete(timer.id);
      timer.isSet = false;
    } else {
      timer.at = this.#now + delayOf(timer.every);
      timer.due = timer.at;
      this.#push(timer);
    }
    this.owner = timer.owner;
    timer.callback();
  }

  #push(timer: Timer): void {
    this.#order += 1;
    timer.order = this.#order;
    const heap = this.#heap;
    let index = heap.length;
    heap.push(timer);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let least = left;
      if (right !== undefined && isBefore(right, left)) {
        child += 1;
        least = right;
      }
      if (!isBefore(least, last)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}

/** What was waited for never comes. */
export class StuckError extends Error {
  override readonly name = "StuckError";
}

/** Resolves when every microtask has run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(a: Timer, b: Timer): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

/** As Node takes it: at least one ms; what is no number, or more than 32 bits, is one ms. Fractions stay: the world has them. */
function delayOf(ms: number): number {
  return ms >= 1 && ms <= 2 ** 31 - 1 ? ms : 1;
}
