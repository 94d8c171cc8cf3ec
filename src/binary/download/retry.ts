/** What is worth another try, and when. */
import { BinaryDownloadError } from "../../errors/index.js";
import { delay } from "../../util/delay.js";
import { messageOf } from "../../util/error-message.js";
import type { LevelLogger } from "../../util/logger.js";
import type { DownloadLimits } from "./limits.js";

export interface TriesParts {
  readonly limits: DownloadLimits;
  readonly logger: LevelLogger;
  readonly signal: AbortSignal;
}

/**
 * Does `work` until it succeeds, fails for good, or has failed `tries` times. After a try that has come on by `step`
 * bytes, as `progress` tells, counting begins anew: a line that is cut every few megabytes gets there, too.
 */
export async function withTries<T>(
  { limits, logger, signal }: TriesParts,
  work: () => Promise<T>,
  progress: () => number = () => 0,
): Promise<T> {
  let counted = progress();
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (progress() - counted >= limits.step) {
        counted = progress();
        failures = 1;
      }
      if (!isTransientDownload(error) || failures >= limits.tries) throw error;
      logger.debug(`trying again: ${messageOf(error)}`);
      // Doubled, less up to half at random: many processes must not come back at once.
      await delay(limits.pause * 2 ** (failures - 1) * (1 - Math.random() / 2), signal);
    }
  }
}

/** True for failures that another try may not meet. */
export function isTransientDownload(error: unknown): boolean {
  if (!(error instanceof BinaryDownloadError)) return false;
  if (error.reason === "http") return error.status === 408 || (error.status ?? 0) >= 500;
  return ["connection", "timeout", "truncated"].includes(error.reason);
}
