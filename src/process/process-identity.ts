/** Telling a process from a later one with the same number, and this machine from another that shares a home. */
import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process number means a process only together with when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Comparable, not readable. Empty when it is not known. */
  readonly start: string;
}

/** Where a process number means anything. */
export interface MachineIdentity {
  readonly host: string;
  /** Changes with every boot; empty where the system has no such thing. */
  readonly boot: string;
  /** Of process numbers: a container has its own. */
  readonly namespace: string;
}

/** This machine, as this process sees it. */
export function thisMachine(): MachineIdentity {
  const host = hostname();
  if (process.platform !== "linux") return { host, boot: "", namespace: "" };
  return { host, boot: content("/proc/sys/kernel/random/boot_id"), namespace: link("/proc/self/ns/pid") };
}

/** When a process started; empty when there is no such process, or the system does not tell. */
export function startTime(pid: number): Promise<string> {
  if (process.platform === "linux") return Promise.resolve(linuxStartTime(pid));
  if (process.platform === "win32") return Promise.resolve("");
  // Not tried on a real macOS yet. Clock and language must not matter.
  const env = { LC_ALL: "C", TZ: "UTC" };
  return new Promise((resolve) => {
    execFile("/bin/ps", ["-o", "lstart=", "-p", String(pid)], { env, timeout: 2_000 }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : ""),
    );
  });
}

/** In clock ticks since boot; empty when there is no such process. */
export function linuxStartTime(pid: number): string {
  return statField(pid, 22);
}

/** The process group; 0 when there is no such process. */
export function linuxGroup(pid: number): number {
  return Number(statField(pid, 5));
}

/** A field of `/proc/<pid>/stat` by its number in proc(5), from 3 on: the second is a name that may hold spaces and brackets. */
function statField(pid: number, field: number): string {
  const stat = content(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(") ") + 2).split(" ")[field - 3] ?? "";
}

function content(path: string): string {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return ""; // not there, or not for us
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
