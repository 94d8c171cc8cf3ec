/** Runs a program with a text on its standard input, for a bounded time. */
import { spawn } from "node:child_process";
import { signalGroup } from "../process/process-tree.js";
import { onAbort } from "../util/abort.js";

/** ms. */
const longestRun = 30_000;
/** Characters of standard error that an error tells. */
const longestTail = 500;

/**
 * Resolves when it has ended with 0; rejects otherwise, and after 30 s, when it and its children are killed. No shell is involved. `cwd` is
 * this process's by default.
 */
export function runProgram(
  command: readonly string[],
  input: string,
  signal: AbortSignal,
  cwd?: string,
): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const [file = "", ...args] = command;
  const isPosix = process.platform !== "win32";
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ["pipe", "ignore", "pipe"],
      detached: isPosix,
      windowsHide: true,
      ...(cwd === undefined ? {} : { cwd }),
    });
    let tail = "";
    const kill = (reason: Error): void => {
      reject(reason);
      if (isPosix && child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    };
    const timer = setTimeout(() => kill(new Error(`it has not ended within ${longestRun / 1_000} s`)), longestRun);
    const forget = onAbort(signal, () => kill(signal.reason));
    const done = (): void => {
      clearTimeout(timer);
      forget();
    };
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      tail = (tail + piece).slice(-longestTail);
    });
    child.stdin.on("error", () => {}); // it does not want its input
    child.once("error", (error) => {
      done();
      reject(error);
    });
    child.once("exit", (code, killedBy) => {
      done();
      child.stderr.destroy(); // a child that it has left in the background holds it open, and would hold this process
      if (code === 0) resolve();
      else reject(new Error(`it has ended with ${killedBy ?? `code ${code}`}${tail === "" ? "" : `: ${tail.trim()}`}`));
    });
    child.stdin.end(input);
  });
}
