/** The store of approvals without a database: a folder with a JSON file for each entry. */
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OpencodeError } from "../errors/index.js";
import { writeDurably } from "../process/durable-file.js";
import { takeLock } from "../process/file-lock.js";
import { stateFolder } from "../process/state-folder.js";
import { isForgotten } from "../session/approvals/entry.js";
import type { Approval, ApprovalStore } from "../types/approval.js";
import { messageOf } from "../util/error-message.js";
import { isRecord, stringProperty } from "../util/json.js";

/** Another process holds the lock for one read and one write (ms). */
const longestWait = 10_000;

/** Entries that are read at the same time. */
const mostReads = 50;
/** Between two looks for entries that nobody needs (ms). */
const sweepInterval = 3_600_000;

/** The ids that are names of files. */
const idForm = /^apr_[A-Za-z0-9]{1,100}$/;

/** The store of this machine's user: below the state folder, for its owner only. It is made with the first entry. */
export function approvalFiles(folder: string = join(stateFolder(process.env), "approvals")): ApprovalStore {
  const fileOf = (id: string): string => join(folder, `${id}.json`);
  const get = async (id: string): Promise<Approval | undefined> => (idForm.test(id) ? read(fileOf(id)) : undefined);
  return {
    add: async (approval) => {
      await written(fileOf(approval.id), approval);
      await sweep(folder).catch(() => {}); // the next one tries it again
    },
    get,
    list: () => readAll(folder),
    replace: (approval, version) =>
      locked(folder, async () => {
        if ((await get(approval.id))?.version !== version) return false;
        await written(fileOf(approval.id), approval);
        return true;
      }),
    delete: (id) =>
      locked(folder, async () => {
        if (idForm.test(id)) await rm(fileOf(id), { force: true });
      }),
  };
}

async function readAll(folder: string): Promise<Approval[]> {
  const names = ((await readdir(folder).catch(noneIfAbsent)) ?? []).filter((name) =>
    /^apr_[A-Za-z0-9]+\.json$/.test(name),
  );
  const found: Approval[] = [];
  for (let at = 0; at < names.length; at += mostReads) {
    const some = await Promise.all(names.slice(at, at + mostReads).map((name) => read(join(folder, name))));
    found.push(...some.filter((approval) => approval !== undefined));
  }
  return found;
}

/** Removes entries that nobody needs, and files of writers that were killed. The first process of an hour does it. */
async function sweep(folder: string): Promise<void> {
  const mark = join(folder, "swept");
  const now = Date.now();
  const isOld = async (path: string): Promise<boolean> =>
    Math.abs(now - ((await stat(path).catch(noneIfAbsent))?.mtimeMs ?? 0)) > sweepInterval;
  if (!(await isOld(mark))) return;
  await writeFile(mark, `${now}\n`, { mode: 0o600 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.startsWith("new-") && (await isOld(path))) await rm(path, { force: true });
  }
  const forgotten = (await readAll(folder)).filter((approval) => isForgotten(approval, now));
  if (forgotten.length === 0) return;
  await locked(folder, () => Promise.all(forgotten.map(({ id }) => rm(join(folder, `${id}.json`), { force: true }))));
}

/** Does the work while no other process changes an entry. */
async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(join(folder, "lock"), { signal: AbortSignal.timeout(longestWait) }).catch(
    (cause: unknown) => {
      throw new OpencodeError(`the approvals in ${folder} cannot be changed: ${messageOf(cause)}`, { cause });
    },
  );
  try {
    return await work();
  } finally {
    release();
  }
}

/** `undefined` for a file that is not there, or is no entry. */
async function read(path: string): Promise<Approval | undefined> {
  const text = await readFile(path, "utf8").catch(noneIfAbsent);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isApproval(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isApproval(value: unknown): value is Approval {
  const request = isRecord(value) ? value["request"] : undefined;
  if (!isRecord(value) || !isRecord(request)) return false;
  const lists = [request["chain"], request["patterns"]];
  return (
    hasTexts(value, ["id", "state", "createdAt", "fingerprint"]) &&
    typeof value["version"] === "number" &&
    hasTexts(request, ["id", "sessionId", "messageId", "permission"]) &&
    lists.every((list) => Array.isArray(list)) &&
    isRecord(request["metadata"])
  );
}

function hasTexts(value: object, names: readonly string[]): boolean {
  return names.every((name) => stringProperty(value, name) !== undefined);
}

function written(path: string, approval: Approval): Promise<void> {
  return writeDurably(path, `${JSON.stringify(approval, undefined, 2)}\n`);
}

function noneIfAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw new OpencodeError(`the approvals cannot be read: ${messageOf(error)}`, { cause: error });
}
