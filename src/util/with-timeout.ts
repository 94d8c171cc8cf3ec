/** A callback of the caller's, with a deadline. */
import { linkedController, orAbort } from "./abort.js";
import { delay } from "./delay.js";

export interface Bounds {
  /** Milliseconds. */
  readonly timeout: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/**
 * What the callback gives. Rejects with what it throws, with an error about its lateness, and with the reason of `signal`; the
 * signal it is given aborts then, and when it has ended.
 */
export async function bounded<T>(
  callback: (context: { readonly signal: AbortSignal }) => T | Promise<T>,
  { timeout, signal }: Bounds,
): Promise<T> {
  const link = linkedController(signal);
  const late = delay(timeout, link.signal).then(() => link.abort(new Error(`no answer within ${timeout} ms`)));
  late.catch(() => {}); // the callback was in time
  try {
    return await orAbort(Promise.resolve(callback({ signal: link.signal })), link.signal);
  } finally {
    link.abort(new Error("the callback has ended"));
    link.release();
  }
}
