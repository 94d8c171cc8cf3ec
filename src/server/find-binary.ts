/** Finds the binary for a server that starts: within the start's time limit, and no longer than somebody waits for it. */
import { resolveWith } from "../binary/resolve.js";
import { ServerStartupTimeoutError } from "../errors.js";
import { linkedController } from "../internal/abort.js";
import { mergeEnvironment } from "./environment.js";
import type { ServerPlan } from "./options.js";
import { startupTimeout } from "./startup-failure.js";

/** A binary to start. */
export interface FoundBinary {
  readonly path: string;
  /** Nobody named it: another one may be tried. */
  readonly isFound: boolean;
  /** ms that a download has taken; the start's time limit does not count them. */
  readonly downloadTime: number;
}

/**
 * The binary. With `avoid`, which died of SIGILL: another one.
 * @throws what `resolveBinary` throws, and ServerStartupTimeoutError after `serverTimeout`. No process is left then.
 */
export async function findBinary(plan: ServerPlan, signal: AbortSignal, avoid?: string): Promise<FoundBinary> {
  const waiting = linkedController(signal);
  const timer = setTimeout(() => waiting.abort(startupTimeout(plan.serverTimeout, "")), plan.serverTimeout);
  let downloadStart: number | undefined;
  const onDownload = (): void => {
    clearTimeout(timer); // it has a time limit of its own, and there is nothing left to look for after it
    downloadStart = Date.now();
  };
  try {
    const found = await resolveWith(
      {
        binary: plan.binary,
        download: plan.download,
        onProgress: plan.onProgress,
        env: mergeEnvironment(process.env, plan.env),
        logger: plan.logger, // filters the lines itself
        logLevel: "debug",
        signal: waiting.signal,
      },
      { avoid, onDownload },
    );
    return {
      path: found.path,
      isFound: found.source !== "option" && found.source !== "OPENCODE_BINARY",
      downloadTime: downloadStart === undefined ? 0 : Date.now() - downloadStart,
    };
  } catch (error) {
    const { reason } = waiting.signal;
    throw reason instanceof ServerStartupTimeoutError ? reason : error;
  } finally {
    clearTimeout(timer);
    waiting.release();
  }
}
