/** What the system tells of a process at work. Linux alone tells it without a process of its own. */
import { readFileSync } from "node:fs";
import { descendants } from "./process-tree.js";

/** ms of a clock tick in `/proc`: the kernel's interface has 100 a second, whatever it counts in itself. */
const tick = 10;

const states: Readonly<Record<string, string>> = {
  R: "running",
  S: "waiting",
  D: "waiting for a disk",
  T: "stopped",
  t: "stopped",
  Z: "ended",
};

/** ms of processor time that a process and what it has started have used; `undefined` where the system does not tell. */
export function workOf(pid: number): number | undefined {
  const own = readStat(pid)?.work;
  if (own === undefined) return undefined;
  return descendants(pid).reduce((sum, child) => sum + (readStat(child)?.work ?? 0), own);
}

/** ms of processor time of a process alone; `undefined` where the system does not tell. */
export function ownWorkOf(pid: number): number | undefined {
  return readStat(pid)?.work;
}

/** What a process is doing, in words: "running, with 120 ms of processor time so far". Empty where the system does not tell. */
export function doingOf(pid: number): string {
  const stat = readStat(pid);
  if (stat === undefined) return "";
  return `${states[stat.state] ?? `in state ${stat.state}`}, with ${workOf(pid) ?? stat.work} ms of processor time so far`;
}

/** State, and user and system time, fields 3, 14 and 15 of proc(5); the second is a name that may hold spaces and brackets. */
function readStat(pid: number): { readonly state: string; readonly work: number } | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(") ") + 2).split(" ");
    return { state, work: (Number(fields[10]) + Number(fields[11])) * tick };
  } catch {
    return undefined; // gone
  }
}
