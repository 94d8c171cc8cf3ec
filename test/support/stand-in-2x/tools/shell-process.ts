/** A process of a shell line. */
import { spawn } from "node:child_process";

export interface ShellProcess {
  readonly command: string;
  readonly cwd: string;
  /** In ms. */
  readonly timeout?: number;
  readonly signal: AbortSignal;
  /** Called with all the output so far. */
  readonly onOutput?: (output: string) => void;
}

export interface ShellEnd {
  readonly output: string;
  /** `undefined` when a signal ended it. */
  readonly exit: number | undefined;
  readonly isTimeout: boolean;
}

/** How long a process has between TERM and KILL, in ms. */
const grace = 3_000;

/** Resolves when it has ended, also when the signal ended it. A group of its own: all its children get the signals, too. */
export function runShell({ command, cwd, timeout, signal, onOutput }: ShellProcess): Promise<ShellEnd> {
  return new Promise((resolve) => {
    const child = spawn("/bin/sh", ["-c", command], {
      cwd,
      env: environment(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let isTimeout = false;
    let killTimer: NodeJS.Timeout | undefined;
    const kill = (name: "SIGTERM" | "SIGKILL"): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // it has ended
      }
    };
    const stop = (): void => {
      kill("SIGTERM");
      killTimer ??= setTimeout(() => kill("SIGKILL"), grace);
    };
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            isTimeout = true;
            stop();
          }, timeout);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        onOutput?.(output);
      });
    }
    const end = (exit: number | undefined): void => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      signal.removeEventListener("abort", stop);
      resolve({ output, exit, isTimeout });
    };
    child.once("error", (error) => {
      output += String(error);
      end(127);
    });
    child.once("close", (code) => end(code ?? undefined));
  });
}

/** Commands do not see the server's password. */
function environment(): NodeJS.ProcessEnv {
  const { OPENCODE_PASSWORD: _, OPENCODE_SERVER_PASSWORD: __, ...rest } = process.env;
  return rest;
}
