/** Is the server of an entry still there, and is it ours? */
import { readFileSync } from "node:fs";
import { readHealth } from "../api/protocol.js";
import { createOpencodeClient, type OpencodeClient } from "../client/client.js";
import { type ProcessIdentity, startTime, thisMachine } from "../process/process-identity.js";
import { tagLine } from "../process/process-tag.js";
import { watchdogName } from "../process/process-tree.js";
import { messageOf } from "../util/error-message.js";
import { createLogger, type LoggerOptions } from "../util/logger.js";
import type { KeptEntry } from "./registry.js";

/** A busy server may be slow; ms. A port on which nobody listens is known at once. */
const healthTimeout = 20_000;

/** A client of the kept server. */
export function clientOf(entry: KeptEntry, { logger, logLevel }: LoggerOptions = {}): OpencodeClient {
  const { url: baseUrl, username, password, directory } = entry;
  return createOpencodeClient({ baseUrl, username, password, directory, logger, logLevel });
}

/**
 * Why the entry cannot be used; `undefined` when its server is ours and answers. The processes come first: our password is
 * not sent to a port that somebody else may have by now.
 */
export async function problemOf(entry: KeptEntry, options: LoggerOptions = {}): Promise<string | undefined> {
  const gone = await processProblem(entry);
  if (gone !== undefined) return gone;
  const client = clientOf(entry, options).withOptions({ timeout: healthTimeout, maxRetries: 0 });
  try {
    const { healthy, version } = await readHealth(client);
    if (healthy && version === entry.version) return undefined;
    return `the server says that it is ${healthy ? `release ${version}` : "not healthy"}`;
  } catch (error) {
    createLogger(options).debug(`the kept server does not answer: ${String(error)}`);
    return `the server does not answer: ${messageOf(error)}`;
  }
}

/** What the system says, without a request. */
export async function processProblem({ boot, server, supervisor, mark }: KeptEntry): Promise<string | undefined> {
  if (boot !== thisMachine().boot) return "it was started before the last boot";
  if (!(await isRunning(server))) return `its process ${server.pid} is gone`;
  if (!(await isRunning(supervisor))) return `the process ${supervisor.pid} that ends it is gone`;
  if (!carries(server.pid, "environ", tagLine(mark))) return `the process ${server.pid} is another one`;
  if (!(await hasSupervisor({ supervisor, mark }))) return `the process ${supervisor.pid} is another one`;
  return undefined;
}

/** Is the supervisor there, and no other process? */
export async function hasSupervisor({ supervisor, mark }: Pick<KeptEntry, "supervisor" | "mark">): Promise<boolean> {
  const names = [watchdogName, tagLine(mark)];
  return (await isRunning(supervisor)) && names.every((name) => carries(supervisor.pid, "cmdline", name));
}

/** The same process as it was, not another one with its number. */
export async function isRunning({ pid, start }: ProcessIdentity): Promise<boolean> {
  return start !== "" && (await startTime(pid)) === start && !isZombie(pid);
}

/** One that has ended and was not collected yet still has its number. */
function isZombie(pid: number): boolean {
  try {
    return process.platform === "linux" && /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return true; // gone by now
  }
}

/** Has the process this line in its environment, or this word on its command line? Only Linux tells. */
function carries(pid: number, file: "environ" | "cmdline", text: string): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1").split("\0").includes(text);
  } catch {
    return false; // somebody else's, or gone
  }
}
