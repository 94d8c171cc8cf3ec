/** Requests that are safe to make again, because the server leaves out what it has. */
import { isOutcomeUnknown } from "../client/retry-transient.js";
import { backoff } from "../util/backoff.js";
import { delay } from "../util/delay.js";

const tries = 6;
const firstWait = 200;
const longestWait = 5_000;

/** Makes the request up to six times, until it is answered. Rejects with the last failure, or at once with one that is an answer. */
export async function untilAnswered<T>(request: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const nextWait = backoff(firstWait, longestWait);
  for (let tried = 1; ; tried += 1) {
    try {
      return await request();
    } catch (error) {
      if (!isOutcomeUnknown(error) || tried === tries || signal?.aborted === true) throw error;
      await delay(nextWait(), signal);
    }
  }
}
