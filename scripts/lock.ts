/** One process at a time. Only saves work: whoever gets past a broken lock must still do no harm. */
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const limit = 15 * 60_000;

/** Runs `work` while holding the lock file. One whose process is gone, or that is 15 minutes old, is taken over. */
export async function withLock(path: string, work: () => Promise<void>): Promise<void> {
  const end = Date.now() + 2 * limit;
  while (!(await take(path))) {
    if (Date.now() > end) throw new Error(`Another process holds ${path}. If none is at work, delete it.`);
    await delay(200);
  }
  try {
    await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  if (await isStale(path)) {
    const stale = `${path}.${process.pid}`;
    await rename(path, stale).catch(() => {}); // another one was faster
    await rm(stale, { force: true });
  }
  return false;
}

/** The age counts too: the process's number may belong to another one by now, and an owner may die before it writes it. */
async function isStale(path: string): Promise<boolean> {
  try {
    const holder = Number(await readFile(path, "utf8"));
    return (holder > 0 && !isAlive(holder)) || Date.now() - (await stat(path)).mtimeMs > limit;
  } catch {
    return false; // just released
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
