/** Runs a command: Ctrl-C, a reader that goes away, and what it throws, as an exit code. */
import { exitCodeOf, explain, interrupted } from "./failures.js";

/**
 * Calls `work` with a signal that the first Ctrl-C aborts; a second one kills. Resolves to the exit code and has written
 * what went wrong to standard error. `onFailure` is told first, for output that must say it, too. `work` may resolve to an exit code.
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
  const ignore = (): void => {}; // nobody is left to tell
  process.on("SIGINT", onInterrupt);
  stdout.on("error", onUnwritable);
  stderr.on("error", ignore);
  try {
    const code = await work(stop.signal);
    return typeof code === "number" ? code : 0;
  } catch (error) {
    const reason = unwritable ?? error;
    if (isBrokenPipe(reason)) return 0; // the reader has what it wanted
    if (interrupts > 0) return interrupted;
    await onFailure(reason).catch(ignore);
    stderr.write(explain(reason));
    return exitCodeOf(reason);
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

/** The reader of a pipe has gone: `| head` does that. */
function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
