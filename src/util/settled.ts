/** Work that is under way: how it has ended, without waiting for it. */
import { linkSignals } from "./abort.js";
import { delay } from "./delay.js";

/** How work has ended. */
export type Settled = { readonly ok: true } | { readonly ok: false; readonly error: unknown };

/** Never rejects: a failure may come when nobody waits any more. */
export function settled(work: Promise<unknown>): Promise<Settled> {
  return work.then(
    () => ({ ok: true as const }),
    (error: unknown) => ({ ok: false as const, error }),
  );
}

/**
 * True as soon as the work has settled, whether it resolved or rejected; false when it has not within `ms`. Never rejects. It
 * takes few microtasks on purpose: `process/on-exit.ts` must raise the signal before the rejection of a start that it has ended
 * reaches the application.
 */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const done = (): boolean => true;
  try {
    return await Promise.race([work.then(done, done), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How it has ended, or `undefined` when it has not within `ms`; rejects with the signal's reason. */
export async function settledBefore(
  outcome: Promise<Settled>,
  ms: number,
  signal?: AbortSignal,
): Promise<Settled | undefined> {
  const timer = linkSignals(signal);
  try {
    return await Promise.race([outcome, delay(ms, timer.signal).then(() => undefined)]);
  } finally {
    timer.release();
    timer.abort();
  }
}
