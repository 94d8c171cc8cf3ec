/** Files that outlive a loss of power. */
import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes a file for this user only, in one step: a reader finds the whole text, or the one before. It is on the disk when the promise
 * resolves, and so are its folder and its name. Makes the folder. `isWanted` is asked last; when it says no, nothing is written.
 * A process that is killed leaves a file `new-…` in the folder.
 */
export async function writeDurably(path: string, text: string, isWanted: () => boolean = () => true): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncAbove(folder, made);
  const temporary = join(folder, `new-${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!isWanted()) return await rm(temporary, { force: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** The folders that name those which were made, from `folder` up to `topmost`. */
async function syncAbove(folder: string, topmost: string): Promise<void> {
  for (let made = folder; made.length >= topmost.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** A rename is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return; // a folder cannot be opened there
  const folder = await open(path);
  try {
    await folder.sync();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EINVAL")) throw error; // some file systems have no such call
  } finally {
    await folder.close();
  }
}
