/** Waking up a loop from callbacks, without losing a ring that comes while it is busy. */

import { onAbort } from "./abort.js";

export interface Notifier {
  /** Wakes the waiter, or the next one to wait. */
  notify(): void;
  /** Resolves at the next ring or after `ms`, whatever comes first; rejects with the signal's reason. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createNotifier(): Notifier {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    notify: () => {
      rung = true;
      wake?.();
    },
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        let forget = (): void => {};
        const done = (finish: () => void) => (): void => {
          clearTimeout(timer);
          forget();
          wake = undefined;
          rung = false;
          finish();
        };
        const timer = setTimeout(done(resolve), ms);
        forget = onAbort(
          signal,
          done(() => reject(signal.reason)),
        );
        if (signal.aborted) return;
        wake = done(resolve);
        if (rung) wake();
      }),
  };
}
