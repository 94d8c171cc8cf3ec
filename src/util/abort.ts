/** Abort signals: combining them without leaking listeners, and racing work against them. */

const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` once when `signal` aborts, at once if it has; returns the way to take it back. However many callbacks
 * there are, the signal has one listener: a signal that a whole program shares gets no leak warning.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback();
    return () => {};
  }
  const known = listeners.get(signal);
  const callbacks = known ?? new Set();
  // A wrapper, so that the same function can be there twice.
  const entry = (): void => callback();
  callbacks.add(entry);
  if (known === undefined) {
    listeners.set(signal, callbacks);
    signal.addEventListener(
      "abort",
      () => {
        listeners.delete(signal);
        for (const call of [...callbacks]) call();
        callbacks.clear();
      },
      { once: true },
    );
  }
  return () => {
    callbacks.delete(entry);
  };
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
  const controller = new AbortController();
  const undo: (() => void)[] = [];
  const release = (): void => {
    for (const remove of undo.splice(0)) remove();
  };
  for (const signal of signals) {
    if (signal === undefined) continue;
    undo.push(
      onAbort(signal, () => {
        release();
        controller.abort(signal.reason);
      }),
    );
    if (controller.signal.aborted) break;
  }
  if (controller.signal.aborted) release();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason), release };
}

/** The promise's result, or a rejection with the signal's reason if that comes first. The work itself goes on. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) promise.catch(() => {}); // its failure has nobody left to tell
    const forget = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(forget);
  });
}
