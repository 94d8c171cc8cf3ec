/** Finds the binary for a server that starts: within the start's time limit, and no longer than somebody waits for it. */
import { resolveBinary } from "../binary/resolve.js";
import { ServerStartupTimeoutError } from "../errors.js";
import { linkedController } from "../internal/abort.js";
import { mergeEnvironment } from "./environment.js";
import type { ServerPlan } from "./options.js";
import { startupTimeout } from "./startup-failure.js";

/**
 * Path of the binary.
 * @throws what `resolveBinary` throws, and ServerStartupTimeoutError after `serverTimeout`. No process is left then.
 */
export async function findBinary(plan: ServerPlan, signal: AbortSignal): Promise<string> {
  const waiting = linkedController(signal);
  const timer = setTimeout(() => waiting.abort(startupTimeout(plan.serverTimeout, "")), plan.serverTimeout);
  try {
    const found = await resolveBinary({
      binary: plan.binary,
      env: mergeEnvironment(process.env, plan.env),
      logger: plan.logger, // filters the lines itself
      logLevel: "debug",
      signal: waiting.signal,
    });
    return found.path;
  } catch (error) {
    const { reason } = waiting.signal;
    throw reason instanceof ServerStartupTimeoutError ? reason : error;
  } finally {
    clearTimeout(timer);
    waiting.release();
  }
}
