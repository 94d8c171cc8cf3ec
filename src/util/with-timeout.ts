/** A callback of the caller's, with a deadline. */
import { linkSignals, raceAbort } from "./abort.js";
import { delay } from "./delay.js";
import { asCallback } from "./open-callbacks.js";

export interface TimeoutOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/**
 * What the callback gives. Rejects with what it throws, with an error about its lateness, and with the reason of `signal`; the
 * signal it is given aborts then, and when it has ended.
 */
export async function withTimeout<T>(
  callback: (context: { readonly signal: AbortSignal }) => T | Promise<T>,
  { timeout, signal }: TimeoutOptions,
): Promise<T> {
  const link = linkSignals(signal);
  const late = delay(timeout, link.signal).then(() => link.abort(new Error(`no answer within ${timeout} ms`)));
  late.catch(() => {}); // the callback was in time
  try {
    return await raceAbort(
      asCallback(() => callback({ signal: link.signal })),
      link.signal,
    );
  } finally {
    link.abort(new Error("the callback has ended"));
    link.release();
  }
}
