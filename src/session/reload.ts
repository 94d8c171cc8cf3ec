/** Makes the server take up changed configuration files of a directory, without harm to runs. */
import type { AgentApi } from "../api/agent-api.js";
import type { ApiCall } from "../api/inputs.js";
import { type RetryOptions, retryTransient } from "../client/retry-transient.js";
import { optionNames } from "../types/option-names.js";
import type { ReloadOptions } from "../types/session-options.js";
import { linkSignals, raceAbort } from "../util/abort.js";
import { checkOptions } from "../util/check-options.js";
import { delay } from "../util/delay.js";
import { checkSignal } from "../util/invalid-option.js";
import type { Connection } from "./context.js";
import { holdTurns } from "./reload-gate.js";
import { takePlace } from "./session-lock.js";
import { toAbortError } from "./turn/abort-error.js";

/** Between two looks whether something runs, in ms. */
const firstWait = 50;
const longestWait = 1_000;
/** For the reload itself, in ms: the server ends MCP servers and starts them again. */
const reloadTimeout = 60_000;

/**
 * Waits for the runs of the directory, of all clients, and reloads it. Turns that are asked meanwhile wait.
 */
export async function reloadDirectory(connection: Connection, options: ReloadOptions): Promise<void> {
  checkOptions(options, optionNames.reload, "reload()");
  checkSignal(options.signal);
  const { client, lifetime, reconnectTimeout } = connection;
  if (lifetime.aborted) throw lifetime.reason;
  const stop = linkSignals(options.signal, lifetime);
  const { signal } = stop;
  const retryOptions = { signal, retryTimeout: reconnectTimeout, liveness: connection.api.liveness };
  try {
    const given = options.directory === undefined ? undefined : connection.resolveDirectory(options.directory);
    const { api } = connection.scope(given ?? client.directory);
    const directory = given ?? client.directory ?? (await ownDirectory(api));
    const { before, leave } = takePlace(`${client.baseUrl} reload`, "queue");
    try {
      if (before !== undefined) await raceAbort(before, signal);
      // The server says what it lacks: nothing is waited for.
      if (!api.capabilities.reloadsDirectories) await api.server.disposeDirectory({ directory, signal });
      await reloadNow(api, directory, () => connection.renew(directory), retryOptions);
      // The next use loads it: a configuration that cannot be read is told here.
      await retryTransient((call) => api.catalog.agents(call), {
        ...retryOptions,
        answeredRetryTimeout: reloadTimeout,
      });
    } finally {
      leave();
    }
  } catch (error) {
    if (lifetime.aborted) throw lifetime.reason;
    if (options.signal?.aborted === true) throw toAbortError(options.signal.reason, {});
    throw error;
  } finally {
    stop.release();
  }
}

async function ownDirectory({ catalog }: AgentApi): Promise<string> {
  return (await catalog.paths()).directory;
}

/** `renew` brings back what the directory had: the turns that are held back find it. */
async function reloadNow(
  api: AgentApi,
  directory: string,
  renew: () => Promise<void>,
  retryOptions: RetryOptions,
): Promise<void> {
  const { signal } = retryOptions;
  const { disposesDirectories } = api.capabilities;
  const held = holdTurns(api.address, disposesDirectories ? directory : undefined);
  try {
    const call: ApiCall = { directory, signal, timeout: reloadTimeout, maxRetries: 0 };
    for (let wait = firstWait; ; ) {
      await held.whenOver(signal);
      if (await retryTransient((look) => isBusy(api, { ...look, directory }), retryOptions)) {
        await delay(wait, signal);
        wait = Math.min(2 * wait, longestWait);
      } else if (held.close()) break; // otherwise a turn has passed during the look
    }
    // At once: what another process begins now would be aborted.
    await api.server.disposeDirectory(call);
    await raceAbort(renew(), signal);
  } finally {
    held.release();
  }
}

/** Where all directories are reloaded together, a run in any of them counts. */
async function isBusy(api: AgentApi, call: ApiCall): Promise<boolean> {
  if (!api.capabilities.disposesDirectories) {
    const statuses = Object.values(await api.sessions.statuses(call));
    if (statuses.some(({ type }) => type !== "idle")) return true;
  }
  return api.server.isDirectoryInUse(call);
}
