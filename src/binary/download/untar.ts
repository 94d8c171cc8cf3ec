/** Reads a `.tar.gz`. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { OpencodeError } from "../../errors/index.js";
import { type ExtractOptions, evil, tooLong } from "./archive-entry.js";

/** @throws {BinaryDownloadError} `archive`, and what writing throws. */
export async function extract({ archive, name, wanted, sink, limits }: ExtractOptions): Promise<void> {
  // Entries are handed out while `write` runs; what they hold is written to the disk between two calls of it.
  const pieces: Buffer[] = [];
  let failure: unknown;
  const parser = new Parser({ strict: true });
  parser.on("error", (error: unknown) => {
    failure ??= error;
  });
  parser.on("entry", (entry: ReadEntry) => {
    try {
      if (failure === undefined && sink.accept(factsOf(entry), wanted)) {
        entry.on("data", (piece) => pieces.push(piece));
        entry.on("end", () => sink.end());
      }
    } catch (error) {
      failure = error;
    }
    entry.resume();
  });
  const source = createReadStream(archive);
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  try {
    let size = 0;
    for await (const chunk of source.pipe(gunzip)) {
      size += chunk.length;
      if (size > limits.unpacked) throw tooLong(name, limits); // also when it is not the wanted file that is so long
      parser.write(chunk);
      for (const piece of pieces.splice(0)) await sink.write(piece);
      if (failure !== undefined) throw failure;
    }
    parser.end();
    for (const piece of pieces) await sink.write(piece);
    if (failure !== undefined) throw failure;
  } catch (error) {
    throw isOfArchive(error) ? evil(name, "is no archive, or a broken one", error) : error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function factsOf({ path, type }: ReadEntry): { path: string; isFile: boolean; isFolder: boolean } {
  const isFile = type === "File" || type === "OldFile" || type === "ContiguousFile";
  return { path, isFile, isFolder: type === "Directory" };
}

/** Of zlib (`Z_…`) or of the parser (`TAR_…`); those of the disk and of an abort are others'. */
function isOfArchive(error: unknown): boolean {
  if (error instanceof OpencodeError || !(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  const tarCode = "tarCode" in error ? String(error.tarCode) : "";
  return code.startsWith("Z_") || code.startsWith("TAR_") || tarCode.startsWith("TAR_");
}
