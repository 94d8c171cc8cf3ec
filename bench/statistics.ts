/** Medians with their spread, of ratios between samples that were taken in turns. */

/** A median and the middle half of the values. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Number of values. */
  readonly runs: number;
}

/** The value below which a share of the sorted values lies, between two of them by their distance. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Median and middle half. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [median, low, high] = [quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75)];
  return { median, low, high, runs: sorted.length };
}

/** Ours divided by the other's, round by round: both were measured right after each other, so the machine was the same. */
export function pairRatios(ours: readonly number[], others: readonly number[]): Spread {
  return spreadOf(ours.map((value, round) => value / (others[round] ?? Number.NaN)));
}
