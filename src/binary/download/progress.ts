/** Tells how far a download is: often enough to look alive, seldom enough to cost nothing. */

import type { DownloadProgress } from "../../types/download.js";
import { detachedCallback } from "../../util/detached-callback.js";
import { messageOf } from "../../util/error-message.js";
import type { LevelLogger } from "../../util/logger.js";

/** Told of every piece. */
export interface ProgressMeter {
  /** `bytes` are here by now. `isLast` is told in any case. */
  at(bytes: number, isLast?: boolean): void;
}

/** ms between two reports, and of which the rate is the average. */
const [between, window] = [100, 5_000];

export interface MeterOptions {
  readonly version: string;
  readonly total: number | undefined;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
  readonly logger: LevelLogger;
}

export function progressMeter({ version, total, onProgress, logger }: MeterOptions): ProgressMeter {
  let samples: { readonly time: number; readonly bytes: number }[] = [];
  let reported = Number.NEGATIVE_INFINITY;
  const report = (bytes: number, rate: number): void => {
    // Whoever draws a bar badly shall have the file all the same.
    detachedCallback(
      () => onProgress?.({ version, bytes, total, rate }),
      (error) => logger.warn(`onProgress has thrown: ${messageOf(error)}`),
    );
  };
  return {
    at: (bytes, isLast = false) => {
      const time = performance.now();
      if (bytes < (samples.at(-1)?.bytes ?? 0)) samples = []; // it began anew
      if (!isLast && time - reported < between) return;
      reported = time;
      samples = [...samples.filter((sample) => time - sample.time < window), { time, bytes }];
      const [first] = samples;
      const elapsed = first === undefined ? 0 : time - first.time;
      report(bytes, first === undefined || elapsed === 0 ? 0 : Math.round(((bytes - first.bytes) * 1_000) / elapsed));
    },
  };
}
