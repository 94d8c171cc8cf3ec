/** The steers of a stream: those that come before its turn has begun wait for it. */
import { AbortedError } from "../errors/index.js";
import type { Prompt } from "../types/prompt.js";
import type { SteerResult } from "../types/steer.js";

type Taker = (prompt: Prompt) => Promise<SteerResult>;

interface Waiting {
  readonly prompt: Prompt;
  readonly resolve: (result: Promise<SteerResult>) => void;
}

/** The inbox of one stream. Its turn attaches itself when it begins. */
export class SteerInbox {
  readonly #waiting: Waiting[] = [];
  readonly #open = new Set<Promise<unknown>>();
  #taker: Taker | undefined;

  /** Resolves and rejects as `AnswerStream.steer()`. */
  steer(prompt: Prompt): Promise<SteerResult> {
    const taken =
      this.#taker?.(prompt) ?? new Promise<SteerResult>((resolve) => this.#waiting.push({ prompt, resolve }));
    this.#keep(taken.then(({ answer }) => answer));
    return taken;
  }

  /** The turn has begun: it takes the steers from now on, and those that wait, in their order. */
  attach(taker: Taker): void {
    this.#taker = taker;
    for (const { prompt, resolve } of this.#waiting.splice(0)) resolve(taker(prompt));
  }

  /** The stream has ended. Steers whose turn has never begun reject with its error. */
  end(error?: unknown): void {
    if (this.#taker !== undefined) return;
    this.attach(() => Promise.reject(error ?? new AbortedError("the turn has not run: there is nothing to steer")));
  }

  /** Resolves when all steers until now are absorbed, and the turns that they have become are over. Never rejects. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  #keep(work: Promise<unknown>): void {
    const over = work.then(
      () => {},
      () => {}, // told to the caller
    );
    this.#open.add(over);
    void over.then(() => this.#open.delete(over));
  }
}
