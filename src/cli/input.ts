/** Reads standard input as a part of the prompt. */
import { fstatSync } from "node:fs";

/** How long to wait for a silent pipe without `-`, in ms. The agent starts meanwhile. */
export const silence = 3_000;

export interface InputOptions {
  /** Wait for the first piece, in ms; `undefined` waits forever. After the first piece the input is read to its end. */
  readonly waitLimit: number | undefined;
  /** Stops reading; the text so far is lost. */
  readonly signal: AbortSignal;
}

/** The text, and whether the wait ended without input. A terminal is never read. */
export interface Input {
  readonly text: string;
  readonly isSilent: boolean;
}

/** Whether input is possible: not from a terminal, `/dev/null`, another device, or a closed descriptor. */
export function hasInput(stdin: NodeJS.ReadStream): boolean {
  if (stdin.isTTY === true) return false;
  try {
    return !fstatSync(0).isCharacterDevice();
  } catch {
    return false; // closed
  }
}

/**
 * Many programs start others with an open pipe as standard input and never write to it: a wait for its end would hang
 * forever. A reader cannot know whether a writer will write, so the wait for the first piece is limited.
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
