/** The way of a body from the agent to a process: in order, in pieces, and not always to its end. */
import type { Owner, VirtualClock } from "./clock.js";
import type { Random } from "./random.js";

/** How it ends: properly, by a broken connection, or not at all although nothing comes any more. */
export type PipeEnd = "ended" | "broken" | "silent";

export interface PipeOptions {
  readonly clock: VirtualClock;
  /** Who reads. */
  readonly owner: Owner;
  readonly random: Random;
  /** ms in which nothing arrives. */
  readonly start: number;
  /** ms that a piece needs. */
  readonly latency: number;
  /** Pieces are cut at any byte. */
  readonly isChunked: boolean;
  /** Called once: nothing will come of it any more. */
  readonly onEnd: (how: "ended" | "broken" | "left") => void;
}

type Result = ReadableStreamReadResult<Uint8Array>;

interface Waiter {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** One body. It is read as a stream is, without being one: those of the runtime cost more than all the rest of a request. */
export class Pipe {
  readonly #options: PipeOptions;
  readonly #arrived: Uint8Array[] = [];
  readonly #waiting: Waiter[] = [];
  #source: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** When the last piece that is on its way arrives. */
  #last = 0;
  #together: Uint8Array[] | undefined;
  #togetherAt = 0;
  #end: { readonly error?: unknown } | undefined;
  #isMute = false;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.#last = options.clock.now + options.start;
  }

  /** An answer with this body. */
  response({ status, headers }: Pick<Response, "status" | "headers">): Response {
    const reader = {
      read: () => this.#read(),
      cancel: async () => this.#over("left"),
      releaseLock: () => {},
    };
    const body = { getReader: () => reader, cancel: reader.cancel };
    const answer = { status, headers, body, ok: status >= 200 && status < 300, type: "basic", redirected: false };
    return { ...answer, statusText: "", url: "" } as unknown as Response; // all that a client looks at
  }

  /** The reader's whole process is no more: it never learns of an end. */
  abandon(): void {
    this.#waiting.length = 0;
    this.#over("left");
  }

  /** Passes on what the agent sends, until it ends. */
  async feed(source: ReadableStream<Uint8Array>): Promise<void> {
    const reader = source.getReader();
    this.#source = reader;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (this.#end !== undefined) return;
        if (done) return this.finishAfter("ended");
        this.push(value);
      }
    } catch {
      this.finishAfter("broken");
    }
  }

  /** Sends a piece on its way, behind those before it. Those of one moment travel together. */
  push(bytes: Uint8Array): void {
    const { random, isChunked, clock } = this.#options;
    if (!isChunked) {
      if (this.#together !== undefined && this.#togetherAt === clock.now) {
        this.#together.push(bytes);
        return;
      }
      const pieces = [bytes];
      this.#together = pieces;
      this.#togetherAt = clock.now;
      this.#later(() => this.#give(joined(pieces)));
      return;
    }
    const cut = random.int(1, Math.max(1, bytes.length - 1));
    const [head, tail] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    this.#later(() => this.#give(head));
    if (tail.length > 0) this.#later(() => this.#give(tail));
  }

  /** Ends when what is on its way has come. */
  finishAfter(how: PipeEnd): void {
    this.#later(() => this.finish(how));
  }

  /** Ends now. A silent one is open until its reader leaves. */
  finish(how: PipeEnd): void {
    if (how === "silent") this.#isMute = true;
    if (this.#isMute) return;
    this.#over(how === "ended" ? "ended" : "broken", how === "broken" ? cutConnection() : undefined);
  }

  /** The reader's signal has aborted. */
  give(reason: unknown): void {
    this.#over("left", reason);
  }

  #read(): Promise<Result> {
    const value = this.#arrived.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#end !== undefined) return ending(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #over(how: "ended" | "broken" | "left", error?: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = error === undefined ? {} : { error };
    if (how !== "ended") this.#arrived.length = 0;
    for (const { resolve, reject } of this.#waiting.splice(0)) ending(this.#end).then(resolve, reject);
    this.#source?.cancel().catch(() => {}); // it may be broken
    this.#options.onEnd(how);
  }

  #give(bytes: Uint8Array): void {
    if (this.#end !== undefined || this.#isMute) return;
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#arrived.push(bytes);
    else waiter.resolve({ done: false, value: bytes });
  }

  #later(callback: () => void): void {
    const { clock, owner, latency } = this.#options;
    const at = Math.max(clock.now + Math.max(1, latency), this.#last);
    this.#last = at;
    clock.set(callback, at - clock.now, { owner, isOfWorld: true });
  }
}

function ending({ error }: { readonly error?: unknown }): Promise<Result> {
  return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** As the body of Node's `fetch` fails. */
function cutConnection(): TypeError {
  return new TypeError("terminated", {
    cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
  });
}
