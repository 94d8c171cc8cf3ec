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
  /** ms that a piece needs. */
  readonly latency: number;
  /** Pieces are cut at any byte. */
  readonly isChunked: boolean;
  /** Called once: nothing will come of it any more. */
  readonly onEnd: (how: "ended" | "broken" | "left") => void;
}

/** One body. */
export class Pipe {
  /** What the process reads. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #options: PipeOptions;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #source: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** When the last piece that is on its way arrives. */
  #last = 0;
  #isOver = false;
  #isMute = false;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => this.#over("left"),
    });
  }

  /** The agent's answer with this body. */
  response({ status, headers }: Response): Response {
    return new Response(this.body, { status, headers });
  }

  /** The reader is no more. */
  drop(): void {
    this.#over("left");
  }

  /** Passes on what the agent sends, until it ends. */
  async feed(source: ReadableStream<Uint8Array>): Promise<void> {
    const reader = source.getReader();
    this.#source = reader;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (this.#isOver) return;
        if (done) return this.finishAfter("ended");
        this.push(value);
      }
    } catch {
      this.finishAfter("broken");
    }
  }

  /** Sends a piece on its way, behind those before it. */
  push(bytes: Uint8Array): void {
    const { random, isChunked } = this.#options;
    if (!isChunked || bytes.length < 2) return this.#later(() => this.#give(bytes));
    const cut = random.int(1, bytes.length - 1);
    const [head, tail] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    this.#later(() => this.#give(head));
    this.#later(() => this.#give(tail));
  }

  /** Ends when what is on its way has come. */
  finishAfter(how: PipeEnd): void {
    this.#later(() => this.finish(how));
  }

  /** Ends now. A silent one is open until its reader leaves. */
  finish(how: PipeEnd): void {
    if (this.#isOver) return;
    if (how === "silent") {
      this.#isMute = true;
      return;
    }
    if (this.#isMute) return;
    if (how === "ended") this.#controller?.close();
    else this.#controller?.error(cutConnection());
    this.#over(how);
  }

  /** The reader's signal has aborted. */
  give(reason: unknown): void {
    if (this.#isOver) return;
    this.#controller?.error(reason);
    this.#over("left");
  }

  #over(how: "ended" | "broken" | "left"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source?.cancel().catch(() => {}); // it may be broken
    this.#options.onEnd(how);
  }

  #give(bytes: Uint8Array): void {
    if (!this.#isOver && !this.#isMute) this.#controller?.enqueue(bytes.slice());
  }

  #later(callback: () => void): void {
    const { clock, owner, latency } = this.#options;
    const at = Math.max(clock.now + Math.max(1, latency), this.#last);
    this.#last = at;
    clock.set(callback, at - clock.now, { owner, isOfWorld: true });
  }
}

/** As the body of Node's `fetch` fails. */
function cutConnection(): TypeError {
  return new TypeError("terminated", {
    cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }),
  });
}
