/** Turns file changes into lines. Pure. */

/** One line of a change. */
export interface DiffLine {
  readonly kind: "added" | "removed" | "same" | "gap";
  readonly text: string;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

/** The lines of a unified diff without its headers. */
export function parsePatch(patch: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  let isInHunk = false;
  for (const line of patch.replace(/\n$/, "").split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      if (isInHunk) lines.push({ kind: "gap", text: "" });
      isInHunk = true;
    } else if (!isInHunk || line.startsWith("\\")) {
      // "Index:", "---", "+++", and "\ No newline at end of file"
    } else if (line.startsWith("+")) lines.push({ kind: "added", text: line.slice(1), after: after++ });
    else if (line.startsWith("-")) lines.push({ kind: "removed", text: line.slice(1), before: before++ });
    else lines.push({ kind: "same", text: line.slice(1), before: before++, after: after++ });
  }
  return lines;
}

/** Compares old and new text: equal lines at both ends count as unchanged. */
export function compareTexts(before: string, after: string): DiffLine[] {
  const old = linesOf(before);
  const now = linesOf(after);
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const same = (text: string): DiffLine => ({ kind: "same", text });
  return [
    ...old.slice(0, head).map(same),
    ...old.slice(head, old.length - tail).map((text): DiffLine => ({ kind: "removed", text })),
    ...now.slice(head, now.length - tail).map((text): DiffLine => ({ kind: "added", text })),
    ...old.slice(old.length - tail).map(same),
  ];
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** Counts added and removed lines. */
export function countChanges(lines: readonly DiffLine[]): { added: number; removed: number } {
  const count = (kind: DiffLine["kind"]): number => lines.filter((line) => line.kind === kind).length;
  return { added: count("added"), removed: count("removed") };
}
