/** One read for all who need it at the same time: a hundred turns that look after their runs ask for the same list. */

import { raceAbort } from "../util/abort.js";
import { monotonic } from "../util/clock.js";
import type { Liveness } from "./liveness.js";
import type { ReadOptions } from "./retry-transient.js";

/** A list is there within this time (ms), unless the server is slow. */
const usual = 1_000;

/**
 * Makes `read` shared. Whoever asks is given an answer to a request that was made after that: one that is under way may be
 * older than what is asked for, so that those who come meanwhile wait for the next one. One that takes unusually long is not
 * waited for: the next one is made beside it.
 */
export function sharedRead<T>(
  read: (call: ReadOptions) => Promise<T>,
  lifetime: AbortSignal,
  liveness: Liveness,
): (call: ReadOptions) => Promise<T> {
  let current: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;
  let began = 0;
  const start = (call: ReadOptions): Promise<T> => {
    const reading = read({ ...call, signal: lifetime });
    began = monotonic();
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
    if (next !== undefined) return raceAbort(next, call.signal);
    const isSlow = monotonic() - began > Math.max(usual, 2 * liveness.latency);
    if (current === undefined || isSlow) return raceAbort(start(call), call.signal);
    next = current.then(() => {
      next = undefined;
      return start(call);
    });
    next.catch(() => {}); // told to those who wait for it, if they still do
    return raceAbort(next, call.signal);
  };
}
