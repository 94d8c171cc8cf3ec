/** Starts a server as often as it makes sense. */
import { delay } from "../util/delay.js";
import { messageOf } from "../util/error-message.js";
import type { ResolvedServerOptions } from "./options.js";
import { freePort } from "./port.js";
import { mayStartAgain } from "./startup-failure.js";

/** Starts, the first one included. */
const maxStarts = 4;

/** The options that a port and its log come from. */
type StartPlan = Pick<ResolvedServerOptions, "hostname" | "port" | "logger">;

/**
 * Starts it by `startOnce`, on the port that is wanted or a free one; again, up to three times, when the port was taken in the
 * moment between finding and using it or another server held the database. Rejects with the last failure, and with the reason
 * of `signal`.
 */
export async function startWithRetries<T>(
  { hostname, port, logger }: StartPlan,
  signal: AbortSignal,
  startOnce: (port: number) => Promise<T>,
): Promise<T> {
  for (let start = 1; ; start += 1) {
    try {
      return await startOnce(await freePort(hostname, port ?? 0));
    } catch (error) {
      if (start >= maxStarts || !mayStartAgain(error, port === undefined)) throw error;
      logger.debug(`starting the server again: ${messageOf(error)}`);
      await delay(100 + Math.random() * 200 * start, signal);
    }
  }
}
