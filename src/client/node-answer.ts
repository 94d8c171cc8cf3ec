/**
 * An answer of Node's `http` module. Node's `Response` and `Headers` would load its whole `fetch`: on 20.20 that takes more
 * processor time than a start of Node.
 */
import type { AnswerBody, AnswerHeaders, BodyPiece, BodyReader, HttpAnswer } from "./http-answer.js";

/** The used part of a stream of Node. */
export interface NodeReadable {
  read(): Uint8Array | null;
  on(event: "readable" | "end" | "close", listener: () => void): unknown;
  on(event: "data", listener: (piece: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  resume(): unknown;
  destroy(): unknown;
}

/** The used part of an `IncomingMessage`. */
export interface NodeMessage extends NodeReadable {
  readonly statusCode?: number | undefined;
  readonly statusMessage?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** The answer in a message. `decoded` undoes its content coding. */
export function nodeAnswer(
  message: NodeMessage,
  method: string,
  decoded: (message: NodeMessage, coding: string) => NodeReadable,
): HttpAnswer {
  const status = message.statusCode ?? 0;
  const headers = new NodeHeaders(message.rawHeaders);
  const hasBody = method !== "HEAD" && ![204, 205, 304].includes(status);
  if (!hasBody) {
    message.on("error", () => {}); // nobody reads it; without a listener an error would end the process
    message.resume();
  }
  return {
    status,
    statusText: message.statusMessage ?? "",
    ok: status >= 200 && status < 300,
    type: "basic",
    headers,
    body: hasBody ? nodeBody(decoded(message, headers.get("content-encoding") ?? "")) : null,
  };
}

class NodeHeaders implements AnswerHeaders {
  readonly #values = new Map<string, string>();

  /** Names and values in turn. */
  constructor(raw: readonly string[]) {
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = (raw[index] ?? "").toLowerCase();
      const value = raw[index + 1] ?? "";
      const before = this.#values.get(name);
      this.#values.set(name, before === undefined ? value : `${before}, ${value}`);
    }
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values.entries();
  }
}

function nodeBody(source: NodeReadable): AnswerBody {
  const body = new NodeBody(source);
  return {
    getReader: () => body.reader(),
    forEach: (take) => body.forEach(take),
    cancel: () => body.cancel(),
  };
}

/** Bytes. A text that is cut from a batch keeps the whole batch in memory (V8). */
const batchSize = 4_096;

/** Pieces that one read of the socket has brought. Node gives each HTTP chunk for itself, and each is small. */
class Batch {
  readonly #take: (piece: Uint8Array) => void;
  readonly #bytes = new Uint8Array(batchSize);
  #size = 0;

  constructor(take: (piece: Uint8Array) => void) {
    this.#take = take;
  }

  /** The pieces are handed on when the read of the socket is over, or when they are many. */
  add(piece: Uint8Array): void {
    if (this.#size + piece.length > batchSize) this.flush();
    if (piece.length > batchSize) {
      this.#take(piece);
      return;
    }
    if (this.#size === 0) queueMicrotask(() => this.flush());
    this.#bytes.set(piece, this.#size);
    this.#size += piece.length;
  }

  flush(): void {
    if (this.#size === 0) return;
    const all = this.#bytes.subarray(0, this.#size);
    this.#size = 0;
    this.#take(all);
  }
}

interface Waiting {
  readonly resolve: (piece: BodyPiece) => void;
  readonly reject: (error: unknown) => void;
}

/** A body of Node. It flows for `forEach`; for a reader it gives only pieces that are asked for, and holds little more. */
class NodeBody {
  readonly #source: NodeReadable;
  #reader: BodyReader | undefined;
  #waiting: Waiting | undefined;
  #batch: Batch | undefined;
  #end: { readonly error: unknown } | "done" | undefined;

  constructor(source: NodeReadable) {
    this.#source = source;
    source.on("end", () => this.#finish("done"));
    source.on("error", (error) => this.#finish({ error }));
    source.on("close", () => {
      if (this.#end === undefined) this.#finish({ error: new Error("the connection was closed") });
    });
  }

  reader(): BodyReader {
    if (this.#reader === undefined) {
      this.#source.on("readable", () => this.#settle());
      this.#reader = { read: () => this.#read(), cancel: () => this.cancel() };
    }
    return this.#reader;
  }

  async forEach(take: (piece: Uint8Array) => void): Promise<void> {
    const ended = this.#read(); // no piece is handed out while the source flows
    const batch = new Batch((piece) => {
      if (this.#end !== undefined) return;
      try {
        take(piece);
      } catch (error) {
        this.#finish({ error });
        this.#source.destroy();
      }
    });
    this.#batch = batch;
    this.#source.on("data", (piece) => batch.add(piece));
    await ended;
  }

  cancel(): Promise<void> {
    this.#end ??= "done"; // pieces that wait are not wanted any more
    this.#finish("done");
    this.#source.destroy();
    return Promise.resolve();
  }

  #read(): Promise<BodyPiece> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#settle();
    });
  }

  #finish(end: { readonly error: unknown } | "done"): void {
    this.#batch?.flush();
    this.#end ??= end;
    this.#settle();
  }

  #settle(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const value = this.#end === undefined && this.#reader !== undefined ? this.#source.read() : null;
    if (value === null && this.#end === undefined) return; // "readable" or "end" follows
    this.#waiting = undefined;
    if (value !== null) waiting.resolve({ done: false, value });
    else if (this.#end === "done") waiting.resolve({ done: true });
    else waiting.reject(this.#end?.error);
  }
}
