/** Asks a binary for its version by running it. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCallersWork } from "../process/inherited-variables.js";
import { endAtExit } from "../process/on-exit.js";
import { workOf } from "../process/process-activity.js";
import { killTree, signalGroup } from "../process/process-tree.js";
import { type Environment, isHijacking } from "../process/unsafe-environment.js";
import { linkSignals, onAbort } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { InactivityTimer } from "../util/inactivity-timer.js";
import { redact } from "../util/redact.js";
import { versionLine } from "./version.js";

/** A version, or why there is none. */
export type VersionAnswer =
  | { readonly version: string; readonly reason?: undefined; readonly needsBaseline?: undefined }
  | {
      readonly version?: undefined;
      readonly reason: string;
      /** It ended by SIGILL: this CPU lacks what the plain builds need. */
      readonly needsBaseline?: boolean;
    };

/** How a binary is asked. */
export interface ProbeOptions {
  readonly env: Environment;
  /**
   * Run it in a home of its own: the agent makes its folders in the home even for `--version` (observed on 1.18.33). Not
   * for scripts and version managers, which find what they start through the home.
   */
  readonly privateHome: boolean;
  /** ms without a sign of life, then it is killed; after four times as long in any case. */
  readonly timeout: number;
  /** Told of each sign of life. */
  readonly onLife?: (() => void) | undefined;
  /** Kills it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `<path> --version`, bounded in time, without leaving a trace in the user's home or a process, also when this
 * process ends meanwhile. Never rejects.
 */
export async function probeVersion(path: string, options: ProbeOptions): Promise<VersionAnswer> {
  let folder: string;
  try {
    folder = await mkdtemp(join(tmpdir(), "opencode-ts-version-"));
  } catch (error) {
    return { reason: `no temporary folder could be made to run it in (${codeOf(error)})` };
  }
  const stop = linkSignals(options.signal);
  const work = runIn(folder, path, options, stop.signal);
  const release = endAtExit({
    kill: () => {
      stop.abort(); // kills at once
      rmSync(folder, { recursive: true, force: true });
    },
    close: async () => {
      stop.abort();
      await work;
    },
  });
  try {
    return await work;
  } finally {
    stop.release();
    release();
  }
}

async function runIn(
  folder: string,
  path: string,
  { env, privateHome, timeout, onLife }: ProbeOptions,
  signal: AbortSignal,
): Promise<VersionAnswer> {
  // A Bun program unpacks libraries into its temporary folder, 5 MB each time, and leaves them (observed on 1.18.33).
  const own = privateHome ? inHome(env, folder) : { ...inherited(env), BUN_TMPDIR: folder };
  try {
    return await run(path, own, { timeout, onLife, signal });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {}); // an empty folder stays in the temporary one
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
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isHijacking(name) && !isCallersWork(name)));
}

interface RunLimits extends Pick<ProbeOptions, "timeout" | "onLife"> {
  readonly signal: AbortSignal;
}

function run(path: string, env: Environment, { timeout, onLife, signal }: RunLimits): Promise<VersionAnswer> {
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    let forget = (): void => {};
    let settled = false;
    const settle = (answer: VersionAnswer): void => {
      if (settled) return;
      settled = true;
      watch.stop();
      forget();
      void end(child).then(() => resolve(answer));
    };
    const watch: InactivityTimer = new InactivityTimer(timeout, {
      onSign: onLife,
      onEnd: (end) => {
        const limit = end === "quiet" ? `${timeout} ms without a sign of life` : `${watch.total} ms`;
        settle({ reason: `\`--version\` did not end within ${limit}` });
      },
    });
    if (signal.aborted) return settle({ reason: stopped });
    try {
      child = spawn(path, ["--version"], {
        env: { ...env },
        stdio: ["ignore", "pipe", "ignore"],
        detached: process.platform !== "win32", // a group of its own, so that what it starts can be ended with it
        windowsHide: true,
      });
    } catch (error) {
      return settle({ reason: cannotRun(error) });
    }
    let output = "";
    const { pid } = child;
    watch.follow(() => {
      const worked = pid === undefined ? undefined : workOf(pid);
      return { said: output.length, worked };
    });
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      if (output.length < 4_096) output += chunk;
    });
    child.once("error", (error) => settle({ reason: cannotRun(error) }));
    child.once("close", (exitCode, exitSignal) => settle(decider(output, exitCode, exitSignal)));
    // "close" may stay away for as long as something else holds the pipe.
    child.once("exit", (exitCode, exitSignal) =>
      setTimeout(() => settle(decider(output, exitCode, exitSignal)), 500).unref(),
    );
    forget = onAbort(signal, () => settle({ reason: stopped }));
  });
}

const stopped = "it was stopped while it was asked for its version";

/** Kills it and what it has started, at once; resolves when it is gone, after a second at the latest. */
async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined) return;
  const gone = child.exitCode !== null || child.signalCode !== null;
  const exit = gone ? undefined : new Promise((resolve) => child.once("exit", resolve));
  if (process.platform === "win32") child.kill("SIGKILL");
  else if (gone) signalGroup(child.pid, "SIGKILL");
  else killTree(child.pid);
  child.stdout?.destroy(); // a grandchild may hold the pipe open
  if (exit === undefined) return;
  const late = new AbortController();
  await Promise.race([exit, delay(1_000, late.signal).catch(() => {})]); // the timer is ended below
  late.abort();
}

function decider(output: string, exitCode: number | null, signal: string | null): VersionAnswer {
  if (signal === "SIGILL")
    return { reason: "`--version` ended by SIGILL: this CPU needs a -baseline build", needsBaseline: true };
  if (exitCode !== 0) return { reason: `\`--version\` ended with ${signal ?? `exit code ${exitCode}`}` };
  const version = versionLine(output);
  if (version !== undefined) return { version };
  const printed = JSON.stringify(redact(output.trim().slice(0, 60)));
  return { reason: `\`--version\` printed no version number alone on a line, but ${printed}` };
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
