/** Where the content of the wanted file goes, and what is accepted of an archive around it. */
import type { FileHandle } from "node:fs/promises";
import { BinaryDownloadError } from "../../errors/index.js";
import type { DownloadLimits } from "./limits.js";

/** What the two forms have in common. */
export interface ExtractOptions {
  readonly archive: string;
  readonly name: string;
  readonly wanted: string;
  readonly sink: Sink;
  readonly limits: DownloadLimits;
}

/** Takes the bytes of the wanted file, once and not without end. */
export class Sink {
  isComplete = false;
  #size = 0;
  #entries = 0;
  #isOpen = false;
  readonly #file: FileHandle;
  readonly #name: string;
  readonly #limits: DownloadLimits;
  readonly #signal: AbortSignal;

  constructor(file: FileHandle, name: string, limits: DownloadLimits, signal: AbortSignal) {
    this.#file = file;
    this.#name = name;
    this.#limits = limits;
    this.#signal = signal;
  }

  /** To be told of every entry; true for the wanted one. */
  accept(
    entry: { readonly path: string; readonly isFile: boolean; readonly isFolder: boolean },
    wanted: string,
  ): boolean {
    this.#entries += 1;
    if (this.#entries > this.#limits.entries) throw evil(this.#name, `has more than ${this.#limits.entries} entries`);
    const shown = JSON.stringify(entry.path.slice(0, 200));
    if (leadsOutside(entry.path)) throw evil(this.#name, `has an entry that leads outside: ${shown}`);
    if (!entry.isFile && !entry.isFolder) throw evil(this.#name, `has an entry that is no file: ${shown}`);
    if (entry.path.replace(/^(?:\.\/)+/, "") !== wanted) return false;
    if (!entry.isFile) throw evil(this.#name, `has ${shown} as a folder`);
    if (this.#isOpen || this.isComplete) throw evil(this.#name, `has ${shown} twice`);
    this.#isOpen = true;
    return true;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#signal.throwIfAborted();
    this.#size += chunk.length;
    if (this.#size > this.#limits.unpacked) throw tooLong(this.#name, this.#limits);
    for (let done = 0; done < chunk.length; ) {
      const { bytesWritten } = await this.#file.write(chunk, done);
      done += bytesWritten;
    }
  }

  /** The wanted file has ended. */
  end(): void {
    this.#isOpen = false;
    this.isComplete = true;
  }
}

function leadsOutside(path: string): boolean {
  return /^[\\/]|^[a-z]:|\0/i.test(path) || path.split(/[\\/]/).includes("..");
}

/** The error for an archive that holds what it should not. */
export function evil(name: string, what: string, cause?: unknown): BinaryDownloadError {
  return new BinaryDownloadError(`${name} ${what}. Nothing of it is used.`, { reason: "archive", cause });
}

export function tooLong(name: string, limits: DownloadLimits): BinaryDownloadError {
  return evil(name, `unpacks to more than ${limits.unpacked} bytes`);
}
