/** Finds the repetition at the end of a sequence: the same cycle of one to four entries, again and again. Pure. */

/** Entries of the longest cycle that is looked for. */
export const longestCycle = 4;

/** One entry of a sequence. */
export interface RepeatableEntry {
  /** Equal for entries that do the same. */
  readonly what: string;
  /** Equal for entries with the same result; `undefined` for one that was kept from having any: it counts as a repetition. */
  readonly result: string | undefined;
}

/** The repetition at the end of a sequence. */
export interface Repetition {
  /** Entries of one round. */
  readonly period: number;
  /** Whole rounds without a break. 1: nothing is repeated. */
  readonly count: number;
}

/** The repetition with the most rounds; of two with as many, that of the shorter cycle. */
export function repetitionOf(entries: readonly RepeatableEntry[]): Repetition {
  let best: Repetition = { period: 1, count: Math.min(1, entries.length) };
  for (let period = 1; period <= longestCycle; period += 1) {
    let repeated = 0;
    while (isRepeated(entries, entries.length - 1 - repeated, period)) repeated += 1;
    const count = Math.floor(repeated / period) + 1;
    if (count > best.count) best = { period, count };
  }
  return best;
}

/** The entry does the same as the one a period before, with the same result. */
function isRepeated(entries: readonly RepeatableEntry[], index: number, period: number): boolean {
  const before = index - period;
  if (before < 0 || entries[index]?.what !== entries[before]?.what) return false;
  const result = resultAt(entries, index, period);
  const earlier = resultAt(entries, before, period);
  return result === undefined || earlier === undefined || result === earlier;
}

/** The result of the entry, or the last one before that the same had. */
function resultAt(entries: readonly RepeatableEntry[], index: number, period: number): string | undefined {
  for (let at = index; at >= 0; at -= period) {
    const result = entries[at]?.result;
    if (result !== undefined) return result;
  }
  return undefined;
}
