/** One read for all who need it at the same time: a hundred turns that look after their runs ask for the same list. */
import { orAbort } from "../internal/abort.js";
import type { ReadOptions } from "./patience.js";

/**
 * Makes `read` shared. Whoever asks is given an answer to a request that was made after that: one that is under way may be
 * older than what is asked for, so that those who come meanwhile wait for the next one. At most one is under way.
 */
export function sharedRead<T>(
  read: (call: ReadOptions) => Promise<T>,
  lifetime: AbortSignal,
): (call: ReadOptions) => Promise<T> {
  let current: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;
  const start = (call: ReadOptions): Promise<T> => {
    const reading = read({ ...call, signal: lifetime });
    current = reading.then(
      () => {},
      () => {},
    );
    const mine = current;
    void mine.then(() => {
      if (current === mine) current = undefined;
    });
    return reading;
  };
  return (call) => {
    if (next !== undefined) return orAbort(next, call.signal);
    if (current === undefined) return orAbort(start(call), call.signal);
    next = current.then(() => {
      next = undefined;
      return start(call);
    });
    next.catch(() => {}); // told to those who wait for it, if they still do
    return orAbort(next, call.signal);
  };
}
