/** Detects misspelled commands: a prompt of one such word is rare, a typo is not. Pure. */

/** Possible arguments of a command; with other words the line is a sentence. */
const looksLikeArgument = /^(?:list|show|export|delete|ses_\w*|\d[\w.-]*)$/;

/** The probable command; `undefined` for a prompt. Words with capitals, spaces or punctuation are a prompt. */
export function nearlyCommand(words: readonly string[], commands: readonly string[]): string | undefined {
  const [name = "", ...rest] = words;
  if (!/^[a-z]{3,20}$/.test(name) || commands.includes(name)) return undefined;
  if (rest.length > 0 && !looksLikeArgument.test(rest[0] ?? "")) return undefined;
  return commands.find((command) => slips(name, command) <= (command.length < 6 ? 1 : 2));
}

/** Letters more, less, other or swapped, between two short words. */
function slips(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, row) =>
    Array.from({ length: b.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row += 1) {
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] ? at(row - 2, column - 2) + 1 : 99;
      const line = rows[row] ?? [];
      line[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + same,
        swapped,
      );
    }
  }
  return at(a.length, b.length);
}
