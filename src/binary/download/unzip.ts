/** Reads a `.zip`. */
import { type Entry, openPromise } from "yauzl";
import { OpencodeError } from "../../errors/index.js";
import { type ExtractOptions, evil } from "./archive-entry.js";

/** @throws {BinaryDownloadError} `archive`, and what writing throws. */
export async function extract({ archive, name, wanted, sink }: ExtractOptions): Promise<void> {
  try {
    const zip = await openPromise(archive, { autoClose: false, strictFileNames: true });
    try {
      for await (const entry of zip.eachEntry()) {
        if (!sink.accept(factsOf(entry), wanted)) continue;
        for await (const chunk of await zip.openReadStreamPromise(entry)) await sink.write(chunk);
        sink.end();
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw isOfArchive(error) ? evil(name, "is no archive, or a broken one", error) : error;
  }
}

const [typeMask, link, regular, folder] = [0o170000, 0o120000, 0o100000, 0o040000];

/** The upper half of the attributes is a mode of Unix where the archive was made there, otherwise 0. */
function factsOf(entry: Entry): { path: string; isFile: boolean; isFolder: boolean } {
  const type = (entry.externalFileAttributes >>> 16) & typeMask;
  const isFolder = type === folder || entry.fileName.endsWith("/");
  const isFile = !isFolder && type !== link && (type === regular || type === 0);
  return { path: entry.fileName, isFile, isFolder };
}

/** Those of the disk have a system call, an abort is no error of the library. */
function isOfArchive(error: unknown): boolean {
  return (
    error instanceof Error && !(error instanceof OpencodeError) && !("syscall" in error) && error.name !== "AbortError"
  );
}
