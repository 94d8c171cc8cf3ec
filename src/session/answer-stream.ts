/** A running turn: its text while it is written, its events, and its answer. */
import { ConfigError, OpencodeError } from "../errors/index.js";
import { growDelta, isMinor } from "../events/agent-event.js";
import type { Answer } from "../types/answer.js";
import type { DeepPartial } from "../types/deep-partial.js";
import type { AgentEvent, Subagent } from "../types/event.js";
import type { Prompt } from "../types/prompt.js";
import type { OutputSchema } from "../types/schema.js";
import type { SteerResult } from "../types/steer.js";
import { AsyncQueue, type Growing as GrowingItem } from "../util/async-queue.js";
import { addCaller, callSite } from "../util/caller-stack.js";
import { GrowingText } from "../util/growing-text.js";
import { property } from "../util/json.js";
import { growPiece, type OutputPiece, outputPiece } from "./output/output-text.js";
import { SteerInbox } from "./steer-inbox.js";

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
  /** Told of a list of sub-agents, for each run of the turn. */
  readonly offerSubagents?: ((list: () => readonly Subagent[]) => void) | undefined;
  /** Takes the caller's steers; `undefined` where there is no caller who could steer. */
  readonly steers?: SteerInbox | undefined;
  /** Called before a prompt of the turn is handed to the server, which waits for it. Never rejects. */
  readonly sending?: ((prompt: SentPrompt) => Promise<void>) | undefined;
}

/** A prompt that is about to be sent. */
export interface SentPrompt {
  readonly sessionId: string;
  readonly messageId: string;
  /** `undefined` is the server's own. */
  readonly directory: string | undefined;
}

/** Options of the wrong kind reject the answer. */
export function isDetached(options: unknown): boolean {
  return property(options, "detach") === true;
}

/**
 * A running turn. It starts at once, whether or not it is iterated. To leave the iteration early (`break`, `return`, `throw`)
 * aborts the run on the server, unless the turn has the option `detach: true`. An abort rejects the iteration and `answer`.
 * `Growing` is the type of the output while it is written: with a parameter of its own an `AnswerStream<A>` is an `AnswerStream<A | B>`.
 */
export class AnswerStream<T = undefined, Growing = DeepPartial<T>> implements AsyncIterable<string> {
  /** The answer. It never causes an unhandled rejection, because the iteration rejects with the same error. */
  readonly answer: Promise<Answer<T>>;
  /** Id of the session. Resolves as soon as the session exists. */
  readonly sessionId: Promise<string>;
  readonly #abort = new AbortController();
  readonly #subagents: (() => readonly Subagent[])[] = [];
  readonly #steers = new SteerInbox();
  readonly #text: AsyncQueue<string>;
  readonly #events: AsyncQueue<AgentEvent>;
  readonly #schema: OutputSchema | undefined;
  /** For the reader of the partial output; `undefined` without a schema. */
  readonly #pieces: AsyncQueue<OutputPiece> | undefined;
  #textTaken = false;
  #eventsTaken = false;
  #outputTaken = false;
  #isRead = true;

  /** @internal */
  constructor(
    run: (report: TurnReport) => Promise<Answer<T>>,
    options: { readonly detach?: boolean | undefined; readonly schema?: OutputSchema | undefined } = {},
  ) {
    const site = callSite(AnswerStream);
    const onLeave = isDetached(options) ? undefined : () => this.abort();
    this.#text = new AsyncQueue({ grow: growText, onLeave });
    this.#events = new AsyncQueue({ grow: growDelta, overflow: { max: keptEvents, isMinor }, onLeave });
    this.#schema = property(options, "schema") as OutputSchema | undefined; // checked with the answer
    this.#pieces = this.#schema === undefined ? undefined : new AsyncQueue({ grow: growPiece, onLeave });
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
    const offerSubagents = (list: () => readonly Subagent[]): void => void this.#subagents.push(list);
    const { signal } = this.#abort;
    this.answer = run({ emit, passed, sessionId: haveSession, signal, steers: this.#steers, offerSubagents }).then(
      (answer) => {
        this.#steers.end();
        this.#emit({ type: "finish", sessionId: answer.sessionId, answer: answer as Answer<unknown> }); // any T is unknown
        this.#text.end();
        this.#events.end();
        this.#pieces?.end();
        return answer;
      },
      (error: unknown) => {
        addCaller(error, site);
        this.#steers.end(error);
        noSession(error);
        this.#text.fail(error);
        this.#events.fail(error);
        this.#pieces?.fail(error);
        throw error;
      },
    );
    this.answer.catch(() => {}); // told to whoever awaits or iterates
  }

  /**
   * The run's events, in order. They can be iterated once, also together with the text. The stream keeps at most 2,000 events
   * before the iteration (pieces of one text may count as one), and at most 20,000 for a reader that stops reading. It drops `raw`
   * and `status` events first, then the oldest; it never drops `finish`.
   * @throws {OpencodeError} on a second iteration.
   */
  get events(): AsyncIterable<AgentEvent> {
    return once(this.#events, () => {
      const taken = this.#eventsTaken;
      this.#eventsTaken = true;
      this.#events.holdUpTo(waitingEvents);
      return taken;
    });
  }

