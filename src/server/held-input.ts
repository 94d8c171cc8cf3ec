/**
 * A standard input that never ends. A server of 2.1 that reads its input ends with it, in order: it would record its runs as interrupted
 * when our process is killed, and they could not go on in the next one. Its end is the watchdog's work, as that of every server.
 */
import { execFile } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** ms; it takes a few. */
const longestMaking = 5_000;

/** A descriptor to be handed to one process; `close` is for us, once that process is there. */
interface HeldInput {
  readonly descriptor: number;
  readonly close: () => void;
}

/** Makes a named pipe that is open for both reading and writing, so that its reader keeps it open; `undefined` where there are none. */
export async function heldInput(): Promise<HeldInput | undefined> {
  if (process.platform === "win32") return undefined;
  const folder = await mkdtemp(join(tmpdir(), "opencode-ts-input-"));
  try {
    const path = join(folder, "input");
    await promisify(execFile)("mkfifo", ["-m", "600", path], { timeout: longestMaking });
    const descriptor = openSync(path, "r+");
    return { descriptor, close: () => closeSync(descriptor) };
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true }); // it needs no name any more
  }
}
