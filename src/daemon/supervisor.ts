/** Starts a server that outlives us, under a supervisor that ends it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { endAtExit } from "../process/on-exit.js";
import { baseUrl } from "../server/port.js";
import { untilReady } from "../server/ready.js";
import { startWithRetries } from "../server/start-with-retries.js";
import { startupFailure } from "../server/startup-failure.js";
import { linkSignals } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { type SupervisorOptions, spawnLauncher } from "./launcher.js";
import { noticeProgram } from "./notice-program.js";
import { OutputFile } from "./output-file.js";

/** A server that answers, and its supervisor. */
export interface KeptProcess {
  readonly pid: number;
  readonly supervisor: number;
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** The supervisor tells notices of clients that have died. */
  readonly notices: boolean;
  /** Lets it live on without us. */
  release(): void;
  /** Ends both; resolves when they are gone. */
  end(): Promise<void>;
}

/** Starts it, again where that helps. Rejects as `createOpencodeServer` does; nothing is left running then. */
export function startSupervisor(parts: SupervisorOptions): Promise<KeptProcess> {
  return startWithRetries(parts.plan, parts.signal, (port) => startOnce(parts, port));
}

async function startOnce(parts: SupervisorOptions, port: number): Promise<KeptProcess> {
  const { plan, binary, generation, binaryVersion, limit } = parts;
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
      { url, username, password, binary, generation, binaryVersion, signal: waiting.signal, onAnswer: limit.sign },
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
      notices: noticeProgram() !== "",
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
