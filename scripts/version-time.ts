/** The unit in which this repository measures time: what `opencode --version` takes on this machine at this moment. */
import { probeVersion } from "../src/binary/probe-version.js";

/** ms of it on the idle machine on which the limits of the tests were chosen. */
export const idleVersionTime = 550;

/** ms without a sign of life; a machine that needs longer is not slow but stuck. */
const longest = 300_000;

/** ms that it takes now, in a home of its own. Rejects when it fails, also by the signal. */
export async function versionTime(binary: string, signal?: AbortSignal): Promise<number> {
  const begun = performance.now();
  const options = { env: process.env, privateHome: true, timeout: longest, signal };
  const { reason } = await probeVersion(binary, options);
  if (reason !== undefined) throw new Error(`the speed of the machine cannot be measured: ${reason}`);
  return performance.now() - begun;
}
