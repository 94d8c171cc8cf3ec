/** Calls a function of the caller within its time limit. The turn's time without progress stands meanwhile. */
import type { CallbackContext } from "../../types/request.js";
import { withTimeout } from "../../util/with-timeout.js";
import type { ResponderOptions } from "./responder-options.js";

/** `signal` ends the call, as the end of the turn does. Rejects after `callbackTimeout` ms. */
export async function timedCallback<T>(
  { callbackTimeout: timeout, onPending, signal: turnSignal }: ResponderOptions,
  callback: (context: CallbackContext) => T | Promise<T>,
  signal: AbortSignal = turnSignal,
): Promise<T> {
  onPending(1);
  try {
    return await withTimeout(callback, { timeout, signal });
  } finally {
    onPending(-1);
  }
}
