/** Ends what dead processes have left: servers whose owner and watchdog were killed together, and their folders. */
import { lstat, open, opendir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isRunning, type MachineIdentity, thisMachine } from "../process/process-identity.js";
import { carriesTag, signalTagged } from "../process/process-tag.js";
import { killTree } from "../process/process-tree.js";
import { delay } from "../util/delay.js";
import type { LevelLogger } from "../util/logger.js";
import { maxRecordSize, parseRecord, recordFolder, type ServerRecord, tagOfFile } from "./pid-record.js";
import { removeFolder, temporaryName, temporaryRoot } from "./private-home.js";

/** So many files are looked at; what is beyond that comes next time. */
const maxFiles = 1_000;
/** ms after which a record goes that nobody could do anything with: of another container, of another form, broken. */
const shelfLife = 30 * 24 * 60 * 60 * 1_000;
/** ms after which nobody asks a binary for its version any more: that is given up within a minute. */
const probeLife = 10 * 60 * 1_000;
/** ms for processes to go after SIGKILL. */
const waitLimit = 2_000;

let running: Promise<void> | undefined;

/** Looks through the records, once for calls at the same time. Never rejects: what goes wrong is a debug line. */
export function sweep(logger: LevelLogger): Promise<void> {
  // Without a process's start time nothing can be told for sure.
  if (process.platform === "win32") return Promise.resolve();
  running ??= sweepAll(logger)
    .catch((error: unknown) => logger.debug(`the records of servers could not be read: ${String(error)}`))
    .finally(() => {
      running = undefined;
    });
  return running;
}

async function sweepAll(logger: LevelLogger): Promise<void> {
  const machine = thisMachine();
  await forEachFile(recordFolder(), logger, async (path, name) => {
    if (tagOfFile(name) !== undefined) await sweepFile(path, name, machine, logger);
  });
  await forEachFile(tmpdir(), logger, async (path, name) => {
    if (isProbeFolder(name)) await sweepProbeFolder(path);
  });
}

async function forEachFile(
  folder: string,
  logger: LevelLogger,
  work: (path: string, name: string) => Promise<void>,
): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    try {
      await work(path, name);
    } catch (error) {
      if (!isMissing(error)) logger.debug(`${path} could not be dealt with: ${String(error)}`);
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      if (tagOfFile(name) !== undefined || isProbeFolder(name)) names.push(name);
      if (names.length >= maxFiles) break;
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return names;
}

/** Of `src/binary/probe-version.ts`: asking a binary for its version takes a second and has no watchdog. */
function isProbeFolder(name: string): boolean {
  return /^opencode-ts-version-\w{6}$/.test(name);
}

async function sweepProbeFolder(path: string): Promise<void> {
  const stat = await lstat(path);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) return;
  if (Date.now() - stat.mtimeMs > probeLife) await removeFolder(path);
}

async function sweepFile(path: string, name: string, here: MachineIdentity, logger: LevelLogger): Promise<void> {
  const mark = tagOfFile(name);
  const stat = await lstat(path);
  if (mark === undefined || !stat.isFile() || stat.uid !== process.getuid?.()) return;
  const record = name.endsWith(".json") && stat.size <= maxRecordSize ? parseRecord(await read(path), mark) : undefined;
  const isOurs = record !== undefined && !isElsewhere(record.machine, here);
  if (isOurs && record.machine.boot === here.boot) {
    if (await isRunning(record.owner)) return;
    if (!(await endLeft(record, logger))) return;
  }
  const isDone = isOurs && (await removeLeft(record));
  if (isDone || Date.now() - stat.mtimeMs > shelfLife) await rm(path, { force: true });
}

/** At most as much as a record may have, whatever the file has become since it was looked at. */
async function read(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxRecordSize), 0, maxRecordSize, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** On another machine that shares the home, or in another container: its process numbers mean nothing here. */
function isElsewhere(there: MachineIdentity, here: MachineIdentity): boolean {
  if (there.host !== here.host) return true;
  return there.boot === here.boot && there.namespace !== here.namespace;
}

/** Ends the server and what carries its mark. False when something does not go: the next start tries again. */
async function endLeft({ mark, server }: ServerRecord, logger: LevelLogger): Promise<boolean> {
  // A record may name any process; the mark in the environment of one was put there by us.
  if (server !== undefined && server.start !== "" && (await isRunning(server)) && carriesTag(server.pid, mark)) {
    logger.info(`ending the opencode server (process ${server.pid}) of a process that is gone`);
    killTree(server.pid);
  }
  const end = Date.now() + waitLimit;
  while (signalTagged(mark, "SIGKILL")) {
    if (Date.now() > end) return false;
    await delay(50);
  }
  return true;
}

/** Removes the private folder: only one that is named by the mark, and only from the temporary folder. False when it stays. */
async function removeLeft({ mark, folder }: ServerRecord): Promise<boolean> {
  if (basename(folder) !== temporaryName(mark)) return true; // not ours, whoever wrote that
  try {
    const stat = await lstat(folder);
    if (!stat.isDirectory() || stat.uid !== process.getuid?.()) return true;
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
  if (dirname(folder) !== temporaryRoot()) return false; // a start with the same TMPDIR removes it
  await removeFolder(folder);
  return true;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
