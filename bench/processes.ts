/** Processes of the bench: programs that are measured from outside, and workers that measure themselves. */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { programs, root } from "./machine.js";
import type { Job, Measured } from "./programs/worker.js";

/** The programs of `bench/programs` that run by themselves. */
const names = [
  "client-ours",
  "client-official",
  "client-bare",
  "stub",
  "two-fetches",
  "warm-steps",
  "import-cost",
  "kept-address",
  "one-shot-usable",
  "empty",
  "write-catalogue",
] as const;

/** One of them. */
export type Program = (typeof names)[number];

/**
 * Compiles the programs. They import the package by its name, as an application does.
 * @param from "package": the built package, by its `exports`. "source": for tests, without a build.
 */
export async function compilePrograms(from: "package" | "source", outdir: string = programs): Promise<void> {
  await build({
    entryPoints: names.map((name) => join(root, "bench", "programs", `${name}.ts`)),
    outdir,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    logLevel: "warning",
    // The paths of tsconfig.json lead to the source.
    ...(from === "package" ? { tsconfigRaw: {} } : {}),
  });
}

/** Wall time and processor time of a process and its children, in ms. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly output: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

const limit = 10 * 60_000;

/**
 * Runs a program to its end. Its processor time is read from the counters of our ended children, in ticks of 10 ms, so no other
 * process may end at the same time. Rejects if the program fails.
 */
export async function runTimed(command: string, args: readonly string[], options: RunOptions = {}): Promise<Cost> {
  const { cwd = root, env = process.env } = options;
  const cpuBefore = childrenTime();
  const begun = performance.now();
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: limit });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = await once(child, "close");
  const wall = performance.now() - begun;
  if (code !== 0)
    throw new Error(`${[command, ...args].join(" ")} ended with ${code}:\n${output}${errors}`.slice(0, 4_000));
  return { wall, cpu: childrenTime() - cpuBefore, output };
}

/** Processor time of all children that have ended, in ms; 0 where there is no `/proc`. */
function childrenTime(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "latin1").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[13]) + Number(fields[14])) * 10; // cutime and cstime, in ticks
  } catch {
    return 0;
  }
}

/** A process with an IPC channel that answers one message at a time. */
export class Talker<Question, Reply> implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(file: string, flags: readonly string[] = []) {
    this.#child = fork(file, [], { execArgv: [...flags], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** The next message of the process; rejects when the process ends instead. */
  next(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        this.#child.off("message", onMessage).off("exit", onExit);
        act();
      };
      const onMessage = (message: unknown): void => settle(() => resolve(message as Reply)); // of our own program
      const onExit = (code: number | null): void =>
        settle(() => reject(new Error(`a program of the bench ended with ${code}`)));
      this.#child.on("message", onMessage).on("exit", onExit);
    });
  }

  ask(question: Question): Promise<Reply> {
    const reply = this.next();
    this.#child.send(question as object);
    return reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}

type WorkerReply = { readonly measured: Measured } | { readonly error: string };

/** A client in a process of its own. */
export class Worker implements AsyncDisposable {
  readonly #talker: Talker<Job, WorkerReply>;

  constructor(program: Program, folder: string = programs) {
    this.#talker = new Talker(join(folder, `${program}.js`), ["--expose-gc"]);
  }

  get pid(): number {
    return this.#talker.pid;
  }

  /** Does a job and gives its measures. Rejects if the client fails or the answer is wrong. */
  async do(job: Job): Promise<Measured> {
    const reply = await this.#talker.ask(job);
    if ("error" in reply) throw new Error(reply.error);
    return reply.measured;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#talker[Symbol.asyncDispose]();
  }
}

/** Counts the sockets of a process every few milliseconds, without those that it has now. 0 where there is no `/proc`. */
export function countSockets(pid: number): Disposable & { most(): number } {
  const before = socketsOf(pid);
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, socketsOf(pid) - before);
  }, 10);
  const stop = (): void => clearInterval(timer);
  return { most: () => most, [Symbol.dispose]: stop };
}

function socketsOf(pid: number): number {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).filter((name) => linkOf(join(folder, name)).startsWith("socket:")).length;
  } catch {
    return 0;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // closed meanwhile
  }
}
