/**
 * A mark in the environment of a server, which everything that it starts inherits. By it Linux finds what a parent, a
 * process group or a terminal no longer tell: tools that outlived their server, in groups of their own.
 */
import { readdirSync, readFileSync } from "node:fs";
import { randomText } from "../util/ids.js";
import { linuxGroup } from "./process-identity.js";
import { signalGroup, signalProcess } from "./process-tree.js";

/** The variable. No secret: who can read a process's environment can end it, too. */
const variable = "OPENCODE_TS_SERVER";

/** What marks are made of: nothing that a shell, a path or a pattern takes for anything else. */
const format = /^[0-9A-Za-z]{16}$/;

/** A mark of 95 random bits. Never an inherited one: a server may be started by a tool of another. */
export function newTag(): string {
  return randomText(16);
}

/** True for what `newMark` makes. */
export function isTag(text: string): boolean {
  return format.test(text);
}

/** The variable with its value, as a server gets it. */
export function tagEnvironment(mark: string): Readonly<Record<string, string>> {
  return { [variable]: mark };
}

/** The same as it stands in an environment: `NAME=value`. */
export function tagLine(mark: string): string {
  return `${variable}=${mark}`;
}

/**
 * The running processes with this mark; none elsewhere than on Linux. Reads the environment of every process that this
 * user may look into: some 20 µs each, and at once, so that an exit hook can do it.
 */
export function taggedProcesses(mark: string): readonly number[] {
  if (process.platform !== "linux") return [];
  const line = tagLine(mark);
  return processes().filter((pid) => pid > 1 && pid !== process.pid && environmentOf(pid).includes(line));
}

/** Does this process carry the mark? Only Linux tells: elsewhere it counts as yes. */
export function carriesTag(pid: number, mark: string): boolean {
  return process.platform !== "linux" || environmentOf(pid).includes(tagLine(mark));
}

/**
 * Signals the running processes with this mark, except those in the process group `except`; with SIGKILL also the groups
 * that they lead. Says whether there were any.
 */
export function signalTagged(mark: string, signal: NodeJS.Signals, except?: number): boolean {
  const found = taggedProcesses(mark).filter((pid) => except === undefined || linuxGroup(pid) !== except);
  for (const pid of found) {
    if (signal === "SIGKILL") signalGroup(pid, signal);
    signalProcess(pid, signal);
  }
  return found.length > 0;
}

function processes(): readonly number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return []; // a container without /proc: what is left is the process tree
  }
}

/** Empty for a zombie, and for a process that has just ended or belongs to somebody else. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    return [];
  }
}
