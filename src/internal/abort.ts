/** Abort signals: combining them without leaking listeners, and racing work against them. */

/** A controller that follows other signals until `release()`. */
export interface LinkedController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Stops following. Must be called when the work is over: listeners on a long-lived signal are a leak. */
  release(): void;
}

/** A controller that aborts when one of `signals` does, with the same reason. */
export function linkedController(...signals: (AbortSignal | undefined)[]): LinkedController {
  const controller = new AbortController();
  const undo: (() => void)[] = [];
  const release = (): void => {
    for (const remove of undo.splice(0)) remove();
  };
  for (const signal of signals) {
    if (signal === undefined) continue;
    if (signal.aborted) {
      controller.abort(signal.reason);
      break;
    }
    const follow = (): void => {
      release();
      controller.abort(signal.reason);
    };
    signal.addEventListener("abort", follow, { once: true });
    undo.push(() => signal.removeEventListener("abort", follow));
  }
  if (controller.signal.aborted) release();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason), release };
}

/** The promise's result, or a rejection with the signal's reason if that comes first. The work itself goes on. */
export function orAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) {
      promise.catch(() => {}); // its failure has nobody left to tell
      return abort();
    }
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
