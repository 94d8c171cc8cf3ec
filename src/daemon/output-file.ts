/** The output of a kept server: it prints into a file, which does not end with this process. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { OutputTail } from "../server/output-tail.js";
import { delay } from "../util/delay.js";

const listeningLine = /^.*\blistening on https?:\/\/\S.*\n/m;

/** What a server prints into a file. It stays readable when the file has been removed. */
export class OutputFile {
  readonly #descriptor: number;
  readonly #secrets: readonly string[];
  #text = "";

  constructor(path: string, secrets: readonly string[]) {
    this.#descriptor = openSync(path, "w+", 0o600);
    this.#secrets = secrets;
  }

  /** The line with which the server says that it listens. Rejects with the signal's reason. */
  async listening(signal: AbortSignal): Promise<string> {
    for (;;) {
      const line = listeningLine.exec(this.#read())?.[0];
      if (line !== undefined) return line.trim();
      await delay(15, signal);
    }
  }

  /** The server has said that it listens. */
  get isListening(): boolean {
    return listeningLine.test(this.#read());
  }

  /** Of all that it has printed so far. */
  get length(): number {
    return fstatSync(this.#descriptor).size;
  }

  /** The last lines, without the secrets. */
  tail(): string {
    const tail = new OutputTail(this.#secrets);
    const writer = tail.writer();
    writer.write(Buffer.from(this.#read()));
    writer.end();
    return tail.toString();
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The first 64 KiB: the server prints two lines. */
  #read(): string {
    const buffer = Buffer.alloc(65_536);
    this.#text = buffer.toString("utf8", 0, readSync(this.#descriptor, buffer, 0, buffer.length, 0));
    return this.#text;
  }
}
