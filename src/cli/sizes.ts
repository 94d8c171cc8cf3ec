/** Formats sizes and parses ages. */
import { UsageError } from "./failures.js";

/** For example `"1.4 GB"`. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const at = Math.min(Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)), units.length - 1);
  return `${at === 0 ? bytes : (bytes / 1_000 ** at).toFixed(1)} ${units[at]}`;
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `"30d"`, `"12h"`, `"2w"`, or a number of days, in ms. Throws `UsageError`. */
export function readAge(option: string, text: string): number {
  const [, number, unit = "d"] = /^(\d+(?:\.\d+)?)([hdw]?)$/.exec(text.trim()) ?? [];
  const factor = units[unit === "" ? "d" : unit];
  if (number !== undefined && factor !== undefined) return Number(number) * factor;
  throw new UsageError(`${option}: expected an age such as 30d, 12h or 2w, got ${JSON.stringify(text)}`);
}
