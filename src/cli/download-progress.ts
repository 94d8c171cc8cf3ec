/** Shows the progress of a download of the agent. */
import type { DownloadProgress } from "../index.js";
import type { Terminal } from "./terminal.js";

const barWidth = 24;

/**
 * Calls `work`, which may download. On a terminal one line is redrawn (a library's progress bar would read the keys, and exit
 * with 0 at Ctrl-C); otherwise one line announces the start.
 */
export async function withDownloadLine<T>(
  terminal: Pick<Terminal, "note">,
  work: (onProgress: (progress: DownloadProgress) => void) => Promise<T>,
): Promise<T> {
  const { stderr } = process;
  let hasBegun = false;
  const onProgress = (progress: DownloadProgress): void => {
    if (stderr.isTTY === true) stderr.write(`\r${progressLine(progress, stderr.columns)}\u001b[K`);
    else if (!hasBegun) terminal.note(`downloading opencode ${progress.version}`);
    hasBegun = true;
  };
  try {
    return await work(onProgress);
  } finally {
    if (hasBegun && stderr.isTTY === true) stderr.write("\n");
  }
}

/** One line, not wider than `columns`. Pure. */
export function progressLine({ version, bytes, total, rate }: DownloadProgress, columns: number): string {
  const speed = rate > 0 ? `, ${megabytes(rate)}/s` : "";
  const share = total === undefined || total === 0 ? undefined : Math.min(1, bytes / total);
  const filled = Math.floor((share ?? 0) * barWidth);
  const bar = share === undefined ? "" : ` [${"#".repeat(filled)}${"-".repeat(barWidth - filled)}]`;
  const amount = total === undefined ? megabytes(bytes) : `${megabytes(bytes)} of ${megabytes(total)}`;
  return `opencode ${version}${bar} ${amount}${speed}`.slice(0, Math.max(20, columns - 1));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
