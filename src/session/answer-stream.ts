/** A turn that is running: its text as it comes, its events, and its answer. */
import { OpencodeError } from "../errors/index.js";
import { isMinor, mergeDeltas } from "../events/agent-event.js";
import type { Answer } from "../types/answer.js";
import type { AgentEvent } from "../types/event.js";
import { AsyncQueue } from "../util/async-queue.js";
import { addCaller, callSite } from "../util/caller-stack.js";
import { property } from "../util/json.js";

/** Events kept for a caller who has not asked for them yet; beyond them the least interesting are dropped. */
const keptEvents = 2_000;
/** The same for a caller who reads them, but has stopped for a while. */
const waitingEvents = 20_000;

/** What the turn is given to report with. */
export interface TurnReport {
  readonly emit: (event: AgentEvent) => void;
  /** Resolves when the reader of the events has asked for the one after this; at once when nobody reads them. */
  readonly passed: (event: AgentEvent) => Promise<void>;
  readonly sessionId: (id: string) => void;
  /** Aborts when the caller leaves the iteration or calls `abort()`. */
  readonly signal: AbortSignal;
}

/** Options of the wrong kind reject the answer. */
export function isDetached(options: unknown): boolean {
  return property(options, "detach") === true;
}

/**
 * Starts at once, whether or not it is iterated. Leaving the iteration early (`break`, `return`, `throw`) aborts the run
 * on the server, unless it was started with `detach: true`. An abort rejects the iteration and `answer`.
 */
export class AnswerStream<T = undefined> implements AsyncIterable<string> {
  /** The answer. Never an unhandled rejection: the error also reaches whoever iterates. */
  readonly answer: Promise<Answer<T>>;
  /** The session's id, as soon as there is one. */
  readonly sessionId: Promise<string>;
  readonly #abort = new AbortController();
  readonly #text: AsyncQueue<string>;
  readonly #events: AsyncQueue<AgentEvent>;
  #textTaken = false;
  #eventsTaken = false;

  /** @internal */
  constructor(
    run: (report: TurnReport) => Promise<Answer<T>>,
    options: { readonly detach?: boolean | undefined } = {},
  ) {
    const site = callSite(AnswerStream);
    const onLeave = isDetached(options) ? undefined : () => this.abort();
    this.#text = new AsyncQueue({ merge: (earlier, later) => earlier + later, onLeave });
    this.#events = new AsyncQueue({ merge: mergeDeltas, overflow: { max: keptEvents, isMinor }, onLeave });
    let haveSession: (id: string) => void = () => {};
    let noSession: (error: unknown) => void = () => {};
    this.sessionId = new Promise((resolve, reject) => {
      haveSession = resolve;
      noSession = reject;
    });
    this.sessionId.catch(() => {}); // the same error comes with the answer
    const emit = (event: AgentEvent): void => this.#emit(event);
    const passed = async (event: AgentEvent): Promise<void> => {
      if (this.#eventsTaken) await this.#events.passed(event);
    };
    this.answer = run({ emit, passed, sessionId: haveSession, signal: this.#abort.signal }).then(
      (answer) => {
        this.#emit({ type: "finish", sessionId: answer.sessionId, answer: answer as Answer<unknown> }); // any T is unknown
        this.#text.end();
        this.#events.end();
        return answer;
      },
      (error: unknown) => {
        addCaller(error, site);
        noSession(error);
        this.#text.fail(error);
        this.#events.fail(error);
        throw error;
      },
    );
    this.answer.catch(() => {}); // told to whoever awaits or iterates
  }

  /**
   * The run's events, in order. Can be iterated once; may be combined with iterating the text. Until it is, at most 2,000
   * are kept (pieces of one text may count as one), for a reader that stops reading at most 20,000: `raw` and `status`
   * events are dropped first, then the oldest, `finish` never.
   */
  get events(): AsyncIterable<AgentEvent> {
    return once(this.#events, () => {
      const taken = this.#eventsTaken;
      this.#eventsTaken = true;
      this.#events.holdUpTo(waitingEvents);
      return taken;
    });
  }

  /** Aborts the run on the server; resolves when the turn has ended. `reason` is the `cause` of its `AbortedError`. */
  async abort(reason?: unknown): Promise<void> {
    this.#abort.abort(reason);
    await this.answer.then(
      () => {},
      () => {}, // that it ended is all that is asked here
    );
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    if (this.#textTaken) throw iteratedTwice();
    this.#textTaken = true;
    return this.#text;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.abort();
  }

  #emit(event: AgentEvent): void {
    if (event.type === "text-delta") this.#text.push(event.text);
    this.#events.push(event);
  }
}

function once<T>(queue: AsyncIterator<T>, take: () => boolean): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => {
      if (take()) throw iteratedTwice();
      return queue;
    },
  };
}

function iteratedTwice(): OpencodeError {
  return new OpencodeError("this stream has been iterated already", {
    hint: "Keep the pieces of the first iteration, or await `answer`.",
  });
}
