/** Measures while the tests run how slow the machine is, and writes it down for `slowness.ts`. */
import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { idleVersionTime, versionTime } from "../../scripts/version-time.js";

/** ms between two measurements: each costs about a second of one processor. */
const pause = 45_000;
/** Of so many last measurements the slowest counts. */
const remembered = 3;

/** Measures once, and then again and again until `stop()`. */
export async function startSpeedometer(binary: string, file: string): Promise<{ stop(): Promise<void> }> {
  const stop = new AbortController();
  const measurements: number[] = [];
  const publish = (ms: number): void => {
    const slowest = Math.max(idleVersionTime, ms, ...measurements);
    writeFileSync(`${file}.new`, (slowest / idleVersionTime).toFixed(2));
    renameSync(`${file}.new`, file); // nobody reads half a number
  };
  const measure = async (): Promise<void> => {
    const begun = performance.now();
    // A machine that has just become slow is known to be before the measurement has come to its end.
    const early = setInterval(() => publish(performance.now() - begun), 1_000);
    const ms = await versionTime(binary, stop.signal).finally(() => clearInterval(early));
    measurements.push(ms);
    measurements.splice(0, measurements.length - remembered);
    publish(0);
  };
  await measure();
  const measuring = (async () => {
    while (!stop.signal.aborted) {
      await delay(pause, undefined, { signal: stop.signal });
      await measure();
    }
  })().catch(() => {}); // it has been stopped, or cannot be run any more: then the last number holds
  return {
    stop: () => {
      stop.abort();
      return measuring;
    },
  };
}
