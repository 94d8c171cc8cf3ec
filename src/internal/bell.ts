/** Waking up a loop from callbacks, without losing a ring that comes while it is busy. */

export interface Bell {
  /** Wakes the waiter, or the next one to wait. */
  ring(): void;
  /** Resolves at the next ring or after `ms`, whatever comes first; rejects with the signal's reason. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const done = (finish: () => void) => (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", abort);
          wake = undefined;
          rung = false;
          finish();
        };
        const abort = done(() => reject(signal.reason));
        const timer = setTimeout(done(resolve), ms);
        signal.addEventListener("abort", abort, { once: true });
        wake = done(resolve);
        if (rung) wake();
      }),
  };
}
