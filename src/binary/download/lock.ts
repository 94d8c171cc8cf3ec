/**
 * One installation at a time, over all processes. The lock saves work and nothing else: whoever gets past a broken one
 * writes files of its own names and puts its result in place in one step.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, unlinkSync } from "node:fs";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { hasProcess } from "../../process/process-identity.js";
import { delay } from "../../util/delay.js";
import { numberProperty, parseJson, stringProperty } from "../../util/json.js";
import type { LevelLogger } from "../../util/logger.js";
import type { DownloadLimits } from "./limits.js";
import { makeFolder } from "./make-folder.js";

export interface LockParts {
  readonly limits: DownloadLimits;
  readonly logger: LevelLogger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** A lock that is held. */
export interface Lock {
  /** Frees it, unless it is another's by now. Never rejects. */
  release(): Promise<void>;
  /** The same, at once: this process ends. */
  releaseNow(): void;
}

/**
 * Waits until the lock file is ours. One is taken over when its process, on this machine, is gone, or when its owner has
 * not shown itself for `stale` ms: measured by watching it, because the clocks of machines that share a folder differ.
 */
export async function acquireLock(path: string, { limits, logger, signal }: LockParts): Promise<Lock> {
  const id = randomUUID();
  let watched: Sight | undefined;
  let since = 0;
  for (;;) {
    signal.throwIfAborted();
    const lock = await take(path, id, limits);
    if (lock !== undefined) return lock;
    const sight = await look(path);
    if (sight === undefined) continue; // just released
    if (sight.state !== watched?.state) {
      if (watched === undefined) logger.debug(`waiting for another process that installs (${path})`);
      [watched, since] = [sight, performance.now()];
    }
    if (sight.isGone || performance.now() - since > limits.stale) await breakLock(path, sight);
    else await delay(50 + Math.random() * 100, signal);
  }
}

async function take(path: string, id: string, limits: DownloadLimits): Promise<Lock | undefined> {
  await makeFolder(dirname(path));
  const file = await open(path, "wx", 0o600).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // Windows says EPERM while a file that was deleted is still open somewhere.
    if (code === "EEXIST" || code === "ENOENT" || (code === "EPERM" && process.platform === "win32")) return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    await file.writeFile(JSON.stringify({ id, pid: process.pid, host: hostname() }));
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
  const beat = setInterval(() => {
    const now = new Date();
    file.utimes(now, now).catch(() => {}); // a lock that is lost costs a second download, no more
  }, limits.heartbeat);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      await file.close().catch(() => {}); // nothing was written since
      if ((await look(path))?.id === id) await rm(path, { force: true }).catch(() => {}); // it becomes stale
    },
    releaseNow: () => {
      try {
        if (owner(readFileSync(path, "utf8")).id === id) unlinkSync(path);
      } catch {
        // Gone, or it becomes stale.
      }
    },
  };
}

/** A lock as it was seen. */
interface Sight {
  readonly id: string | undefined;
  /** Differs when its owner has changed, or has shown itself. */
  readonly state: string;
  /** Its process was on this machine and is no more. */
  readonly isGone: boolean;
}

async function look(path: string): Promise<Sight | undefined> {
  try {
    const text = await readFile(path, "utf8");
    const { mtimeMs, ino } = await stat(path);
    const { id, pid, host } = owner(text);
    const isGone = host === hostname() && pid !== undefined && !hasProcess(pid);
    return { id, state: `${ino} ${mtimeMs} ${text}`, isGone };
  } catch {
    return undefined; // gone
  }
}

function owner(text: string): { id?: string | undefined; pid?: number | undefined; host?: string | undefined } {
  try {
    const content = parseJson(text);
    return {
      id: stringProperty(content, "id"),
      pid: numberProperty(content, "pid"),
      host: stringProperty(content, "host"),
    };
  } catch {
    return {}; // not yet written, or by somebody else
  }
}

/** Between the look and the renaming another process may have done the same and taken the lock: that one is put back. */
async function breakLock(path: string, seen: Sight): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    const moved = await look(aside);
    if (moved !== undefined && moved.id !== seen.id) await link(aside, path);
  } catch {
    // Another process was faster, at one of the two.
  }
  await rm(aside, { force: true });
}
