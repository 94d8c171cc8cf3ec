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

/** A process, with when it started. */
export async function identify(pid: number): Promise<ProcessIdentity> {
  return { pid, start: await startTime(pid) };
}

/**
 * The same process as it was, not another one with its number. Where it is not known when it started, any process with this
 * number counts. One that has ended and was not collected yet does not run.
 */
export async function isRunning({ pid, start }: ProcessIdentity): Promise<boolean> {
  if (start === "") return hasProcess(pid);
  return (await startTime(pid)) === start && !isZombie(pid);
}

/** Is there a process with this number, whosever it is? */
export function hasProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isZombie(pid: number): boolean {
  const state = process.platform === "linux" ? statField(pid, 3) : "";
  return state === "Z" || state === "X";
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
