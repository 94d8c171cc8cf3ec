/**
 * A lock between processes, of files alone. A holder that dies loses it: it is known by its process number together with
 * the time of its start.
 *
 * Each holding is a generation: a file named by a number, made in one step (`link`), which fails for one that is there. The
 * newest generation is never removed, only marked as released, so that its number is taken once: who comes late with a
 * number that has been removed meanwhile finds a newer one, and gives way.
 */
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backoff } from "../util/backoff.js";
import { delay } from "../util/delay.js";
import { hasProcess, identify, type ProcessIdentity, startTime } from "./process-identity.js";

const firstWait = 10;
const longestWait = 200;
const released = "released\n";

/** Lets the lock go. More calls do nothing. */
export type Release = () => void;

/** How it is waited for. */
export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told once, when somebody else has it. */
  readonly onWait?: ((holder: number) => void) | undefined;
}

let own: Promise<ProcessIdentity> | undefined;

/** Takes the lock in `folder` (made if it is not there), as soon as nobody has it. Rejects with the signal's reason. */
export async function takeLock(folder: string, { signal, onWait }: LockOptions = {}): Promise<Release> {
  own ??= identify(process.pid);
  const { pid, start } = await own;
  // A nonce: this process may hold it, too.
  const claim = `${pid} ${start.replaceAll(" ", "_") || "-"} ${randomBytes(6).toString("hex")}\n`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let told = false;
  const nextWait = backoff(firstWait, longestWait, 1.5);
  for (;;) {
    signal?.throwIfAborted();
    const newest = generations(folder).at(-1) ?? 0;
    const holder = newest === 0 ? undefined : await holderOf(join(folder, String(newest)));
    if (holder === undefined && claimGeneration(folder, newest + 1, claim)) return once(folder, newest + 1, claim);
    if (holder !== undefined && !told) onWait?.(holder);
    told ||= holder !== undefined;
    await delay(nextWait() * (0.75 + Math.random() / 2), signal);
  }
}

function generations(folder: string): number[] {
  const numbers = readdirSync(folder)
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number);
  return numbers.sort((a, b) => a - b);
}

/** Number of the process that has it; `undefined` when it was released, or died. */
async function holderOf(path: string): Promise<number | undefined> {
  const text = read(path);
  const [, pid, start] = /^(\d+) (\S+) \w+\n$/.exec(text ?? "") ?? [];
  if (pid === undefined || start === undefined) return undefined; // released; or removed, and then there is a newer one
  const number = Number(pid);
  const now = await startTime(number);
  if (start === "-") return hasProcess(number) ? number : undefined;
  return now.replaceAll(" ", "_") === start ? number : undefined;
}

/** True when the generation is ours. */
function claimGeneration(folder: string, generation: number, claim: string): boolean {
  const path = join(folder, String(generation));
  const temporary = join(folder, `new-${process.pid}-${randomBytes(6).toString("hex")}`);
  writeFileSync(temporary, claim, { mode: 0o600, flag: "wx" });
  try {
    linkSync(temporary, path);
  } catch {
    return false; // somebody was faster; whatever else it is shows in the next try
  } finally {
    rmSync(temporary, { force: true });
  }
  const all = generations(folder);
  if (all.at(-1) !== generation) {
    rmSync(path, { force: true });
    return false;
  }
  for (const older of all) if (older < generation) rmSync(join(folder, String(older)), { force: true });
  return true;
}

function once(folder: string, generation: number, claim: string): Release {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    const path = join(folder, String(generation));
    if (read(path) !== claim) return; // the folder was removed
    const temporary = join(folder, `new-${process.pid}-${randomBytes(6).toString("hex")}`);
    try {
      writeFileSync(temporary, released, { mode: 0o600, flag: "wx" });
      renameSync(temporary, path);
    } catch {
      // Not released by the file, then by the end of this process.
    }
  };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined; // removed by the next holder
  }
}
