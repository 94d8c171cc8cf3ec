/** The last lines a process printed, bounded, without its secrets. */
import { StringDecoder } from "node:string_decoder";
import { redact } from "../util/redact.js";

const maxLines = 500;
const maxCharacters = 65_536;
const maxLine = 4_096;

/** Takes one stream of the process. `end` makes a line of what has come since the last line break. */
export interface OutputWriter {
  write(chunk: Buffer): void;
  end(): void;
}

/** Collects output for error messages. Bytes go in at the pace of the process; memory stays under 128 KiB. */
export class OutputTail {
  readonly #secrets: readonly string[];
  readonly #lines: string[] = [];
  #characters = 0;
  #received = 0;

  /** @param secrets never shown, wherever they stand in the output. */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((secret) => secret !== "");
  }

  /** A sink for one stream of the process; each whole line is also given to `onLine`. */
  writer(onLine: (line: string) => void = () => {}): OutputWriter {
    const decoder = new StringDecoder("utf8");
    // Beyond the cut, a secret's length more is kept: one that begins before the cut must be whole to be recognised.
    const keep = maxLine + Math.max(0, ...this.#secrets.map((secret) => secret.length));
    let pending = "";
    const line = (): void => {
      const text = pending.replace(/\r$/, "");
      pending = "";
      onLine(text);
      this.#push(text);
    };
    return {
      write: (chunk) => {
        this.#received += chunk.length;
        const pieces = decoder.write(chunk).split("\n");
        pieces.forEach((piece, index) => {
          if (pending.length < keep) pending += piece.slice(0, keep - pending.length);
          if (index < pieces.length - 1) line();
        });
      },
      end: () => {
        if (pending !== "") line();
      },
    };
  }

  /** Bytes that have come so far. */
  get received(): number {
    return this.#received;
  }

  #push(line: string): void {
    let text = line;
    for (const secret of this.#secrets) text = text.replaceAll(secret, "[redacted]");
    if (line.length > maxLine) text = this.#withoutBeginning(text);
    text = redact(text).slice(0, maxLine);
    this.#lines.push(text);
    this.#characters += text.length + 1;
    while (this.#lines.length > maxLines || this.#characters > maxCharacters) {
      this.#characters -= (this.#lines.shift() ?? "").length + 1;
    }
  }

  /** The text without the beginning of a secret that the cut has left at its end. */
  #withoutBeginning(text: string): string {
    for (const secret of this.#secrets) {
      for (let length = secret.length - 1; length > 0; length -= 1) {
        if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length);
      }
    }
    return text;
  }

  /** The lines, oldest first. */
  toString(): string {
    return this.#lines.join("\n");
  }
}
