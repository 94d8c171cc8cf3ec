/** Makes a folder that others remove. */
import { mkdir } from "node:fs/promises";

/**
 * Makes the folder, also while another process removes it: then `mkdir` finds the folder, looks what it is, and says
 * ENOENT. Each process that installs removes it once, so a few tries are enough.
 */
export async function makeFolder(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return;
    } catch (error) {
      const isGone = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isGone || tries >= 20) throw error;
    }
  }
}
