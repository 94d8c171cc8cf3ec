/** A unified diff for readers. Pure. */
import { printable, type Style } from "./style.js";

/** Longer ones are cut: lines. */
const mostLines = 60;

/** The lines of a unified diff, coloured, without its file headers, and cut when there are many. */
export function diffLines(diff: string, style: Style, most: number = mostLines): string[] {
  const lines = printable(diff)
    .split("\n")
    .filter((line) => !/^(Index: |=====|--- |\+\+\+ |diff |\\ No newline)/.test(line) && line !== "");
  const shown = lines.slice(0, most).map((line) => colored(line, style));
  if (lines.length > most) shown.push(style.dim(`… ${lines.length - most} more lines`));
  return shown;
}

function colored(line: string, style: Style): string {
  if (line.startsWith("+")) return style.green(line);
  if (line.startsWith("-")) return style.red(line);
  if (line.startsWith("@@")) return style.cyan(line);
  return style.dim(line);
}
