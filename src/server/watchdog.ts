/**
 * Ends a server when we die without being able to: by SIGKILL, by a crash, with the terminal. A shell of its own session
 * waits at a pipe that the system closes with our process, whatever ended it. It costs about a megabyte.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { detachedShell, scriptLine } from "../process/detached-shell.js";
import { tagLine } from "../process/process-tag.js";
import { watchdogName } from "../process/process-tree.js";
import { messageOf } from "../util/error-message.js";
import type { LevelLogger } from "../util/logger.js";
import { posixScript, windowsScript } from "./watchdog-script.js";

/** What a watchdog looks after. */
export interface WatchdogOptions {
  readonly mark: string;
  /** Removed when we are gone. */
  readonly folder: string;
  /** Removed when everything is ended. */
  readonly record: string;
  readonly logger: LevelLogger;
}

/** ms until a watchdog that was told to go is killed. It only has to read a line. */
const waitLimit = 1_000;

/** A running watchdog; without a shell, nothing. */
export class Watchdog {
  readonly #child: ChildProcess | undefined;
  readonly #gone: Promise<void>;
  /** Told before it shows itself under another name. */
  readonly #script: string;

  /** Starts it. To be called before the server exists, so that there is no moment without it. Never throws. */
  constructor(options: WatchdogOptions) {
    const { logger } = options;
    this.#script = scriptLine(posixScript, argumentsOf(options));
    try {
      const child = process.platform === "win32" ? spawnForWindows(options) : spawnShell(options);
      this.#child = child;
      this.#gone = new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.once("error", (error) => {
          logger.debug(`the server has no watchdog: ${error.message}`);
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
      logger.debug(`the server has no watchdog: ${messageOf(error)}`);
    }
  }

  /** From now on this process is to be ended; none when there is no argument. `start`: when it started, if that is known. */
  watch(pid?: number, start = ""): void {
    // In one piece: the watchdog must not end up under its name and without a script.
    const name =
      pid === undefined || process.platform === "win32" ? "" : `name ${watchdogName} of ${pid}\n${this.#script}`;
    this.#tell(`${name}server ${pid ?? ""} ${start}\n`);
  }

  /** Lets it go without doing anything; resolves when it is gone. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.ref(); // our process must not end while it is waited for
    this.#tell("end\n");
    child.stdin?.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), waitLimit);
    await this.#gone;
    clearTimeout(timer);
  }

  #tell(lines: string): void {
    if (this.#child?.stdin?.writable === true) this.#child.stdin.write(lines);
  }
}

function argumentsOf({ mark, folder, record }: WatchdogOptions): readonly string[] {
  return [tagLine(mark), folder, record];
}

function spawnShell(options: WatchdogOptions): ChildProcess {
  return detachedShell(posixScript, argumentsOf(options), {
    name: watchdogName,
    cwd: "/",
    // Not our environment: a mark in it, of a server that we are a tool of, would end the watchdog with that one.
    env: { PATH: `/usr/bin:/bin:${process.env["PATH"] ?? ""}`, LC_ALL: "C" },
  });
}

function spawnForWindows({ folder }: WatchdogOptions): ChildProcess {
  const child = spawn("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", windowsScript], {
    detached: true,
    env: { ...process.env, OPENCODE_TS_FOLDER: folder },
    stdio: ["pipe", "ignore", "ignore"],
    windowsHide: true,
  });
  child.stdin.on("error", () => {}); // as in `detachedShell`
  return child;
}
