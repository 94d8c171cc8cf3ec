/** What a step changed: the files of a git repository before and after it. Elsewhere nothing is recorded. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gitRoot } from "../state/locations.js";
import type { FileChange, FileDiff, SessionRecord } from "../types.js";
import { diffOf } from "./patch.js";

/** Text of each file, by its path from the root. */
export type Snapshot = ReadonlyMap<string, string>;

const most = { files: 2_000, bytes: 200_000 };

/** `undefined` outside a repository. */
export function takeSnapshot(directory: string): Snapshot | undefined {
  const root = gitRoot(directory);
  if (root === undefined) return undefined;
  const files = new Map<string, string>();
  collect(root, "", files);
  return files;
}

export function nameOf(snapshot: Snapshot | undefined): string | undefined {
  if (snapshot === undefined) return undefined;
  return createHash("sha1")
    .update(JSON.stringify([...snapshot]))
    .digest("hex");
}

export function changesBetween(before: Snapshot | undefined, after: Snapshot | undefined): FileChange[] {
  if (before === undefined || after === undefined) return [];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((file) => {
    const change = { file, before: before.get(file) ?? null, after: after.get(file) ?? null };
    return change.before === change.after ? [] : [change];
  });
}

/** The changes of these messages as one: the first state and the last one of each file. */
export function mergedChanges(record: SessionRecord, messageIds: readonly string[]): FileChange[] {
  const merged = new Map<string, FileChange>();
  for (const change of messageIds.flatMap((id) => record.changes[id] ?? [])) {
    const first = merged.get(change.file);
    merged.set(change.file, {
      file: change.file,
      before: first === undefined ? change.before : first.before,
      after: change.after,
    });
  }
  return [...merged.values()].filter(({ before, after }) => before !== after);
}

export function diffsOf(changes: readonly FileChange[], context?: number): FileDiff[] {
  return changes.map((change) => diffOf(change, context));
}

/** Gives each file the state before or after its change. */
export function restore(directory: string, changes: readonly FileChange[], state: "before" | "after"): void {
  const root = gitRoot(directory);
  if (root === undefined) return;
  for (const change of changes) {
    const path = join(root, change.file);
    const text = change[state];
    if (text === null) rmSync(path, { force: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}

function collect(root: string, folder: string, files: Map<string, string>): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === ".git" || entry.name === "node_modules" || files.size >= most.files) continue;
    if (entry.isDirectory()) collect(root, path, files);
    else if (entry.isFile() && statSync(join(root, path)).size <= most.bytes) {
      files.set(path, readFileSync(join(root, path), "utf8"));
    }
  }
}
