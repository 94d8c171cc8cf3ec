/** The folder beside the binaries in which one is made: what is in it is never taken for a binary. */
import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Its name, within the folder of the binaries. */
export const stagingFolderName = ".opencode-ts";

/** ms after which a piece of a download that nobody has come back for is removed. */
const abandoned = 86_400_000;

/** Files of one installation, each of a name of its own. They do not outlive it, but for the piece that is kept. */
export class StagingFolder {
  readonly folder: string;
  readonly #own = randomUUID();
  #part: { readonly path: string; readonly shared: string | undefined } | undefined;
  #unpacked: string | undefined;

  readonly #version: string;

  constructor(directory: string, version: string) {
    this.folder = join(directory, stagingFolderName);
    this.#version = version;
  }

  /** Path of the lock for all that installs this release here. */
  get lockPath(): string {
    return join(this.folder, `${this.#version}.lock`);
  }

  /**
   * Path for a download; in it is what an earlier one of the same content has left.
   * @param key names the content; `undefined` when nothing does: then nothing is taken up and nothing kept.
   */
  async openPart(key: string | undefined): Promise<string> {
    const prefix = key ?? "unknown";
    const path = join(this.folder, `${prefix}.${this.#own}.part`);
    this.#part = { path, shared: key === undefined ? undefined : join(this.folder, `${prefix}.part`) };
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    if (key === undefined) return path;
    // Also that of a process that was killed: it had no time to give its piece the shared name.
    const pieces = (await readdir(this.folder)).filter((name) => name.startsWith(key) && name.endsWith(".part"));
    const sizes = await Promise.all(pieces.map((name) => sizeOf(join(this.folder, name))));
    const largest = pieces[sizes.indexOf(Math.max(...sizes))];
    for (const name of pieces) {
      if (name !== largest) await rm(join(this.folder, name), { force: true });
    }
    // One step: only one process gets it.
    if (largest !== undefined) await rename(join(this.folder, largest), path).catch(() => {});
    return path;
  }

  /** Keeps the piece for the next try. */
  async keepPart(): Promise<void> {
    const part = this.#part;
    this.#part = undefined;
    if (part?.shared === undefined) await rm(part?.path ?? "", { force: true });
    else if ((await sizeOf(part.path)) > 0) await rename(part.path, part.shared);
    else await rm(part.path, { force: true });
  }

  /** Path for the unpacked file. There is none yet. */
  async openUnpacked(extension: string): Promise<string> {
    await this.#removeUnpacked();
    this.#unpacked = join(this.folder, `${this.#version}.${this.#own}.unpacked${extension}`);
    return this.#unpacked;
  }

  /** The unpacked file gets its place, in one step. */
  async publish(path: string): Promise<void> {
    if (this.#unpacked !== undefined) await patiently(this.#unpacked, path);
    this.#unpacked = undefined;
  }

  /** Removes what is not kept of this installation. */
  async clean(): Promise<void> {
    await this.#removeUnpacked();
    if (this.#part !== undefined) await rm(this.#part.path, { force: true });
    this.#part = undefined;
  }

  /** Removes what processes that were killed have left. Whoever holds the lock may. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const isOurs = name.startsWith(`${this.#version}.`) && name.includes(".unpacked");
      if (isOurs || (await isOld(path))) await rm(path, { force: true }).catch(() => {}); // of another user
    }
  }

  /** Removes the folder, if it is empty. */
  async removeFolder(): Promise<void> {
    await rmdir(this.folder).catch(() => {}); // somebody is at work in it, or a piece is kept
  }

  /** As `keepPart` and `clean`, at once: this process ends. */
  abandonNow(): void {
    const part = this.#part;
    if (this.#unpacked !== undefined) rmSync(this.#unpacked, { force: true });
    if (part !== undefined && existsSync(part.path)) {
      if (part.shared === undefined) rmSync(part.path, { force: true });
      else renameSync(part.path, part.shared);
    }
  }

  async #removeUnpacked(): Promise<void> {
    if (this.#unpacked !== undefined) await rm(this.#unpacked, { force: true, maxRetries: 3 });
    this.#unpacked = undefined;
  }
}

function isOld(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > abandoned,
    () => false, // gone
  );
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0, // gone
  );
}

/** On Windows a scanner may hold a new file for a moment. (Untested there.) */
async function patiently(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (process.platform !== "win32" || tries >= 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 * tries));
    }
  }
}
