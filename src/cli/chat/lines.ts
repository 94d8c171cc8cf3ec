/** Reads the messages of a chat: with history, several lines, and a Ctrl-C that does not leave the chat. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Keys } from "./keys.js";

const prompt = "› ";
const continuation = "… ";
/** Lines that arrive within this time of each other were pasted, in ms. */
const pasteGap = 15;
const mostHistory = 500;
/** Starts and ends a text of several lines. */
const fence = '"""';

/** Reads one message after the other. */
export interface MessageReader {
  /** The next message; `undefined` at the end of the input (Ctrl-D, or Ctrl-C twice). */
  next(): Promise<string | undefined>;
  close(): void;
}

/** A terminal gets an editor with history; from a pipe each line is a message. */
export function createMessageReader(keys: Keys): MessageReader {
  return process.stdin.isTTY === true ? new TerminalReader(keys) : new PipeReader();
}

class PipeReader implements MessageReader {
  readonly #lines: Interface;
  readonly #iterator: AsyncIterator<string>;

  constructor() {
    this.#lines = createInterface({ input: process.stdin, terminal: false });
    this.#iterator = this.#lines[Symbol.asyncIterator]();
  }

  async next(): Promise<string | undefined> {
    const message = new MessageBuilder();
    for (;;) {
      const { done, value } = await this.#iterator.next();
      if (done === true) return message.rest();
      const whole = message.add(value);
      if (whole !== undefined) return whole;
    }
  }

  close(): void {
    this.#lines.close();
  }
}

/** One editor per message. In between, the keys are kept for the next message, or a prompt reads them. */
class TerminalReader implements MessageReader {
  readonly #keys: Keys;
  #history: string[] = readHistory();

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  next(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#keys.release();
      const lines = createInterface({
        input: process.stdin,
        output: process.stderr,
        terminal: true,
        prompt,
        history: [...this.#history],
        historySize: mostHistory,
      });
      const message = new MessageBuilder();
      const typed: string[] = [];
      let timer: ReturnType<typeof setTimeout> | undefined;
      let isLeaving = false;
      let isSettled = false;
      const settle = (text: string | undefined): void => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        const rest = lines.line; // typed behind the Enter
        lines.close(); // with its listeners for keys: one that stays would echo every key once more
        this.#keys.hold(rest);
        if (text !== undefined && text.trim() !== "") this.#remember(text);
        resolve(text);
      };
      const flush = (): void => {
        const whole = message.addPasted(typed.splice(0));
        if (whole !== undefined) settle(whole);
        else {
          lines.setPrompt(continuation);
          lines.prompt();
        }
      };
      lines.on("line", (line) => {
        isLeaving = false;
        typed.push(line);
        clearTimeout(timer);
        timer = setTimeout(flush, pasteGap);
      });
      lines.on("SIGINT", () => {
        if (isLeaving && lines.line === "") {
          settle(undefined);
          return;
        }
        isLeaving = true;
        message.clear();
        process.stderr.write("\n(Ctrl-C again, Ctrl-D or /exit leaves)\n");
        lines.setPrompt(prompt);
        lines.write(null, { ctrl: true, name: "u" });
        lines.prompt();
      });
      lines.on("close", () => settle(undefined));
      lines.prompt();
    });
  }

  close(): void {
    process.stdin.pause();
  }

  #remember(text: string): void {
    const line = text.replace(/\n/g, " ");
    this.#history = [line, ...this.#history.filter((known) => known !== line)].slice(0, mostHistory);
    writeHistory(this.#history);
  }
}

/** Joins lines to a message: after a backslash at the end of a line, and between two `"""`. */
export class MessageBuilder {
  #lines: string[] = [];
  #isFenced = false;

  /** The message, if this line was its last. */
  add(line: string): string | undefined {
    if (line.trim() === fence) {
      this.#isFenced = !this.#isFenced;
      return this.#isFenced ? undefined : this.rest();
    }
    const goesOn = !this.#isFenced && line.endsWith("\\");
    this.#lines.push(goesOn ? line.slice(0, -1) : line);
    return this.#isFenced || goesOn ? undefined : this.rest();
  }

  /** Adds pasted lines: they are one message unless a `"""` opens or ends one. */
  addPasted(lines: readonly string[]): string | undefined {
    for (const [at, line] of lines.entries()) {
      const isLast = at === lines.length - 1;
      const goesOn = !isLast && line.trim() !== fence && !this.#isFenced && !line.endsWith("\\");
      const whole = this.add(goesOn ? `${line}\\` : line);
      if (whole !== undefined) return [whole, ...lines.slice(at + 1)].join("\n");
    }
    return undefined;
  }

  /** The message so far; `undefined` for none. */
  rest(): string | undefined {
    if (this.#lines.length === 0) return undefined;
    const text = this.#lines.join("\n");
    this.clear();
    return text;
  }

  clear(): void {
    this.#lines = [];
    this.#isFenced = false;
  }
}

/** In the state folder of the XDG Base Directory Specification, for data that may be lost. */
function historyFile(): string {
  const state = process.env["XDG_STATE_HOME"] ?? "";
  return join(isAbsolute(state) ? state : join(homedir(), ".local", "state"), "opencode-ts", "chat-history");
}

function readHistory(): string[] {
  try {
    return readFileSync(historyFile(), "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    return []; // none yet
  }
}

/** For this user only: prompts are private. */
function writeHistory(history: readonly string[]): void {
  try {
    mkdirSync(dirname(historyFile()), { recursive: true, mode: 0o700 });
    writeFileSync(historyFile(), `${history.join("\n")}\n`, { mode: 0o600 });
  } catch {
    // A home that cannot be written has no history.
  }
}
