/** Takes the one expected file out of an archive. Its content alone is used: no name in an archive becomes a path. */
import { open } from "node:fs/promises";
import { evil, Sink } from "./archive-entry.js";
import type { DownloadLimits } from "./limits.js";

export interface UnpackOptions {
  /** The archive, and what it is called; the name tells its form. */
  readonly archive: string;
  readonly name: string;
  /** The file to take, `"opencode"`; it is at the top of the archive. */
  readonly wanted: string;
  /** Where it goes. Must not exist. */
  readonly path: string;
  readonly limits: DownloadLimits;
  readonly signal: AbortSignal;
}

/**
 * Unpacks the wanted file and makes it executable. Other regular files are left where they are.
 * @throws {BinaryDownloadError} `archive` for anything that no release has: links, paths that lead outside, the wanted file
 * twice or not at all, more than the limits allow, broken data.
 */
export async function unpack(options: UnpackOptions): Promise<void> {
  const { archive, name, path, limits, signal } = options;
  const isZip = name.endsWith(".zip");
  // Loaded here: most processes never unpack anything.
  const { extract } = isZip ? await import("./unzip.js") : await import("./untar.js");
  const file = await open(path, "wx", 0o700);
  try {
    const sink = new Sink(file, name, limits, signal);
    await extract({ archive, name, wanted: options.wanted, sink, limits });
    if (!sink.isComplete) throw evil(name, `has no file "${options.wanted}" at its top`);
    await file.chmod(0o755);
    await file.sync(); // the name must not outlive the content when the machine stops
  } finally {
    await file.close();
  }
}
