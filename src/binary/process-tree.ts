/** Signals a process together with what it has started. */
import { readdirSync, readFileSync } from "node:fs";

/** Signals a process group; false when there is none. Signal 0 only asks. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  return send(-pid, signal);
}

/**
 * Kills the process group of a running process, and on Linux all its descendants too: the agent's tools run in groups of
 * their own (observed on 1.18.33). Elsewhere those stay. Synchronous, so that an exit hook can do it. Says whether there
 * was a group.
 */
export function killTree(pid: number): boolean {
  const children = descendants(pid); // first: the children of a process that is gone are no longer found
  const found = signalGroup(pid, "SIGKILL");
  for (const child of children) {
    signalGroup(child, "SIGKILL");
    send(child, "SIGKILL");
  }
  return found;
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false; // ESRCH: all gone. EPERM cannot be: they are our children
  }
}

const maxDescendants = 10_000;

function descendants(root: number): readonly number[] {
  if (process.platform !== "linux") return [];
  const family = new Set([root]);
  // A set is walked in the order of adding, also what is added on the way.
  for (const pid of family) {
    if (family.size < maxDescendants) for (const child of childrenOf(pid)) family.add(child);
  }
  family.delete(root);
  return [...family];
}

/** `/proc/<pid>/task/<tid>/children` (proc(5)); none where the kernel is built without it. */
function childrenOf(pid: number): number[] {
  const read = (tid: string): number[] => {
    try {
      const children = readFileSync(`/proc/${pid}/task/${tid}/children`, "utf8");
      return children.split(" ").map(Number);
    } catch {
      return []; // that thread has just ended
    }
  };
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap(read)
      .filter((child) => child > 1);
  } catch {
    return []; // gone
  }
}
