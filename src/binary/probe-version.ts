/** Asks a binary for its version by running it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, isHijacking } from "./environment.js";
import { parseVersion } from "./version.js";

/** A version, or why there is none. */
export type VersionAnswer =
  | { readonly version: string; readonly reason?: undefined }
  | { readonly version?: undefined; readonly reason: string };

/** How a binary is asked. */
export interface ProbeOptions {
  readonly env: Environment;
  /**
   * Run it in a home of its own: the agent makes its folders in the home even for `--version` (observed on 1.18.33). Not
   * for scripts and version managers, which find what they start through the home.
   */
  readonly privateHome: boolean;
  /** Then it is killed, ms. */
  readonly timeout: number;
}

/** Runs `<path> --version`, bounded in time and without leaving a trace in the user's home. Never rejects. */
export async function probeVersion(path: string, options: ProbeOptions): Promise<VersionAnswer> {
  if (!options.privateHome) return run(path, inherited(options.env), options.timeout);
  let home: string;
  try {
    home = await mkdtemp(join(tmpdir(), "opencode-ts-version-"));
  } catch (error) {
    return { reason: `no temporary folder could be made to run it in (${codeOf(error)})` };
  }
  try {
    return await run(path, inHome(options.env, home), options.timeout);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 }).catch(() => {}); // an empty folder stays in the temporary one
  }
}

/** What a program needs to load, and nothing of the user's. */
function inHome(env: Environment, home: string): Environment {
  const kept = [
    "PATH",
    "Path",
    "LD_LIBRARY_PATH",
    "NIX_LD",
    "NIX_LD_LIBRARY_PATH",
    "LANG",
    "SystemRoot",
    "windir",
    "ComSpec",
  ];
  const base = Object.fromEntries(kept.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
  return {
    ...base,
    HOME: home,
    USERPROFILE: home,
    LOCALAPPDATA: home,
    APPDATA: home,
    TMPDIR: home,
    TEMP: home,
    TMP: home,
  };
}

function inherited(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isHijacking(name)));
}

function run(path: string, env: Environment, timeout: number): Promise<VersionAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: VersionAnswer): void => {
      clearTimeout(timer);
      child?.kill("SIGKILL");
      child?.stdout?.destroy(); // a grandchild may hold the pipe open
      resolve(answer);
    };
    let child: ChildProcess | undefined;
    const timer = setTimeout(() => settle({ reason: `\`--version\` did not end within ${timeout} ms` }), timeout);
    try {
      child = spawn(path, ["--version"], { env: { ...env }, stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
    } catch (error) {
      return settle({ reason: cannotRun(error) });
    }
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      if (output.length < 4_096) output += chunk;
    });
    child.once("error", (error) => settle({ reason: cannotRun(error) }));
    child.once("close", (exitCode, signal) => settle(judge(output, exitCode, signal)));
    // "close" may stay away for as long as something else holds the pipe.
    child.once("exit", (exitCode, signal) => setTimeout(() => settle(judge(output, exitCode, signal)), 500).unref());
  });
}

function judge(output: string, exitCode: number | null, signal: string | null): VersionAnswer {
  if (signal === "SIGILL") return { reason: "`--version` ended by SIGILL: this CPU needs a -baseline build" };
  if (exitCode !== 0) return { reason: `\`--version\` ended with ${signal ?? `exit code ${exitCode}`}` };
  const version = parseVersion(output);
  return version === undefined ? { reason: "`--version` printed no version number" } : { version };
}

function cannotRun(error: unknown): string {
  const code = codeOf(error);
  // The file was there a moment ago: what the system misses is the loader that the file asks for.
  if (code === "ENOENT")
    return "it cannot be run: its loader or interpreter is missing (a glibc build on a musl system?)";
  return `it cannot be run (${code})`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
