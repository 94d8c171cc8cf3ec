/**
 * What is written down about a running server, so that a later start can end what was left: when its owner and its
 * watchdog were killed together, nobody else knows of it. No secret is in it.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MachineIdentity, ProcessIdentity } from "../process/process-identity.js";
import { isTag } from "../process/process-tag.js";
import { stateFolder } from "../process/state-folder.js";
import { isRecord, type JsonRecord, numberProperty, stringProperty } from "../util/json.js";

/** One record. */
export interface ServerRecord {
  readonly mark: string;
  readonly machine: MachineIdentity;
  /** Us. */
  readonly owner: ProcessIdentity;
  /** Not there while it starts. */
  readonly server: ProcessIdentity | undefined;
  /** Private folder of the server. */
  readonly folder: string;
}

/** Bytes; ours are under 600. */
export const maxRecordSize = 4_096;

/** Raised when the form changes: a record that is not understood is left alone. */
const form = 1;

/** The folder of the records. By this process's environment: another one for the server must not hide it from the next start. */
export function recordFolder(): string {
  return join(stateFolder(process.env), "servers");
}

/** Path of a record. */
export function recordPath(mark: string): string {
  return join(recordFolder(), `${mark}.json`);
}

/** The mark in the name of a record's file, or of one that was being written; `undefined` for any other. */
export function tagOfFile(name: string): string | undefined {
  const mark = /^(\w+)\.json(\.\d+)?$/.exec(name)?.[1] ?? "";
  return isTag(mark) ? mark : undefined;
}

/**
 * Writes a record in one step, for this user only. At once, so that there is no moment in which an older one could
 * overwrite it. Throws what the file system throws.
 */
export function writeRecord(record: ServerRecord): void {
  const path = recordPath(record.mark);
  const temporary = `${path}.${process.pid}`;
  mkdirSync(recordFolder(), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(temporary, `${JSON.stringify({ form, ...record })}\n`, { mode: 0o600, flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Removes a record, if it is there. Throws what the file system throws. */
export function removeRecord(mark: string): void {
  rmSync(recordPath(mark), { force: true });
}

/** The record in a file that is named by `mark`; `undefined` for a text that is none, or that names another. */
export function parseRecord(text: string, mark: string): ServerRecord | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || value["form"] !== form || value["mark"] !== mark) return undefined;
  const owner = identity(value["owner"], 1); // in a container we may be the first process
  const server = value["server"] === undefined ? undefined : identity(value["server"], 2);
  const folder = stringProperty(value, "folder");
  const machine = machineOf(value["machine"]);
  if (owner === undefined || machine === undefined || folder === undefined) return undefined;
  if (value["server"] !== undefined && server === undefined) return undefined;
  return { mark, machine, owner, server, folder };
}

function identity(value: unknown, lowest: number): ProcessIdentity | undefined {
  const pid = numberProperty(value, "pid") ?? 0;
  const start = stringProperty(value, "start");
  return Number.isSafeInteger(pid) && pid >= lowest && start !== undefined ? { pid, start } : undefined;
}

function machineOf(value: unknown): MachineIdentity | undefined {
  const [host, boot, namespace] = ["host", "boot", "namespace"].map((name) => stringProperty(value, name));
  if (host === undefined || boot === undefined || namespace === undefined) return undefined;
  return { host, boot, namespace };
}

function parseJson(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // half of one, or something else
  }
}
