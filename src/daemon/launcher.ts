/** The process that starts a server and its supervisor, and is the server's parent until the entry is written. */
import { ServerStartupError } from "../errors/index.js";
import { detachedShell, scriptLine, scriptLoader } from "../process/detached-shell.js";
import { tagLine } from "../process/process-tag.js";
import { supervisorName } from "../process/process-tree.js";
import type { Generation } from "../server/generations.js";
import type { ResolvedServerOptions } from "../server/options.js";
import { recordPath } from "../server/pid-record.js";
import type { StartLimit } from "../server/start-timeout.js";
import type { ProcessExit } from "../types/server.js";
import { busyProbe, probeCommand } from "./busy-probe.js";
import { noticeProgram } from "./notice-program.js";
import { launcherScript, supervisorScript } from "./supervisor-script.js";

/** What a start needs besides the options. */
export interface SupervisorOptions {
  readonly plan: ResolvedServerOptions;
  readonly binary: string;
  readonly generation: Generation;
  /** As the binary says it, for a server that does not. */
  readonly binaryVersion: string;
  /** The server's, without a mark. */
  readonly env: Readonly<Record<string, string>>;
  readonly mark: string;
  /** Private folder of the server; the supervisor removes it. */
  readonly folder: string;
  /** While this file is there the server is wanted. The caller writes it once the server is ready. */
  readonly entry: string;
  /** A file that every use changes. */
  readonly use: string;
  /** ms without a use, after which the server ends. */
  readonly idleTimeout: number;
  /** When it is given up. The caller stops it. */
  readonly limit: StartLimit;
  readonly signal: AbortSignal;
}

/** In times of `serverTimeout`: what the limit of a start allows to one that shows that it lives. */
const longestStart = 4;
/** A supervisor looks for uses so often in the idle time, and at least so often (ms). */
const looks = 10;
const longestLook = 30_000;
/** ms between two looks of a supervisor at its server. */
const longestPause = 3_000;
/** ms for a supervisor to end its server; it takes four at most. */
const waitLimit = 10_000;

/** What is needed of the process that has started the server and its supervisor. */
export interface Launcher {
  /** When both are gone. */
  readonly exited: Promise<ProcessExit>;
  kill(): void;
  end(): Promise<void>;
  /** They go on without it. */
  release(): void;
}

/** Starts the server and its supervisor. Throws `ServerStartupError` where there is no shell. */
export function spawnLauncher(parts: SupervisorOptions, port: number): Launcher {
  const { plan, binary, env, mark, folder } = parts;
  const args = [tagLine(mark), folder, binary, plan.hostname, String(port), supervisorName, scriptLoader];
  const script = scriptLine(supervisorScript, supervisorArguments(parts, port));
  const child = detachedShell(launcherScript, [...args, script.trimEnd()], {
    name: supervisorName,
    cwd: plan.directory,
    env,
  });
  child.on("error", () => {}); // without a number it is reported below
  if (child.pid === undefined) {
    throw new ServerStartupError("A server can only be kept where there is a POSIX shell (/bin/sh).");
  }
  child.stdin?.end();
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const kill = (): void => void child.kill("SIGTERM");
  const end = async (): Promise<void> => {
    kill();
    const timer = setTimeout(() => child.kill("SIGKILL"), waitLimit);
    await exited;
    clearTimeout(timer);
  };
  const release = (): void => {
    child.kill("SIGKILL");
    child.unref();
  };
  return { exited, kill, end, release };
}

function supervisorArguments(
  { plan, generation, mark, folder, entry, use, idleTimeout }: SupervisorOptions,
  port: number,
): readonly string[] {
  const look = Math.min(idleTimeout / looks, longestLook);
  const naps = Math.ceil(look / longestPause);
  const { runtime, how } = probeCommand();
  const tries = Math.ceil((longestStart * plan.serverTimeout + 5_000) / 250);
  return [
    ...[tagLine(mark), folder, recordPath(mark), plan.hostname, String(port), entry, use],
    ...[(look / naps / 1_000).toFixed(3), String(naps), String(Math.ceil(idleTimeout / look)), String(tries)],
    ...[plan.directory, runtime, how, busyProbe(generation), String(Date.now()), noticeProgram()],
  ];
}
