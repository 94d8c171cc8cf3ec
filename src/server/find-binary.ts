/** Finds the binary for a server that starts: within the start's time limit, and no longer than somebody waits for it. */
import { resolveWith } from "../binary/resolve.js";
import { ServerStartupTimeoutError } from "../errors/index.js";
import { linkSignals } from "../util/abort.js";
import { mergeEnvironment } from "./environment.js";
import type { ResolvedServerOptions } from "./options.js";
import type { StartLimit } from "./start-timeout.js";

/** A binary to start. */
export interface FoundBinary {
  readonly path: string;
  /** The release that it reports. */
  readonly version: string;
  /** Nobody named it: another one may be tried. */
  readonly isFound: boolean;
}

/** What a search needs besides the options. */
export interface FindParts {
  /** Of the start. It stands still during a download, which has limits of its own. */
  readonly limit: StartLimit;
  /** Ends the search. */
  readonly signal: AbortSignal;
  /** Died of SIGILL: another binary is looked for. */
  readonly avoid?: string | undefined;
}

/** @throws what `resolveBinary` throws, and ServerStartupTimeoutError when the limit is reached. No process is left then. */
export async function findBinary(
  plan: ResolvedServerOptions,
  { limit, signal, avoid }: FindParts,
): Promise<FoundBinary> {
  const waiting = linkSignals(signal, limit.signal);
  try {
    const found = await resolveWith(
      {
        protocol: plan.protocol,
        binary: plan.binary,
        download: plan.download,
        onProgress: plan.onProgress,
        env: mergeEnvironment(process.env, plan.env),
        logger: plan.logger, // filters the lines itself
        logLevel: "debug",
        signal: waiting.signal,
      },
      { avoid, onDownload: limit.pause, onLife: limit.sign },
    );
    return {
      path: found.path,
      version: found.version,
      isFound: found.source !== "option" && found.source !== "OPENCODE_BINARY",
    };
  } catch (error) {
    const { reason } = waiting.signal;
    throw reason instanceof ServerStartupTimeoutError ? reason : error;
  } finally {
    limit.resume();
    waiting.release();
  }
}
