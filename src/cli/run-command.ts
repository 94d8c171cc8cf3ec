/** Runs a command, and turns Ctrl-C, a closed pipe and errors into exit codes. */
import { exitCodeOf, explain, interrupted } from "./failures.js";

/**
 * Calls `work` with a signal that the first Ctrl-C aborts; a second Ctrl-C kills the process. Resolves to the exit code after it
 * has written the error to standard error. Calls `onFailure` first, for JSON output. `work` may resolve to an exit code.
 */
export async function guarded(
  work: (signal: AbortSignal) => Promise<unknown>,
  onFailure: (error: unknown) => Promise<unknown> = async () => {},
): Promise<number> {
  const { stdout, stderr } = process;
  const stop = new AbortController();
  let interrupts = 0;
  const onInterrupt = (): void => {
    interrupts += 1;
    if (interrupts > 1) process.exit(interrupted);
    stop.abort(new Error("interrupted"));
  };
  let unwritable: unknown;
  const onUnwritable = (error: unknown): void => {
    unwritable = error;
    stop.abort(error);
  };
  const ignore = (): void => {}; // standard error is closed
  process.on("SIGINT", onInterrupt);
  stdout.on("error", onUnwritable);
  stderr.on("error", ignore);
  try {
    const code = await work(stop.signal);
    return typeof code === "number" ? code : 0;
  } catch (error) {
    const reason = unwritable ?? error;
    if (isBrokenPipe(reason)) return 0; // the reader has read enough
    if (interrupts > 0) return interrupted;
    await onFailure(reason).catch(ignore);
    stderr.write(explain(reason));
    return exitCodeOf(reason);
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

/** The reader of the pipe has exited, for example `| head`. */
function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
