/** Standard output for a text that comes in pieces. */
import { once } from "node:events";

/** Writes pieces, and knows whether the last one ended its line. */
export interface Output {
  /** Resolves when there is room for more; rejects when nobody reads any more, or when it is stopped. */
  write(text: string): Promise<void>;
  /** Ends a line that has begun. */
  endLine(): Promise<void>;
}

/** `signal` ends the waiting for a reader that has stopped reading. */
export function createOutput(stdout: NodeJS.WriteStream, signal: AbortSignal): Output {
  let isLineOpen = false;
  const write = async (text: string): Promise<void> => {
    if (text === "") return;
    isLineOpen = !text.endsWith("\n");
    if (!stdout.write(text)) await once(stdout, "drain", { signal });
  };
  return { write, endLine: () => (isLineOpen ? write("\n") : Promise.resolve()) };
}

/** The reader of a pipe has gone: `| head` does that. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
