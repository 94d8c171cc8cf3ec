/** Signals a process together with what it has started. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One word on the command line of a watchdog; ` of ` and the server's pid may follow. See `src/server/watchdog.ts`. */
export const watchdogName = "opencode-ts watchdog";

/** The same for the supervisor of a kept server; see `src/daemon/supervisor.ts`. */
export const supervisorName = "opencode-ts supervisor";

/** Signals a process group; false when there is none. Signal 0 only asks. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  return send(-pid, signal);
}

/** Signals a process; false when there is none. Signal 0 only asks. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  return send(pid, signal);
}

/**
 * Kills the process group of a running process and all its descendants: the agent's tools run in groups of their own
 * (observed on 1.18.33). Watchdogs among them stay: each ends what its own server has started. Synchronous, so that an
 * exit hook can do it. Says whether there was a group. (Tried on Linux only.)
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

/** What a process has started, and what that has started; without watchdogs. */
export function descendants(root: number): readonly number[] {
  if (process.platform === "win32") return [];
  const childrenOf = process.platform === "linux" ? childrenByProc : childrenByPs();
  const family = new Set([root]);
  // A set is walked in the order of adding, also what is added on the way.
  for (const pid of family) {
    if (family.size < maxDescendants) for (const child of childrenOf(pid)) family.add(child);
  }
  family.delete(root);
  return [...family];
}

/** `/proc/<pid>/task/<tid>/children` (proc(5)); none where the kernel is built without it. */
function childrenByProc(pid: number): number[] {
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
      .filter((child) => child > 1 && !isWatchdog(child));
  } catch {
    return []; // gone
  }
}

function isWatchdog(pid: number): boolean {
  try {
    return namesWatchdog(readFileSync(`/proc/${pid}/cmdline`, "latin1"));
  } catch {
    return false; // gone
  }
}

/** Is this word on the command line of the process? Only Linux tells: elsewhere it counts as yes. */
export function isNamed(pid: number, word: string): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").includes(word);
  } catch {
    return false; // somebody else's, or gone
  }
}

/** A supervisor is the watchdog of a kept server. */
function namesWatchdog(commandLine: string): boolean {
  return commandLine.includes(watchdogName) || commandLine.includes(supervisorName);
}

/** One look at all processes, for systems without `/proc`. */
function childrenByPs(): (pid: number) => readonly number[] {
  const { stdout } = spawnSync("/bin/ps", ["-Ao", "pid=,ppid=,command="], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 1_000,
    maxBuffer: 16_777_216,
  });
  const children = new Map<number, number[]>();
  for (const line of (stdout ?? "").split("\n")) {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || namesWatchdog(command)) continue;
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(pid)]);
  }
  return (pid) => children.get(pid) ?? [];
}
