/** Starts a server that outlives us, under a supervisor that ends it. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { ServerStartupError } from "../errors/index.js";
import { detachedShell, scriptLine, scriptLoader } from "../process/detached-shell.js";
import { endAtExit } from "../process/on-exit.js";
import { tagLine } from "../process/process-tag.js";
import { supervisorName } from "../process/process-tree.js";
import type { ResolvedServerOptions } from "../server/options.js";
import { OutputTail } from "../server/output-tail.js";
import { recordPath } from "../server/pid-record.js";
import { baseUrl } from "../server/port.js";
import { untilReady } from "../server/ready.js";
import type { StartLimit } from "../server/start-timeout.js";
import { startWithRetries } from "../server/start-with-retries.js";
import { startupFailure } from "../server/startup-failure.js";
import type { ProcessExit } from "../types/server.js";
import { linkSignals } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { busyProbe, probeCommand } from "./busy-probe.js";
import { launcherScript, supervisorScript } from "./supervisor-script.js";

/** What a start needs besides the options. */
export interface SupervisorOptions {
  readonly plan: ResolvedServerOptions;
  readonly binary: string;
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

/** A server that answers, and its supervisor. */
export interface KeptProcess {
  readonly pid: number;
  readonly supervisor: number;
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** Lets it live on without us. */
  release(): void;
  /** Ends both; resolves when they are gone. */
  end(): Promise<void>;
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

/** Starts it, again where that helps. Rejects as `createOpencodeServer` does; nothing is left running then. */
export function startSupervisor(parts: SupervisorOptions): Promise<KeptProcess> {
  return startWithRetries(parts.plan, parts.signal, (port) => startOnce(parts, port));
}

async function startOnce(parts: SupervisorOptions, port: number): Promise<KeptProcess> {
  const { plan, binary, limit } = parts;
  const { hostname, username, password } = plan;
  parts.signal.throwIfAborted();
  limit.signal.throwIfAborted();
  const output = new OutputFile(join(parts.folder, "output"), [password]);
  const supervisor = spawnLauncher(parts, port);
  const waiting = linkSignals(parts.signal, limit.signal);
  limit.follow({
    pid: () => readPids(parts.folder)?.server,
    tail: () => output.tail(),
    said: () => output.length,
    isListening: () => output.isListening,
  });
  const release = endAtExit({ kill: () => supervisor.kill(), close: () => supervisor.end() });
  try {
    const url = baseUrl(hostname, port);
    const listening = output.listening(waiting.signal);
    listening.catch(() => {}); // told by the wait for the answer
    const ready = untilReady(
      { listening },
      { url, username, password, binary, signal: waiting.signal, onAnswer: limit.sign },
    );
    const ended = supervisor.exited.then((exit) => {
      throw startupFailure({ exit, tail: output.tail(), binary, hostname, port });
    });
    const version = await Promise.race([ready, ended]);
    const pids = await Promise.race([untilPids(parts.folder, waiting.signal), ended]);
    const handOver = (): void => {
      release();
      supervisor.release();
    };
    return {
      pid: pids.server,
      supervisor: pids.supervisor,
      url,
      port,
      version,
      release: handOver,
      end: () => supervisor.end().finally(release),
    };
  } catch (error) {
    await supervisor.end();
    release();
    throw error;
  } finally {
    waiting.release();
    waiting.abort();
    output.close();
  }
}

interface Pids {
  readonly server: number;
  readonly supervisor: number;
}

/** As the supervisor has written them down; `undefined` as long as it has not. */
function readPids(folder: string): Pids | undefined {
  try {
    const [, server, supervisor] = /^(\d+) (\d+)\n/.exec(readFileSync(join(folder, "pids"), "latin1")) ?? [];
    return server === undefined ? undefined : { server: Number(server), supervisor: Number(supervisor) };
  } catch {
    return undefined;
  }
}

/** A server may answer before that. Rejects with the signal's reason. */
async function untilPids(folder: string, signal: AbortSignal): Promise<Pids> {
  for (;;) {
    const pids = readPids(folder);
    if (pids !== undefined) return pids;
    await delay(15, signal);
  }
}

/** What is needed of the process that has started the server and its supervisor. */
interface Launcher {
  /** When both are gone. */
  readonly exited: Promise<ProcessExit>;
  kill(): void;
  end(): Promise<void>;
  /** They go on without it. */
  release(): void;
}

function spawnLauncher(parts: SupervisorOptions, port: number): Launcher {
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
  { plan, mark, folder, entry, use, idleTimeout }: SupervisorOptions,
  port: number,
): readonly string[] {
  const look = Math.min(idleTimeout / looks, longestLook);
  const naps = Math.ceil(look / longestPause);
  const { runtime, how } = probeCommand();
  const tries = Math.ceil((longestStart * plan.serverTimeout + 5_000) / 250);
  return [
    ...[tagLine(mark), folder, recordPath(mark), plan.hostname, String(port), entry, use],
    ...[(look / naps / 1_000).toFixed(3), String(naps), String(Math.ceil(idleTimeout / look)), String(tries)],
    ...[plan.directory, runtime, how, busyProbe, String(Date.now())],
  ];
}

const listeningLine = /^.*\blistening on https?:\/\/\S.*\n/m;

/** What a server prints into a file. It stays readable when the file has been removed. */
class OutputFile {
  readonly #descriptor: number;
  readonly #secrets: readonly string[];
  #text = "";

  constructor(path: string, secrets: readonly string[]) {
    this.#descriptor = openSync(path, "w+", 0o600);
    this.#secrets = secrets;
  }

  /** The line with which the server says that it listens. Rejects with the signal's reason. */
  async listening(signal: AbortSignal): Promise<string> {
    for (;;) {
      const line = listeningLine.exec(this.#read())?.[0];
      if (line !== undefined) return line.trim();
      await delay(15, signal);
    }
  }

  get isListening(): boolean {
    return listeningLine.test(this.#read());
  }

  /** Of all that it has printed so far. */
  get length(): number {
    return fstatSync(this.#descriptor).size;
  }

  tail(): string {
    const tail = new OutputTail(this.#secrets);
    const writer = tail.writer();
    writer.write(Buffer.from(this.#read()));
    writer.end();
    return tail.toString();
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The first 64 KiB: the server prints two lines. */
  #read(): string {
    const buffer = Buffer.alloc(65_536);
    this.#text = buffer.toString("utf8", 0, readSync(this.#descriptor, buffer, 0, buffer.length, 0));
    return this.#text;
  }
}
