/** Intents: who is to be told of a turn that runs, noted for whoever tells it if the process of the turn dies. */
import type { NoticeCommand, SettledNotice, WebHook } from "../../types/settled.js";
import type { SentPrompt } from "../answer-stream.js";

/** The notice of a turn that has been sent. A function cannot be called by another process. */
export interface NoticeIntent {
  readonly target: WebHook | NoticeCommand;
  readonly sessionId: string;
  /** `undefined` is the server's own. */
  readonly directory: string | undefined;
  /** The prompts of the turn, in the order in which they were sent: the caller's, then corrections of an output. */
  readonly messageIds: readonly string[];
  /** ms since the epoch. */
  readonly startedAt: number;
  /** Once the turn has settled for its process: it only has to be delivered. */
  readonly notice?: SettledNotice | undefined;
}

/** Where the intent of one turn is. */
export interface IntentNote {
  /** Writes it, in one step, in the place of any other of the same turn. It outlives a loss of power. */
  write(intent: NoticeIntent): Promise<void>;
  /** The turn has settled with this notice. Does nothing when another process has taken the turn up. */
  settled(notice: SettledNotice): Promise<void>;
  /** The notice was told, or is given up. */
  remove(): void;
  /** This process tells it no more: another one is to. */
  handOver(): Promise<void>;
}

/** The intents of a server that outlives its clients. */
export interface IntentStore {
  note(): IntentNote;
}

/** The intent of one turn. Nothing of it fails the turn. Its calls are done one after the other. */
export class TurnIntent {
  readonly #open: () => Promise<IntentStore>;
  readonly #facts: Pick<NoticeIntent, "target" | "startedAt">;
  readonly #warn: (error: unknown) => void;
  #note: IntentNote | undefined;
  #messageIds: readonly string[] = [];
  #isOver = false;
  #last: Promise<unknown> = Promise.resolve();

  /** `warn` is told why its file could not be changed: then nobody tells the notice if this process dies, or it is told once more. */
  constructor(
    open: () => Promise<IntentStore>,
    facts: Pick<NoticeIntent, "target" | "startedAt">,
    warn: (error: unknown) => void,
  ) {
    this.#open = open;
    this.#facts = facts;
    this.#warn = warn;
  }

  /** A prompt of the turn is about to be sent. Never rejects. */
  sending({ sessionId, messageId, directory }: SentPrompt): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#isOver) return;
      const others = this.#messageIds.filter((id) => id !== messageId);
      this.#messageIds = [...others, messageId];
      try {
        const note = this.#note ?? (await this.#open()).note();
        await note.write({ ...this.#facts, sessionId, directory, messageIds: this.#messageIds });
        this.#note = note;
      } catch (error) {
        this.#warn(error);
      }
    });
  }

  /** The turn has settled: whoever tells it tells this. Never rejects. */
  async settled(notice: SettledNotice): Promise<void> {
    await this.#change((note) => note.settled(notice));
  }

  /** The notice was told, or is given up. Never rejects. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#change(async (note) => note.remove());
  }

  /** Leaves the notice to the server. Resolves to false when it knows nothing of it. Never rejects. */
  handOver(): Promise<boolean> {
    return this.#change((note) => note.handOver());
  }

  /** Resolves to false without a note, and when its file could not be changed. */
  #change(change: (note: IntentNote) => Promise<void>): Promise<boolean> {
    return this.#inOrder(async () => {
      if (this.#note === undefined) return false;
      try {
        await change(this.#note);
        return true;
      } catch (error) {
        this.#warn(error);
        return false;
      }
    });
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result;
    return result;
  }
}
