/** The distance of a misspelt word from a known one. */

/**
 * Edits between two words: a letter added, removed or replaced, or two neighbours swapped. `Infinity` if the lengths differ by
 * more than `most`.
 */
export function editDistance(a: string, b: string, most = 2): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY; // far apart without being compared
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  let before: number[] = [];
  for (let line = 1; line <= a.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = at(row, column - 1) + (a[line - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = line > 1 && a[line - 1] === b[column - 2] && a[line - 2] === b[column - 1];
      const swapped = isSwapped ? at(before, column - 2) + 1 : replaced;
      next.push(Math.min(replaced, swapped, at(row, column) + 1, at(next, column - 1) + 1));
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
