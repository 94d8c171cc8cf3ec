/** Measures while the tests run how slow the machine is, and writes it down for `slowness.ts`. */
import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { probeVersion } from "../../src/binary/probe-version.js";

/** ms that `opencode --version` takes on the idle machine for which the limits of the tests are chosen. */
const idle = 550;
/** ms between two measurements: each costs about a second of one processor. */
const pause = 45_000;
/** Of so many last measurements the slowest counts. */
const remembered = 3;
/** ms; a machine that needs longer is not slow but stuck. */
const longest = 300_000;

/** Measures once, and then again and again until `stop()`. */
export async function startSpeedometer(binary: string, file: string): Promise<{ stop(): Promise<void> }> {
  const stop = new AbortController();
  const measurements: number[] = [];
  const publish = (ms: number): void => {
    const slowest = Math.max(idle, ms, ...measurements);
    writeFileSync(`${file}.new`, (slowest / idle).toFixed(2));
    renameSync(`${file}.new`, file); // nobody reads half a number
  };
  const measure = async (): Promise<void> => {
    const begun = performance.now();
    const elapsed = (): number => performance.now() - begun;
    // A machine that has just become slow is known to be before the measurement has come to its end.
    const early = setInterval(() => publish(elapsed()), 1_000);
    const options = { env: process.env, privateHome: true, timeout: longest, signal: stop.signal };
    const { reason } = await probeVersion(binary, options);
    clearInterval(early);
    if (stop.signal.aborted) return;
    if (reason !== undefined) throw new Error(`the machine's speed cannot be measured: ${reason}`);
    measurements.push(elapsed());
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
