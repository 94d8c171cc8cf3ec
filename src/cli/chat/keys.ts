/**
 * Handles the keys of a chat while no line is edited. Ctrl-C aborts the run (as a key: a signal would end the server, too).
 * All other keys are kept for the next line.
 */
import { stripVTControlCharacters } from "node:util";

const [interrupt, enter] = [0x03, 0x0d];

/** Controls which part of the chat reads the keys. */
export interface Keys {
  /** Called on Ctrl-C. */
  onInterrupt: () => void;
  /** Called with a message that was typed during a run. Without it, messages and commands wait for the end of the run. */
  onMessage: ((text: string) => void) | undefined;
  /** The typed text that is not yet in a line, for display. */
  typed(): string;
  /** Releases the keys to `work`, which shows a prompt. */
  lent<T>(work: () => Promise<T>): Promise<T>;
  /** Releases the keys to a line editor, together with the typed text up to the first Enter. */
  release(): void;
  /** Takes the keys back; `rest` is the text that the editor did not use. */
  hold(rest?: string): void;
  /** Releases the keys permanently. */
  stop(): void;
}

/** Takes the keys of a terminal. Without a terminal it does nothing. */
export function takeKeys(): Keys {
  return process.stdin.isTTY === true ? new TerminalKeys() : noKeys;
}

const noKeys: Keys = {
  onInterrupt: () => {},
  onMessage: undefined,
  typed: () => "",
  lent: (work) => work(),
  release: () => {},
  hold: () => {},
  stop: () => {},
};

class TerminalKeys implements Keys {
  onInterrupt: () => void = () => {};
  onMessage: ((text: string) => void) | undefined;
  /** In order of arrival: several lines in one piece were pasted, and are one message. */
  #pieces: Buffer[] = [];
  #isHeld = false;

  constructor() {
    this.hold();
  }

  typed(): string {
    return edited(Buffer.concat(this.#pieces).toString("utf8").replaceAll("\r", " ⏎ "));
  }

  async lent<T>(work: () => Promise<T>): Promise<T> {
    this.#letGo();
    try {
      return await work();
    } finally {
      this.hold();
    }
  }

  release(): void {
    this.#letGo();
    const last = this.#pieces.findIndex((piece) => piece.includes(enter));
    const next = this.#pieces.splice(0, last < 0 ? this.#pieces.length : last + 1);
    if (next.length > 0) process.stdin.unshift(Buffer.concat(next));
  }

  hold(rest = ""): void {
    if (rest !== "") this.#pieces.unshift(Buffer.from(rest));
    if (this.#isHeld) return;
    this.#isHeld = true;
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#onData);
    process.stdin.resume();
  }

  stop(): void {
    this.#letGo();
  }

  #letGo(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    process.stdin.off("data", this.#onData);
    process.stdin.pause();
    process.stdin.setRawMode(false);
  }

  /**
   * Commands, texts that go on in the next line, and all that is typed behind them wait for the line editor: `/new` and `/model` say where
   * a message behind them goes.
   */
  #entered(): void {
    const isFirst = this.#pieces.findIndex((piece) => piece.includes(enter)) === this.#pieces.length - 1;
    const text = textOf(this.#pieces);
    if (this.onMessage === undefined || !isFirst || text.startsWith("/") || !isWhole(text)) return;
    this.#pieces = [];
    if (text !== "") this.onMessage(text);
  }

  readonly #onData = (data: Buffer | string): void => {
    const piece = Buffer.from(data);
    if (!piece.includes(interrupt)) {
      this.#pieces.push(piece);
      if (piece.includes(enter)) this.#entered();
      return;
    }
    // Typed text stays, but is not sent without another Enter.
    const text = Buffer.concat(this.#pieces).filter((byte) => byte !== enter);
    this.#pieces = text.length === 0 ? [] : [Buffer.from(text)];
    this.onInterrupt();
  };
}

/** No text that goes on in the next line. */
function isWhole(text: string): boolean {
  return !text.endsWith("\\") && !text.includes('"""');
}

function textOf(pieces: readonly Buffer[]): string {
  return edited(Buffer.concat(pieces).toString("utf8")).trim();
}

/** The text that the keys make: without control characters, and without the letters that were deleted. Enter is a line end. */
function edited(keys: string): string {
  const letters: string[] = [];
  for (const letter of stripVTControlCharacters(keys)) {
    if (letter === "\u007f" || letter === "\b") letters.pop();
    else if (letter === "\r") letters.push("\n");
    else if (letter >= " ") letters.push(letter);
  }
  return letters.join("");
}
