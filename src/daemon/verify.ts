/** Is the server of an entry still there, and is it ours? */
import { readHealth } from "../api/protocol.js";
import { protocolOf } from "../binary/version.js";
import { createOpencodeClient, type OpencodeClient } from "../client/client.js";
import { isRunning, type ProcessIdentity, thisMachine } from "../process/process-identity.js";
import { carriesTag } from "../process/process-tag.js";
import { isNamed, supervisorName } from "../process/process-tree.js";
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
    const { healthy, version } = await readHealth(client, protocolOf(entry.version));
    if (healthy && version === entry.version) return undefined;
    return `the server says that it is ${healthy ? `release ${version}` : "not healthy"}`;
  } catch (error) {
    createLogger(options).debug(`the kept server does not answer: ${String(error)}`);
    return `the server does not answer: ${messageOf(error)}`;
  }
}

/** What the system says, without a request. */
export async function processProblem(entry: KeptEntry): Promise<string | undefined> {
  const { boot, server, supervisor, mark } = entry;
  if (boot !== thisMachine().boot) return "it was started before the last boot";
  if (!(await isKnownToRun(server))) return `its process ${server.pid} is gone`;
  if (!(await isKnownToRun(supervisor))) return `the process ${supervisor.pid} that ends it is gone`;
  if (!carriesTag(server.pid, mark)) return `the process ${server.pid} is another one`;
  if (!(await hasSupervisor(entry))) return `the process ${supervisor.pid} is another one`;
  return undefined;
}

/** Is the supervisor there, and no other process? */
export async function hasSupervisor({
  supervisor,
  server,
}: Pick<KeptEntry, "supervisor" | "server">): Promise<boolean> {
  return (await isKnownToRun(supervisor)) && isNamed(supervisor.pid, `${supervisorName} of ${server.pid}`);
}

/** Without the time of its start nothing is believed: the entry has a password. */
export async function isKnownToRun(identity: ProcessIdentity): Promise<boolean> {
  return identity.start !== "" && (await isRunning(identity));
}
