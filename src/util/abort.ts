/** Abort signals: combining them without leaking listeners, and racing work against them. */

/** The callbacks of a signal, in the order of their arrival. A link calls its own: Node takes long to dispatch an event. */
class Callbacks {
  #all: Set<() => void> | undefined;

  /** Returns the way to take it back. */
  add(callback: () => void): () => void {
    // A wrapper, so that the same function can be there twice.
    const entry = (): void => callback();
    this.#all ??= new Set();
    this.#all.add(entry);
    return () => {
      this.#all?.delete(entry);
    };
  }

  call(): void {
    const all = this.#all;
    this.#all = undefined;
    for (const callback of all === undefined ? [] : [...all]) callback();
  }
}

const listeners = new WeakMap<AbortSignal, Callbacks>();

const nothing = (): void => {};

/**
 * Calls `callback` once when `signal` aborts, at once if it has; returns the way to take it back. However many callbacks
 * there are, the signal has one listener: a signal that a whole program shares gets no leak warning.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return nothing;
  }
  let callbacks = listeners.get(signal);
  if (callbacks === undefined) {
    const added = new Callbacks();
    callbacks = added;
    listeners.set(signal, added);
    signal.addEventListener("abort", () => added.call(), { once: true });
  }
  return callbacks.add(callback);
}

/** A controller that follows other signals until `release()`. */
export interface LinkedSignals {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Stops following. Must be called when the work is over: listeners on a long-lived signal are a leak. */
  release(): void;
}

/** A controller that aborts when one of `signals` does, with the same reason. */
export function linkSignals(...signals: (AbortSignal | undefined)[]): LinkedSignals {
  return new Link(signals);
}

class Link implements LinkedSignals {
  readonly signal: AbortSignal;
  readonly abort: (reason?: unknown) => void;
  readonly release: () => void;

  constructor(signals: readonly (AbortSignal | undefined)[]) {
    const controller = new AbortController();
    const { signal } = controller;
    const callbacks = new Callbacks();
    const undo: (() => void)[] = [];
    this.signal = signal;
    listeners.set(signal, callbacks); // nobody else has the controller
    this.abort = (reason) => {
      if (signal.aborted) return;
      controller.abort(reason);
      callbacks.call();
    };
    this.release = () => {
      for (const remove of undo.splice(0)) remove();
    };
    for (const followed of signals) {
      if (followed === undefined) continue;
      const follow = (): void => {
        this.release();
        this.abort(followed.reason);
      };
      undo.push(onAbort(followed, follow));
      if (signal.aborted) break;
    }
    if (signal.aborted) this.release();
  }
}

/** The promise's result, or a rejection with the signal's reason if that comes first. The work itself goes on. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const forget = onAbort(signal, () => reject(signal.reason));
    promise.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error); // of no effect after an abort: nobody is left to tell
      },
    );
  });
}
