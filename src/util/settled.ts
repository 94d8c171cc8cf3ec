/** Work that is under way: how it has ended, without waiting for it. */
import { linkSignals } from "./abort.js";
import { delay } from "./delay.js";

/** How work has ended. */
export type Settled = { readonly ok: true } | { readonly ok: false; readonly error: unknown };

/** Without a reason of ours each abort makes an error with its stack. */
const over = new Error("the wait is over");

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
    timer.abort(over);
  }
}
