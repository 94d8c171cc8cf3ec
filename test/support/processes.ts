/** Looking at processes from outside, and waiting for a condition instead of for a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { programArguments } from "./compiled.js";
import { eventually } from "./slowness.js";

/** True while the process runs; a zombie, which only waits to be collected, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return process.platform !== "linux"; // gone in between, or a system without /proc
  }
}

/** Resolves as soon as the condition holds. */
export function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  return eventually(String(condition), condition);
}

/** A program that runs by itself. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly exit: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  /** The first line it prints that is JSON, parsed. */
  readonly report: Promise<unknown>;
  /** All that it has printed. */
  output(): string;
}

/** Runs a TypeScript program, for example one of `test/support/programs`. */
export function runProgram(path: URL, args: readonly string[], env: NodeJS.ProcessEnv = process.env): RunningProgram {
  const cwd = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  return runNode([...programArguments(fileURLToPath(path)), ...args], env, cwd);
}

/** Runs Node. */
export function runNode(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): RunningProgram {
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let reported: (value: unknown) => void = () => {};
  const report = new Promise<unknown>((resolve) => {
    reported = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const line = /^(\{.*\})\n/m.exec(output)?.[1];
      if (line !== undefined) reported(JSON.parse(line));
    });
  }
  const exit = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.once("close", (exitCode, signal) => {
      reported(undefined);
      resolve({ exitCode, signal });
    });
  });
  return { child, exit, report, output: () => output };
}
