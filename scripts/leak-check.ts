/** Finds what a program has left behind: processes that inherited a mark in their environment, and files. */
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

const variable = "OPENCODE_TS_MARK";

/** An environment variable that all descendants of a process inherit, unless they go out of their way. */
export function createMark(): { readonly env: Readonly<Record<string, string>>; readonly line: string } {
  const mark = randomUUID();
  return { env: { [variable]: mark }, line: `${variable}=${mark}` };
}

/** Command lines of the running processes with this mark. Looks into `/proc`: elsewhere than on Linux it finds none. */
export async function markedProcesses(line: string): Promise<string[]> {
  const entries = await readdir("/proc").catch(() => []);
  const found = await Promise.all(entries.filter((entry) => /^\d+$/.test(entry)).map((pid) => commandOf(pid, line)));
  return found.filter((command) => command !== undefined);
}

async function commandOf(pid: string, line: string): Promise<string | undefined> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8"); // empty for a zombie
    if (!environment.split("\0").includes(line)) return undefined;
    return `${pid} ${(await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ").trim()}`;
  } catch {
    return undefined; // it has just ended, or belongs to somebody else
  }
}
