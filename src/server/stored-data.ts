/** Sizes of the agent's stored data on this machine: in the user's home, or in a private home. */
import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { StoredData } from "../types/stored-data.js";
import { checkOptions } from "../util/check-options.js";
import { checkIsolation } from "./options.js";

/** So many files of one kind are counted; `isWhole` says whether there are more. */
const maxFiles = 50_000;

/** `measureData()` of the package. */
export async function measureData(options: { readonly home?: string | undefined } = {}): Promise<StoredData[]> {
  checkOptions(options, { home: true }, "measureData()");
  const { home } = options;
  const folder = home === undefined ? dataFolder(process.env) : dataFolderOf(absolute(home));
  const database = home === undefined ? databaseOf(folder, process.env["OPENCODE_DB"]) : join(folder, "opencode.db");
  return Promise.all([
    measure("database", database, [database, `${database}-wal`, `${database}-shm`]),
    measure("log", join(folder, "log"), [join(folder, "log")]),
    measure("snapshots", join(folder, "snapshot"), [join(folder, "snapshot")]),
    measure("tool output", join(folder, "tool-output"), [join(folder, "tool-output")]),
    temporary(),
  ]);
}

function absolute(home: string): string {
  const isolation = checkIsolation({ home });
  return typeof isolation === "string" ? home : isolation.home;
}

/** As the agent finds it (1.18.33, on every system). */
function dataFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env["XDG_DATA_HOME"] || join(env["HOME"] || homedir(), ".local", "share"), "opencode");
}

function dataFolderOf(home: string): string {
  return join(home, ".local", "share", "opencode");
}

function databaseOf(folder: string, named: string | undefined): string {
  if (named === undefined || named === "") return join(folder, "opencode.db");
  return isAbsolute(named) ? named : join(folder, named);
}

/** What agents leave in the system's temporary folder that were not started by us; and ours, which go with their servers. */
async function temporary(): Promise<StoredData> {
  const folder = tmpdir();
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => /^opencode(?![\w-]*test)/.test(name) || isUnpacked(name));
  return measure(
    "temporary files",
    folder,
    left.map((name) => join(folder, name)),
  );
}

/** Of the agent's runtime, see `environment.ts`. */
function isUnpacked(name: string): boolean {
  return /^\.[0-9a-f]{8,}-[0-9a-f]{8}\.(so|dylib|dll|node)$/.test(name);
}

async function measure(name: StoredData["name"], path: string, paths: readonly string[]): Promise<StoredData> {
  const tally = { bytes: 0, files: 0 };
  for (const one of paths) await add(one, tally);
  return { name, path, bytes: tally.bytes, files: tally.files, isWhole: tally.files < maxFiles };
}

/** Links are not followed. */
async function add(path: string, tally: { bytes: number; files: number }): Promise<void> {
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined && tally.files < maxFiles; next = waiting.pop()) {
    const entries = await entriesOf(next);
    if (entries === undefined) await addFile(next, tally);
    for (const entry of entries ?? []) waiting.push(join(String(next), entry.name));
  }
}

/** Entries of a folder; `undefined` for a path that is no folder. */
async function entriesOf(path: string): Promise<Dirent[] | undefined> {
  try {
    if (!(await lstat(path)).isDirectory()) return undefined;
    return await readdir(path, { withFileTypes: true });
  } catch {
    return undefined; // not there, not for us, or just gone
  }
}

async function addFile(path: string, tally: { bytes: number; files: number }): Promise<void> {
  try {
    const stat = await lstat(path);
    if (!stat.isFile()) return;
    tally.files += 1;
    tally.bytes += stat.size;
  } catch {
    // Not there, or just gone.
  }
}
