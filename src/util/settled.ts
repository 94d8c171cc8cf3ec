/** Work that is under way: how it has ended, without waiting for it. */
import { onAbort } from "./abort.js";

/** How work has ended. */
export type Settled = { readonly ok: true } | { readonly ok: false; readonly error: unknown };

/** Never rejects: a failure may come when nobody waits any more. */
export function settled(work: Promise<unknown>): Promise<Settled> {
  return work.then(
    () => ({ ok: true as const }),
    (error: unknown) => ({ ok: false as const, error }),
  );
}

/** True as soon as the work has settled, whether it resolved or rejected; false when it has not within `ms`. Never rejects. */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  return (await settledBefore(settled(work), ms)) !== undefined;
}

/** How it has ended, or `undefined` when it has not within `ms`; rejects with the signal's reason. */
export function settledBefore(
  outcome: Promise<Settled>,
  ms: number,
  signal?: AbortSignal,
): Promise<Settled | undefined> {
  return new Promise((resolve, reject) => {
    let forget = (): void => {};
    const timer = setTimeout(() => {
      forget();
      resolve(undefined);
    }, ms);
    void outcome.then((result) => {
      clearTimeout(timer);
      forget();
      resolve(result);
    });
    if (signal === undefined) return;
    forget = onAbort(signal, () => {
      clearTimeout(timer);
      queueMicrotask(() => reject(signal.reason)); // work that has ended goes first
    });
  });
}
