/** Work with a deadline. */
import { linkSignals, raceAbort } from "./abort.js";
import { delay } from "./delay.js";
import { asCallback } from "./open-callbacks.js";

export interface TimeoutOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

type Work<T> = (context: { readonly signal: AbortSignal }) => Promise<T>;

/** As {@link withDeadline}, for a callback of the application, which counts as open while it runs. */
export function withTimeout<T>(
  callback: (context: { readonly signal: AbortSignal }) => T | Promise<T>,
  options: TimeoutOptions,
): Promise<T> {
  return withDeadline((context) => asCallback(() => callback(context)), options);
}

/**
 * What the work gives. Rejects with what it throws, with an error about its lateness, and with the reason of `signal`; the
 * signal it is given aborts then, and when it has ended.
 */
export async function withDeadline<T>(work: Work<T>, { timeout, signal }: TimeoutOptions): Promise<T> {
  const link = linkSignals(signal);
  const late = delay(timeout, link.signal).then(() => link.abort(new Error(`no answer within ${timeout} ms`)));
  late.catch(() => {}); // the work was in time
  try {
    return await raceAbort(work({ signal: link.signal }), link.signal);
  } finally {
    link.abort(new Error("the work has ended"));
    link.release();
  }
}
