/** Starts a kept server. Loaded only when one is started. */

import { ConfigError } from "../errors/index.js";
import { identify, thisMachine } from "../process/process-identity.js";
import { newTag } from "../process/process-tag.js";
import { findBinary } from "../server/find-binary.js";
import { resolveServerOptions } from "../server/options.js";
import { removeRecord, writeRecord } from "../server/pid-record.js";
import { createTemporary, removeFolder, temporaryPath } from "../server/private-home.js";
import { StartLimit } from "../server/start-timeout.js";
import { sweep } from "../server/sweep.js";
import type { KeptOptions } from "../types/kept.js";
import { linkSignals } from "../util/abort.js";
import { invalidOption } from "../util/invalid-option.js";
import { prepareKept } from "./prepare.js";
import { type KeptEntry, type KeptPlace, markUse, writeEntry } from "./registry.js";
import { type KeptProcess, startSupervisor } from "./supervisor.js";

/** ms. */
const defaultIdleTimeout = 30 * 60_000;
/** ms; a timer of a shell. */
const longestIdleTimeout = 30 * 24 * 60 * 60_000;

/** Throws as `createOpencodeServer` does; nothing is left running then. To be called by whoever has the lock. */
export async function startKept(place: KeptPlace, options: KeptOptions, digest: string): Promise<KeptEntry> {
  if (process.platform === "win32") {
    throw new ConfigError("a server cannot be kept on Windows", {
      hint: "Start one by `opencode-ts serve` and attach.",
    });
  }
  const idleTimeout = checkIdleTimeout(options.idleTimeout ?? defaultIdleTimeout);
  const plan = resolveServerOptions(serverOptions(place, options));
  void sweep(plan.logger); // beside the start
  const mark = newTag();
  const folder = temporaryPath(mark);
  createTemporary(folder);
  const stop = linkSignals(options.signal);
  const limit = new StartLimit(plan.serverTimeout);
  try {
    const { path: binary, version } = await findBinary(plan, { limit, signal: stop.signal });
    const prepared = await prepareKept(plan, options.config, { version, folder });
    const { entry, use } = place;
    const parts = { ...prepared, binary, mark, folder, entry, use, idleTimeout, limit, signal: stop.signal };
    return await handOver(place, await startSupervisor(parts), {
      mark,
      username: plan.username,
      password: prepared.plan.password,
      directory: place.directory,
      isolation: place.isolation,
      binary,
      idleTimeout,
      options: digest,
      folder,
    });
  } catch (error) {
    await removeFolder(folder).catch(() => {}); // its supervisor has removed it, or will
    throw error;
  } finally {
    limit.stop();
    stop.release();
  }
}

function serverOptions(place: KeptPlace, options: KeptOptions): Parameters<typeof resolveServerOptions>[0] {
  const { protocol, binary, download, onProgress, config, env, port, serverTimeout, signal, logger, logLevel } =
    options;
  const start = { protocol, binary, download, onProgress, config, env, port, serverTimeout, signal, logger, logLevel };
  return { ...start, directory: place.directory, isolation: place.isolation };
}

type Facts = Omit<KeptEntry, "boot" | "url" | "port" | "server" | "supervisor" | "version" | "startedAt" | "notices">;

/** Writes down what was started; from then on it lives without us. */
async function handOver(
  place: KeptPlace,
  started: KeptProcess,
  { folder, ...facts }: Facts & { readonly folder: string },
): Promise<KeptEntry> {
  const [server, supervisor] = await Promise.all([identify(started.pid), identify(started.supervisor)]);
  const machine = thisMachine();
  const { url, port, version, notices } = started;
  const { boot } = machine;
  const entry = { ...facts, boot, url, port, server, supervisor, version, notices, startedAt: Date.now() };
  try {
    // The supervisor is the owner: a sweep ends the server when that one is gone.
    writeRecord({ mark: facts.mark, machine, owner: supervisor, server, folder });
    markUse(place);
    writeEntry(place, entry);
  } catch (error) {
    await started.end();
    removeRecord(facts.mark);
    throw error;
  }
  started.release();
  return entry;
}

function checkIdleTimeout(idleTimeout: unknown): number {
  if (typeof idleTimeout === "number" && idleTimeout >= 100 && idleTimeout <= longestIdleTimeout) return idleTimeout;
  throw invalidOption("idleTimeout", `a number of milliseconds from 100 to ${longestIdleTimeout}`, idleTimeout);
}
