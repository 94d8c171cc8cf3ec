/** The command's output: the answer to standard output, everything else to standard error. */
import { once } from "node:events";
import { StatusLine, type StatusText } from "./status-line.js";

/** Standard output and standard error, in the right order if both are the same terminal. */
export interface Terminal {
  /** The user can be prompted: standard input and standard error are a terminal. */
  readonly isInteractive: boolean;
  /** Standard output and standard error are the same terminal. */
  readonly areOne: boolean;
  /** Colours for standard error. */
  readonly color: boolean;
  /** Writes a piece of the answer. Resolves when there is room for more; rejects when the reader has gone. */
  text(piece: string): Promise<void>;
  /** Ends an open line of the answer. */
  endLine(): Promise<void>;
  /** Writes lines about the run unchanged. */
  detail(lines: string): Promise<void>;
  /** Writes one line for the user. */
  note(line: string): void;
  /**
   * Shows a status line while `work` runs and nothing is written: the text, with the elapsed time for `%s`. Only if standard
   * output and standard error are one terminal.
   */
  working<T>(text: StatusText, work: () => Promise<T>): Promise<T>;
  /** Holds back all output while `work` prompts the user. One `work` at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** `signal` ends the wait for a reader that has stopped reading. `quiet`: no status line. */
export function createTerminal(signal: AbortSignal, { quiet = false }: { readonly quiet?: boolean } = {}): Terminal {
  const { stdin, stdout, stderr } = process;
  const areOne = stdout.isTTY === true && stderr.isTTY === true;
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true;
  let isLineOpen = false;
  /** Characters of the open line, about as many columns. */
  let length = 0;
  let gate: Promise<unknown> = Promise.resolve();
  let isHeld = false;
  // In the last column the cursor is still on the last letter: erasing the status would erase it too.
  const hasRoom = (): boolean => !isHeld && (length === 0 || length % stderr.columns !== 0);
  const status = new StatusLine((text) => void stderr.write(text), hasRoom);
  const hasStatus = !quiet && isInteractive && areOne && process.env["TERM"] !== "dumb";
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
  /** A line break if the line is open: our own lines start on a fresh one. */
  const freshLine = (): string => (areOne && isLineOpen ? "\n" : "");
  return {
    isInteractive,
    color: stderr.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
    text,
    endLine: () => (isLineOpen ? text("\n") : Promise.resolve()),
    detail,
    areOne,
    note: (line) => void detail(`${freshLine()}opencode-ts: ${line}\n`).catch(() => {}), // standard error is closed
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
