/** A unified patch of one file, with one hunk: from the first line that differs to the last. */
import type { FileChange, FileDiff } from "../types.js";

export function diffOf({ file, before, after }: FileChange, context = 3): FileDiff {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const removed = old.slice(start, old.length - end);
  const added = now.slice(start, now.length - end);
  const lead = old.slice(Math.max(0, start - context), start);
  const trail = old.slice(old.length - end, old.length - end + context);
  const from = start - lead.length + 1;
  const length = (changed: readonly string[]): number => lead.length + changed.length + trail.length;
  const lines = [
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -${from},${length(removed)} +${from},${length(added)} @@`,
    ...lead.map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...trail.map((line) => ` ${line}`),
  ];
  const status = before === null ? "added" : after === null ? "deleted" : "modified";
  return { file, patch: `${lines.join("\n")}\n`, additions: added.length, deletions: removed.length, status };
}

function linesOf(text: string | null): string[] {
  if (text === null || text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}
