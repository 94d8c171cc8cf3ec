/** Standard input as a part of the prompt. */
import { fstatSync } from "node:fs";

/** How long a pipe that nobody was told to wait for may stay silent, in ms. The agent starts meanwhile. */
export const silence = 3_000;

export interface InputOptions {
  /** Until something comes, in ms; `undefined` waits for ever. From the first piece on it is read to its end. */
  readonly waitLimit: number | undefined;
  /** Ends the reading; what was read is lost. */
  readonly signal: AbortSignal;
}

/** What was read, and whether the pipe was given up. Nothing is read from a terminal. */
export interface Input {
  readonly text: string;
  readonly isSilent: boolean;
}

/** May there be something to read? Not in a terminal, in `/dev/null` and other devices, or where nothing is open. */
export function hasInput(stdin: NodeJS.ReadStream): boolean {
  if (stdin.isTTY === true) return false;
  try {
    return !fstatSync(0).isCharacterDevice();
  } catch {
    return false; // closed
  }
}

/**
 * Many programs start others with an open pipe as standard input and never write to it: a wait for its end would be
 * for ever. Whether somebody will write cannot be seen from here, so the first piece is waited for, but not long.
 */
export async function readInput(stdin: NodeJS.ReadStream, { waitLimit, signal }: InputOptions): Promise<Input> {
  if (!hasInput(stdin)) return { text: "", isSilent: false };
  const end = (): void => {
    stdin.destroy();
  };
  let isSilent = false;
  const timer =
    waitLimit === undefined
      ? undefined
      : setTimeout(() => {
          isSilent = true;
          end();
        }, waitLimit);
  signal.addEventListener("abort", end, { once: true });
  let text = "";
  try {
    stdin.setEncoding("utf8");
    for await (const piece of stdin) {
      clearTimeout(timer);
      text += String(piece);
    }
  } catch (error) {
    if (!isSilent) throw error; // otherwise it was our own `destroy`
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    end(); // an open pipe would keep the process alive
  }
  return { text, isSilent };
}
