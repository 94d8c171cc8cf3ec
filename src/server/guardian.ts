/**
 * Ends a server when we die without being able to: by SIGKILL, by a crash, with the terminal. A shell of its own session
 * waits at a pipe that the system closes with our process, whatever ended it. It costs about a megabyte.
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { guardianName } from "../binary/process-tree.js";
import type { LevelLogger } from "../internal/logger.js";
import { posixScript, windowsScript } from "./guardian-script.js";
import { markLine } from "./marker.js";

/** What a guardian looks after. */
export interface GuardianOptions {
  readonly mark: string;
  /** Removed when we are gone. */
  readonly folder: string;
  /** Removed when everything is ended. */
  readonly record: string;
  readonly logger: LevelLogger;
}

/** ms until a guardian that was told to go is killed. It only has to read a line. */
const patience = 1_000;

/** A running guardian; without a shell, nothing. */
export class Guardian {
  readonly #child: ChildProcess | undefined;
  readonly #gone: Promise<void>;

  /** Starts it. To be called before the server exists, so that there is no moment without it. Never throws. */
  constructor(options: GuardianOptions) {
    const { logger } = options;
    try {
      const child = process.platform === "win32" ? spawnForWindows(options) : spawnShell(options);
      this.#child = child;
      child.stdin?.on("error", () => {}); // it has been killed: nothing hears us
      this.#gone = new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.once("error", (error) => {
          logger.debug(`the server has no guardian: ${error.message}`);
          if (child.pid === undefined) resolve();
        });
      });
      child.unref();
      // The pipe is a socket, on which nothing ever arrives; not every runtime makes it so.
      if (child.stdin !== null && "unref" in child.stdin && typeof child.stdin.unref === "function") {
        child.stdin.unref();
      }
    } catch (error) {
      this.#child = undefined;
      this.#gone = Promise.resolve();
      logger.debug(`the server has no guardian: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** From now on this process is to be ended; none when there is no argument. `start`: when it started, if that is known. */
  watch(pid?: number, start = ""): void {
    this.#tell(pid === undefined ? "server" : `server ${pid} ${start}`);
  }

  /** Lets it go without doing anything; resolves when it is gone. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.ref(); // our process must not end while it is waited for
    this.#tell("end");
    child.stdin?.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    await this.#gone;
    clearTimeout(timer);
  }

  #tell(line: string): void {
    if (this.#child?.stdin?.writable === true) this.#child.stdin.write(`${line}\n`);
  }
}

/** In a session of its own, so that neither a closed terminal nor Ctrl-C reaches it. It holds nothing of ours but the pipe. */
function spawnShell({ mark, folder, record }: GuardianOptions): ChildProcess {
  const passed = passedOn();
  const nothing = passed.length === 0 ? undefined : openSync("/dev/null", "r+");
  try {
    const stdio: StdioOptions = ["pipe", "ignore", "ignore"];
    for (const descriptor of passed) {
      while (stdio.length < descriptor) stdio.push("ignore");
      stdio[descriptor] = nothing;
    }
    return spawn("/bin/sh", ["-c", posixScript, guardianName, markLine(mark), folder, record], {
      cwd: "/",
      detached: true,
      // Not our environment: a mark in it, of a server that we are a tool of, would end the guardian with that one.
      env: { PATH: `/usr/bin:/bin:${process.env["PATH"] ?? ""}`, LC_ALL: "C" },
      stdio,
    });
  } finally {
    if (nothing !== undefined) closeSync(nothing);
  }
}

/** Looking at more of them would take longer than starting the guardian. */
const maxDescriptors = 1_024;

/**
 * Descriptors that somebody gave us and that a child would get, too: a lock, or a pipe whose other end waits for everybody
 * to let go. The script can close those up to 9 itself; on Linux the others are found by what they lack.
 */
function passedOn(): readonly number[] {
  // Deno passes nothing on, and its descriptors are no numbers that the system knows.
  if (process.platform !== "linux" || "deno" in process.versions) return [];
  const closesOnExec = 0o2000000;
  const isPassedOn = (descriptor: number): boolean => {
    try {
      const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1");
      return (Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "", 8) & closesOnExec) === 0;
    } catch {
      return false; // the one that has just read the list
    }
  };
  try {
    const all = readdirSync("/proc/self/fd").map(Number);
    return all.filter((descriptor) => descriptor > 9 && descriptor < maxDescriptors && isPassedOn(descriptor));
  } catch {
    return [];
  }
}

function spawnForWindows({ folder }: GuardianOptions): ChildProcess {
  return spawn("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", windowsScript], {
    detached: true,
    env: { ...process.env, OPENCODE_TS_FOLDER: folder },
    stdio: ["pipe", "ignore", "ignore"],
    windowsHide: true,
  });
}
