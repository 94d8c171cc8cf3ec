/** Runs the command `opencode-ts`, bundled as users get it, in pipes. */
import { type ChildProcess, spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What comes through the pipe; `"open"` leaves it open without a word, `"none"` is `/dev/null`. */
export type CliInput = { readonly text: string } | "open" | "none";

export interface CliRun {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  readonly exit: Promise<number | string | null>;
}

export interface CliResult {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The arguments with which this Node runs it; the global setup has built it. */
export const cliCommand: readonly string[] = [process.env["OPENCODE_TEST_CLI"] ?? "the global setup has not run"];

/** Starts the command. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: CliInput = "none",
): CliRun {
  const child = spawn(process.execPath, [...cliCommand, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: [input === "none" ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const exit = new Promise<number | string | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  const run: CliRun = { child, stdout: "", stderr: "", exit };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    run.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    run.stderr += text;
  });
  if (typeof input === "object") child.stdin?.end(input.text);
  return run;
}

/** How it ended, and what it wrote. */
export async function finished(run: CliRun): Promise<CliResult> {
  const code = await run.exit;
  return { code, stdout: run.stdout, stderr: run.stderr };
}
