/** Where the command writes: the answer to standard output, everything else to standard error. */
import { once } from "node:events";

/** Standard output and standard error, in an order that makes sense when both are the same terminal. */
export interface Terminal {
  /** Somebody can be asked: standard input and standard error are a terminal. */
  readonly isInteractive: boolean;
  /** Standard output and standard error are shown in the same place. */
  readonly areOne: boolean;
  /** Colours for standard error. */
  readonly color: boolean;
  /** Writes a piece of the answer. Resolves when there is room for more; rejects when nobody reads any more. */
  text(piece: string): Promise<void>;
  /** Ends a line of the answer that has begun. */
  endLine(): Promise<void>;
  /** Writes lines about the run, as they are. */
  detail(lines: string): Promise<void>;
  /** One line for whoever sits in front of it. */
  note(line: string): void;
  /** While `work` runs, which asks somebody something, nothing is written: it waits. One at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** `signal` ends the waiting for a reader that has stopped reading. */
export function createTerminal(signal: AbortSignal): Terminal {
  const { stdin, stdout, stderr } = process;
  const areOne = stdout.isTTY === true && stderr.isTTY === true;
  let isLineOpen = false;
  let gate: Promise<unknown> = Promise.resolve();
  let isHeld = false;
  const write = async (stream: NodeJS.WriteStream, text: string): Promise<void> => {
    if (isHeld) await gate;
    if (text !== "" && !stream.write(text)) await once(stream, "drain", { signal });
  };
  const text = async (piece: string): Promise<void> => {
    if (piece !== "") isLineOpen = !piece.endsWith("\n");
    await write(stdout, piece);
  };
  const detail = async (lines: string): Promise<void> => {
    if (areOne && lines !== "") isLineOpen = !lines.endsWith("\n");
    await write(stderr, lines);
  };
  /** Lines of our own, which do not know what stands before them. */
  const freshLine = (): string => (areOne && isLineOpen ? "\n" : "");
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    color: stderr.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
    text,
    endLine: () => (isLineOpen ? text("\n") : Promise.resolve()),
    detail,
    areOne,
    note: (line) => void detail(`${freshLine()}opencode-ts: ${line}\n`).catch(() => {}), // nobody is left to tell
    alone: async (work) => {
      const before = gate;
      const run = before.then(async () => {
        isHeld = true;
        stderr.write(freshLine());
        isLineOpen = false;
        return work();
      });
      gate = run.then(
        () => {
          isHeld = false;
        },
        () => {
          isHeld = false;
        },
      );
      return run;
    },
  };
}
