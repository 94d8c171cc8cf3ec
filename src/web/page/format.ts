/** Formats numbers for people. Pure. */

/** `950`, `12.3k`, `1.2M`. */
export function shortNumber(value: number): string {
  if (value < 1_000) return String(Math.round(value));
  if (value < 999_500) return `${trimmed(value / 1_000)}k`;
  return `${trimmed(value / 1_000_000)}M`;
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, "");
}

/** Milliseconds as `120 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${trimmed(ms / 1_000)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1_000);
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}

/** USD; small amounts keep two significant digits. */
export function dollars(value: number): string {
  if (value === 0) return "$0";
  if (value < 0.0001) return "< $0.0001";
  return value < 0.01 ? `$${value.toFixed(4)}` : `$${value.toFixed(2)}`;
}

/** `now`, `5 min`, `3 h`, `2 d`, then the date. */
export function ago(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h`;
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / (24 * 60))} d`;
  return new Date(time).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** Bytes as `12 kB`, `3.4 MB`. */
export function fileSize(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${trimmed(bytes / 1_000_000)} MB`;
}

/** Makes a path below the working directory relative. */
export function shortPath(path: string, directory: string | undefined): string {
  if (directory === undefined || directory === "/") return path;
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
}