  /** The sub-agents that the turn has called until now, at all depths, in the order of their begin. Each is live. */
  subagents(): Subagent[] {
    return this.#subagents.flatMap((list) => list());
  }

  /**
   * The output of the `schema` while the model writes it, typed, once. Texts grow; names, numbers and literals appear complete. What has
   * appeared stays, until an event `repair`, `retry` or `fallback` says that the model writes the output again. Until the last value, which
   * is the `output` of the answer, the values have the shape of the schema and are not checked. In the server's own format
   * (`structured: "native"`) the last value is the only one.
   * @throws {ConfigError} without a `schema`.
   * @throws {OpencodeError} on a second iteration.
   */
  get partialOutput(): AsyncIterable<Growing> {
    const schema = this.#schema;
    const pieces = this.#pieces;
    if (schema === undefined || pieces === undefined) {
      throw new ConfigError("partialOutput needs the option `schema`: without it the answer has no output", {
        hint: "Give askStream() a `schema`, or iterate the stream for the text.",
      });
    }
    return {
      [Symbol.asyncIterator]: () => {
        if (this.#outputTaken) throw iteratedTwice();
        this.#outputTaken = true;
        return readPartial(pieces, schema, this.answer);
      },
    };
  }

  /** Aborts the run on the server. Resolves when the turn has ended. `reason` becomes the `cause` of its `AbortedError`. */
  async abort(reason?: unknown): Promise<void> {
    this.#abort.abort(reason);
    await this.answer.then(
      () => {},
      () => {}, // that it ended is all that is asked here
    );
  }

  /**
   * Puts a prompt into the run: the model is asked with it at its next step, and nothing is stopped. Resolves when that is known. If the run
   * ends before, the prompt is the session's next turn, with the options of this one; `answer` of the result is that turn's answer. Steers
   * keep their order. Docs: `docs/steering.md`.
   * @throws {ConfigError} for a wrong prompt.
   * @throws {AbortedError} if the run is stopped before the model is asked with the prompt, which is then taken back.
   * @throws The error of the turn, if the turn never begins.
   */
  steer(prompt: Prompt): Promise<SteerResult> {
    return this.#steers.steer(prompt);
  }

  /**
   * Iterates the pieces of the answer's text, once.
   * @throws {OpencodeError} on a second iteration.
   */
  [Symbol.asyncIterator](): AsyncIterator<string> {
    if (this.#textTaken) throw iteratedTwice();
    this.#textTaken = true;
    return this.#text;
  }

  /** Calls {@link abort}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.abort();
  }

  /** The answer, for a caller who has nothing else of the stream: no text and no events are kept. @internal */
  answerOnly(): Promise<Answer<T>> {
    this.#isRead = false;
    return this.answer;
  }

  #emit(event: AgentEvent): void {
    if (!this.#isRead) return;
    if (event.type === "text-delta") this.#text.push(event.text);
    this.#events.push(event);
    const piece = this.#pieces === undefined ? undefined : outputPiece(event);
    if (piece !== undefined) this.#pieces?.push(piece);
  }
}

/** Its reader loads with the first use. */
async function* readPartial<Growing>(
  pieces: AsyncQueue<OutputPiece>,
  schema: OutputSchema,
  answer: Promise<Answer<unknown>>,
): AsyncGenerator<Growing, void, undefined> {
  const { partialOutput } = await import("./output/partial-output.js");
  yield* partialOutput<Growing>(pieces, schema, answer);
}

function growText(first: string): GrowingItem<string> {
  const text = new GrowingText(first);
  return {
    add: (later) => {
      text.add(later);
      return true;
    },
    get value() {
      return text.toString();
    },
  };
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
