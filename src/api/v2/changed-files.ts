/** The files that a step has changed: 2.x sends no event for one (2.0 preview 1.18.18). */
import { isRecord, type JsonRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import { contentOf } from "./message-parts.js";
import type { SessionPlace } from "./message-place.js";
import { absolutePath } from "./tool-names.js";

/** Tools whose result names the files that they have written. */
const writing: ReadonlySet<unknown> = new Set(["write", "edit", "apply_patch", "patch"]);

/** Absolute paths of what a tool call has written, each once. Empty for a call that is not completed. */
export function filesOfTool(item: unknown, { cwd }: SessionPlace): string[] {
  if (!isRecord(item) || !writing.has(item["name"])) return [];
  const state = recordProperty(item, "state");
  if (stringProperty(state, "status") !== "completed") return [];
  const result = { ...recordProperty(state, "structured"), ...recordProperty(state, "metadata") };
  const named = [result, ...listOf(result["files"])].flatMap((file) => {
    return stringProperty(file, "target") ?? stringProperty(file, "resource") ?? stringProperty(file, "file") ?? [];
  });
  return [...new Set(named.map((path) => absolutePath(path, cwd)))];
}

/** What the step's snapshot names beside what its tools have written: a shell line may have changed it. */
export function otherFiles(record: JsonRecord, place: SessionPlace): string[] {
  const written = new Set(contentOf(record).flatMap((item) => filesOfTool(item, place)));
  const files = listOf(property(recordProperty(record, "snapshot"), "files"));
  const paths = files.flatMap((file) => (typeof file === "string" ? absolutePath(file, place.root) : []));
  return paths.filter((path) => !written.has(path));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
