/** Where the command writes: the answer to standard output, everything else to standard error. */
import { once } from "node:events";
import { StatusLine, type StatusText } from "./status-line.js";

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
  /**
   * A sign of life while `work` goes on and nothing is written: the text, in which `%s` is for how long. Only where standard
   * output and standard error are one terminal.
   */
  working<T>(text: StatusText, work: () => Promise<T>): Promise<T>;
  /** While `work` runs, which asks somebody something, nothing is written: it waits. One at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** `signal` ends the waiting for a reader that has stopped reading. */
export function createTerminal(signal: AbortSignal): Terminal {
  const { stdin, stdout, stderr } = process;
  const areOne = stdout.isTTY === true && stderr.isTTY === true;
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true;
  let isLineOpen = false;
  /** Characters of the open line, about as many columns. */
  let length = 0;
  let gate: Promise<unknown> = Promise.resolve();
  let isHeld = false;
  // In the last column the cursor is still on the last letter, which would go with the status.
  const hasRoom = (): boolean => !isHeld && (length === 0 || length % stderr.columns !== 0);
  const status = new StatusLine((text) => void stderr.write(text), hasRoom);
  const hasStatus = isInteractive && areOne && process.env["TERM"] !== "dumb";
  const follow = (written: string): void => {
    if (written === "") return;
    isLineOpen = !written.endsWith("\n");
    const line = written.slice(written.lastIndexOf("\n") + 1);
    length = line.length + (written.includes("\n") ? 0 : length);
  };
  const write = async (stream: NodeJS.WriteStream, text: string): Promise<void> => {
    if (isHeld) await gate;
    status.erase();
    if (text !== "" && !stream.write(text)) await once(stream, "drain", { signal });
  };
  const text = async (piece: string): Promise<void> => {
    follow(piece);
    await write(stdout, piece);
  };
  const detail = async (lines: string): Promise<void> => {
    if (areOne) follow(lines);
    await write(stderr, lines);
  };
  /** Lines of our own, which do not know what stands before them. */
  const freshLine = (): string => (areOne && isLineOpen ? "\n" : "");
  return {
    isInteractive,
    color: stderr.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
    text,
    endLine: () => (isLineOpen ? text("\n") : Promise.resolve()),
    detail,
    areOne,
    note: (line) => void detail(`${freshLine()}opencode-ts: ${line}\n`).catch(() => {}), // nobody is left to tell
    working: (text, work) => (hasStatus ? status.during(text, work) : work()),
    alone: async (work) => {
      const before = gate;
      const run = before.then(async () => {
        isHeld = true;
        status.erase();
        stderr.write(freshLine());
        isLineOpen = false;
        length = 0;
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
