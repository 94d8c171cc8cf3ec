/** Starts the agent as a child process, and drains what it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { ServerStartupError } from "../errors/index.js";
import { signalTagged, tagEnvironment, taggedProcesses } from "../process/process-tag.js";
import { killTree, signalGroup } from "../process/process-tree.js";
import type { ProcessExit } from "../types/server.js";
import { settlesWithin } from "../util/settled.js";
import { banner } from "./generations.js";
import { heldInput } from "./held-input.js";
import { OutputTail, type OutputWriter } from "./output-tail.js";

/** What to start. */
export interface SpawnOptions {
  /** Absolute path. */
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Put into its environment, where everything that it starts inherits it. */
  readonly mark: string;
  /** Kept out of the tail. */
  readonly secrets: readonly string[];
  /** `"held"`: a standard input that does not end; where there is no such thing, a pipe that closes with this process. */
  readonly input: "none" | "held";
}

/** A running agent. Its output is read all the time: a full pipe would stop it. */
export class AgentProcess {
  readonly pid: number;
  readonly tail: OutputTail;
  /** Settles when the process is gone; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** The line with which it says that it listens. Stays open if that line never comes. */
  readonly listening: Promise<string>;
  readonly #child: ChildProcess;
  readonly #mark: string;
  readonly #writers: OutputWriter[] = [];
  #exit: ProcessExit | undefined;
  #isReleased = false;

  constructor(child: ChildProcess, pid: number, { mark, secrets }: Pick<SpawnOptions, "mark" | "secrets">) {
    this.#child = child;
    this.#mark = mark;
    this.pid = pid;
    this.tail = new OutputTail(secrets);
    this.listening = new Promise((resolve) => {
      this.#drain(child.stdout, (line) => {
        if (banner.test(line)) resolve(line);
      });
    });
    this.#drain(child.stderr);
    child.stdin?.on("error", () => {});
    this.exited = new Promise((resolve) => {
      child.once("exit", (exitCode, signal) => {
        this.#exit = { exitCode, signal };
        resolve(this.#exit);
      });
    });
  }

  #drain(stream: Readable | null, onLine?: (line: string) => void): void {
    const writer = this.tail.writer(onLine);
    this.#writers.push(writer);
    stream?.on("data", (chunk: Buffer) => writer.write(chunk));
    stream?.once("close", () => writer.end());
    stream?.on("error", () => {}); // a broken pipe means that the process is going, and "exit" reports that
  }

  /** How it ended; `undefined` while it runs. */
  get exit(): ProcessExit | undefined {
    return this.#exit;
  }

  /**
   * Signals the agent, its process group (the MCP and language servers it has started) and what it runs in other groups
   * (tools; on Linux), or what is left of all that. SIGKILL also reaches descendants that hide their environment. Says
   * whether there was anything to signal.
   */
  kill(signal: NodeJS.Signals): boolean {
    if (this.#isReleased) return false; // everything is gone, and the number may be another process's
    // On Windows this ends the process whatever the signal; its children are `taskkill`'s work.
    if (process.platform === "win32") return this.#exit === undefined && this.#child.kill(signal);
    const isTree = signal === "SIGKILL" && this.#exit === undefined;
    const group = isTree ? killTree(this.pid) : signalGroup(this.pid, signal);
    return signalTagged(this.#mark, signal, this.pid) || group; // each is signalled once
  }

  /** True while anything lives that it has started, as far as the system tells: its group, and on Linux its tools. */
  get hasSurvivors(): boolean {
    if (process.platform === "win32") return false;
    return signalGroup(this.pid, 0) || taggedProcesses(this.#mark).length > 0;
  }

  /** Lets this process end although the agent runs; `ref` takes that back. */
  unref(): void {
    this.#child.unref();
    unrefPipe(this.#child.stdin);
    unrefPipe(this.#child.stdout);
    unrefPipe(this.#child.stderr);
  }

  ref(): void {
    this.#child.ref();
  }

  /**
   * The last output of an ended agent may still be in its pipes: reads them to their end. A descendant that has escaped
   * may hold a pipe open: the wait ends when nothing has come for a quarter of a second, and after five seconds. A last
   * line without its end then counts as a line.
   */
  async drained(): Promise<void> {
    const closed = Promise.all(
      [this.#child.stdout, this.#child.stderr].map(
        (stream) =>
          new Promise<void>((resolve) =>
            stream === null || stream.closed ? resolve() : stream.once("close", resolve),
          ),
      ),
    );
    for (let wait = 0, seen = -1; wait < 20 && seen !== this.tail.received; wait += 1) {
      seen = this.tail.received;
      if (await settlesWithin(closed, 250)) return;
      await setImmediate(); // a timer of a process that was held up fires before its pipes are read, let alone closed
    }
    for (const writer of this.#writers) writer.end();
  }

  /** Nothing is left of it: closes our ends of the pipes, which something that has escaped may hold open. */
  release(): void {
    this.#isReleased = true;
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

/** Pipes to a child are sockets, which can be told not to keep the process alive; not every runtime makes them so. */
function unrefPipe(stream: Readable | Writable | null): void {
  if (stream !== null && "unref" in stream && typeof stream.unref === "function") stream.unref();
}

/**
 * Starts the agent, never through a shell. On POSIX it leads a process group of its own: a Ctrl-C in the terminal then
 * reaches us only, and we can end it and its children together.
 * @throws {ServerStartupError} when the system does not start it.
 */
export async function spawnAgent(options: SpawnOptions): Promise<AgentProcess> {
  const held = options.input === "held" ? await heldInput() : undefined;
  try {
    return await spawnWith(options, held?.descriptor ?? (options.input === "held" ? "pipe" : "ignore"));
  } finally {
    held?.close();
  }
}

function spawnWith(
  { binary, args, cwd, env, mark, secrets }: SpawnOptions,
  input: number | "pipe" | "ignore",
): Promise<AgentProcess> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(cannotStart(binary, error));
    try {
      const child = spawn(binary, args, {
        cwd,
        env: { ...env, ...tagEnvironment(mark) },
        stdio: [input, "pipe", "pipe"],
        detached: process.platform !== "win32",
        windowsHide: true,
      });
      child.once("error", fail);
      if (child.pid === undefined) return; // "error" follows
      child.on("error", () => {}); // later ones are failures to signal it
      resolve(new AgentProcess(child, child.pid, { mark, secrets }));
    } catch (error) {
      fail(error);
    }
  });
}

function cannotStart(binary: string, error: unknown): ServerStartupError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const hints: Readonly<Record<string, string>> = {
    EACCES: "The file is not executable, or lies on a file system that forbids it.",
    E2BIG: "The configuration and the environment together are larger than the system allows for a process.",
    ENOENT: "The file, its interpreter or its loader is missing (a glibc build on a musl system?).",
    ENOEXEC: "The file is not for this system or this CPU.",
  };
  return new ServerStartupError(`${binary} could not be started (${code}).`, { cause: error, hint: hints[code] });
}
