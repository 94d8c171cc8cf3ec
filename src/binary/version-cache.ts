/** Remembers across processes which version a file is: asking the agent costs half a second. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord, recordProperty, stringProperty } from "../util/json.js";
import { parseVersion } from "./version.js";

/** A file's content, as far as it can be told without reading it. */
export interface FileIdentity {
  /** With all links resolved. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Of the content, ms since 1970. Files unpacked from an npm package all carry the same one, hence `ctimeMs`. */
  readonly mtimeMs: number;
  /** Of the file's last change of any kind, ms since 1970. */
  readonly ctimeMs: number;
}

const fileName = "versions.json";
const maxEntries = 100;

/** The version stored for exactly this file; `undefined` when there is none, or the store cannot be read. */
export async function recallVersion(folder: string, file: FileIdentity): Promise<string | undefined> {
  const entry = recordProperty(await load(folder), file.path);
  const same = entry?.["size"] === file.size && entry["mtimeMs"] === file.mtimeMs && entry["ctimeMs"] === file.ctimeMs;
  return same ? parseVersion(stringProperty(entry, "version") ?? "") : undefined;
}

/**
 * Stores a version. Never fails: a folder that cannot be written costs the next process half a second, nothing else. The
 * file is replaced in one step, so that a reader never sees half of it; of two writers at once one entry may be lost.
 */
export async function rememberVersion(folder: string, file: FileIdentity, version: string): Promise<void> {
  const { path, size, mtimeMs, ctimeMs } = file;
  const others = Object.entries(await load(folder)).filter(([known]) => known !== path);
  const entries = [...others.slice(1 - maxEntries), [path, { size, mtimeMs, ctimeMs, version }]];
  const temporary = join(folder, `${fileName}.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(temporary, `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`, { mode: 0o600 });
    await rename(temporary, join(folder, fileName));
  } catch {
    await rm(temporary, { force: true }).catch(() => {}); // read-only or full: there is nothing to clean up either
  }
}

async function load(folder: string): Promise<Record<string, unknown>> {
  try {
    const stored: unknown = JSON.parse(await readFile(join(folder, fileName), "utf8"));
    return isRecord(stored) ? stored : {};
  } catch {
    return {}; // absent, unreadable or broken: the next write makes it anew
  }
}
