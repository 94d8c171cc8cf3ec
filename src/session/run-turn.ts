/**
 * Runs one turn: listen, submit, follow the events, settle. The event stream settles it alone when it was whole; in every
 * other case a read does. Nothing here waits without a bound, except for an agent that is at work.
 */
import {
  AbortedError,
  type AgentError,
  type AgentErrorFacts,
  APIConnectionError,
  APITimeoutError,
  InternalServerError,
  TurnTimeoutError,
} from "../errors.js";
import type { Subscription } from "../events/event-hub.js";
import { sessionOf } from "../events/route.js";
import { linkedController, orAbort } from "../internal/abort.js";
import { type Bell, createBell } from "../internal/bell.js";
import { Responder, type ResponderOptions } from "../responder/responder.js";
import type { Answer, AssistantMessage } from "../types/answer.js";
import type { AgentEvent, ServerEvent } from "../types/event.js";
import { readChildMessages } from "./children.js";
import type { Connection, Scope } from "./context.js";
import { answerOf, failureOfTurn } from "./outcome.js";
import type { PromptBody } from "./prompt.js";
import { withSuggestions } from "./suggestions.js";
import type { Turn } from "./turn.js";
import { TurnCheck } from "./turn-check.js";

/** The event connection is waited for this long before the submit (ms); without it the turn is polled. */
const openPatience = 1_500;
/** Silence after which a turn is looked after by reads (ms), and the time between those. */
const silence = 2_000;
const firstPoll = 250;
const longestPoll = 5_000;
/** After a doubtful end the first reads come fast: the last events of a run follow each other within milliseconds. */
const firstDoubt = 15;
/** How long an aborted run may take to end (ms) before the turn rejects without it. */
const abortPatience = 5_000;
/** One read of a turn, in ms: a server that hangs must not use up the whole time that the turn goes on trying. */
const longestRead = 10_000;

export interface RunOptions {
  readonly connection: Connection;
  readonly scope: Scope;
  readonly turn: Turn;
  /** The server has had the prompt before: it is followed, not sent. */
  readonly isStored: boolean;
  /** Hands the prompt over; called once, when the events can be heard. */
  readonly send: (signal: AbortSignal) => Promise<void>;
  readonly body?: PromptBody | undefined;
  readonly emit: (event: AgentEvent) => void;
  readonly callbacks: Omit<ResponderOptions, "client" | "chainOf" | "signal">;
  /** Ends the turn; with a `TurnTimeoutError` as its reason the turn rejects with one. */
  readonly signal: AbortSignal;
}

/** Resolves to the answer; rejects with what `outcome.ts` makes of a failure, or with the reason the connection ended. */
export async function runTurn(options: RunOptions): Promise<Answer<undefined>> {
  const runner = new TurnRunner(options);
  try {
    return await runner.run();
  } finally {
    runner.close();
  }
}

class TurnRunner {
  readonly #options: RunOptions;
  readonly #bell: Bell = createBell();
  readonly #over = new AbortController();
  readonly #responder: Responder;
  readonly #check: TurnCheck;
  readonly #subscription: Subscription;
  readonly #stop: ReturnType<typeof linkedController>;
  #lastSeen = Date.now();
  #lastRead = 0;
  /** When the server was last heard of: by an event, or by the answer to a read. */
  #lastReached = Date.now();
  #mustRead = false;
  #doubts = 0;
  #submitted = false;

  constructor(options: RunOptions) {
    this.#options = options;
    const { turn, scope, connection, callbacks, signal } = options;
    this.#stop = linkedController(signal, connection.lifetime);
    const chainOf = (id: string): string[] | undefined => turn.chainOf(id);
    this.#responder = new Responder({ ...callbacks, client: scope.client, chainOf, signal: this.#over.signal });
    this.#check = new TurnCheck({ ...options, responder: this.#responder, emit: (events) => this.#emit(events) });
    this.#subscription = scope.hub.subscribe(
      {
        onEvent: (raw) => this.#event(raw),
        onOpen: () => this.#read(),
        onGap: () => turn.gap(),
        onEnd: () => turn.gap(),
      },
      [turn.sessionId],
    );
  }

  close(): void {
    this.#over.abort(new AbortedError("the turn is over"));
    this.#stop.release();
    this.#subscription.close();
  }

  async run(): Promise<Answer<undefined>> {
    const { turn, emit, isStored } = this.#options;
    const { signal } = this.#stop;
    try {
      signal.throwIfAborted();
      await orAbort(this.#subscription.whenOpen(openPatience), signal);
      this.#mustRead = false; // that was the connection's first opening
      // What comes before the connection is open, and what a stored prompt has done so far, is not seen.
      if (this.#subscription.isOpen && !isStored) turn.isWhole = true;
      else turn.gap();
      emit({ type: "start", sessionId: turn.sessionId, messageId: turn.messageId });
      this.#submitted = true;
      if (isStored) this.#read();
      else await this.#options.send(signal);
      this.#lastSeen = Date.now();
      this.#lastReached = Date.now();
      await this.#follow(signal);
    } catch (error) {
      throw await this.#failure(error);
    }
    const answer = answerOf(turn, await this.#facts());
    const failure = failureOfTurn(turn, answer);
    if (failure === undefined) return answer;
    // Given up on, not ended: it must not run after all when nobody is there to answer what it asks.
    if (answer.model === "" && turn.announced === undefined) await this.#abortRun();
    throw await withSuggestions(failure, this.#options.scope);
  }

  /** Until the turn is over. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { turn, connection } = this.#options;
    let poll = firstPoll;
    while (!turn.isSettled) {
      await this.#bell.wait(this.#nextRead(poll), signal);
      if (turn.isSettled) return;
      if (!this.#isReadDue(poll)) continue;
      this.#mustRead = false;
      try {
        const patience = this.#lastReached + connection.reconnectTimeout - Date.now();
        // The loop is the repetition.
        const timeout = Math.max(1_000, Math.min(patience, longestRead));
        if (await this.#check.isOver({ signal, timeout, maxRetries: 0 })) return;
        this.#lastReached = Date.now();
      } catch (error) {
        if (!isPassing(error) || signal.aborted) throw error;
        if (Date.now() - this.#lastReached > connection.reconnectTimeout) throw error;
      }
      this.#doubts += 1;
      this.#lastRead = Date.now();
      poll = Date.now() - this.#lastSeen < silence ? firstPoll : Math.min(poll * 1.5, longestPoll);
    }
  }

  /** Milliseconds until the next read is due. */
  #nextRead(poll: number): number {
    const now = Date.now();
    if (this.#mustRead) return 0;
    if (this.#isDoubtful)
      return Math.max(0, this.#lastRead + Math.min(firstDoubt * 2 ** this.#doubts, longestPoll) - now);
    const quietUntil = this.#subscription.isOpen ? this.#lastSeen + silence : this.#lastSeen;
    return Math.max(0, Math.max(quietUntil, this.#lastRead + poll) - now);
  }

  #isReadDue(poll: number): boolean {
    return this.#nextRead(poll) <= 0;
  }

  /** The events say that the run is over, but not how. */
  get #isDoubtful(): boolean {
    const { turn } = this.#options;
    return turn.isIdle || turn.announced !== undefined || turn.wasDisposed;
  }

  #read(): void {
    this.#mustRead = true;
    this.#bell.ring();
  }

  #event(raw: ServerEvent): void {
    const { turn } = this.#options;
    const wasDoubtful = this.#isDoubtful;
    const children = turn.children.size;
    this.#emit(turn.event(raw));
    this.#lastReached = Date.now();
    if (sessionOf(raw) !== undefined) this.#lastSeen = Date.now();
    if (turn.children.size > children) for (const id of turn.children.keys()) this.#subscription.follow(id);
    if (raw.type === "permission.asked") this.#responder.permission(raw.properties);
    else if (raw.type === "question.asked") this.#responder.question(raw.properties);
    if (this.#isDoubtful !== wasDoubtful) {
      this.#doubts = 0;
      this.#lastRead = Date.now();
    }
    if (turn.isSettled || this.#isDoubtful) this.#bell.ring();
  }

  #emit(events: readonly AgentEvent[]): void {
    for (const event of events) this.#options.emit(event);
  }

  /** What the turn rejects with. A caller's stop ends the run on the server first. */
  async #failure(error: unknown): Promise<unknown> {
    const { turn, connection, signal } = this.#options;
    if (connection.lifetime.aborted) return connection.lifetime.reason;
    if (!signal.aborted) return error;
    if (this.#submitted) await this.#abortRun();
    return stopped(signal.reason, { sessionId: turn.sessionId, answer: answerOf(turn, await this.#facts()) });
  }

  /**
   * Aborts the run and its sub-agents and waits until they have ended, so that the session's next turn starts clean. An
   * abort before the run has begun has no effect on the server, so it is repeated while the session is busy.
   */
  async #abortRun(): Promise<void> {
    const { turn, scope, connection } = this.#options;
    const limit = linkedController(connection.lifetime);
    const timer = setTimeout(() => limit.abort(new AbortedError("the run did not end")), abortPatience);
    const end = { signal: limit.signal, timeout: abortPatience };
    this.#check.isAborting = true;
    try {
      for (let wait = firstDoubt; !turn.isSettled; wait *= 2) {
        const ids = [turn.sessionId, ...turn.subAgents];
        await Promise.all(
          ids.map((id) =>
            scope.client.POST("/session/{sessionID}/abort", { params: { path: { sessionID: id } }, ...end }),
          ),
        );
        if (await this.#check.isOver({ ...end, maxRetries: 0 })) return;
        await this.#bell.wait(Math.min(wait, 500), limit.signal);
      }
    } catch (error) {
      scope.client.logger.debug(`abort of ${turn.sessionId}: ${String(error)}`);
    } finally {
      clearTimeout(timer);
      limit.release();
    }
  }

  async #facts(): Promise<{ denials: Responder["denials"]; ofChildren: AssistantMessage[] }> {
    const { scope, turn } = this.#options;
    const call = { timeout: longestRead, maxRetries: this.#stop.signal.aborted ? 0 : 1 };
    const ofChildren = await readChildMessages(scope, turn, call).catch(() => []); // figures only: the answer stands
    return { denials: this.#responder.denials, ofChildren };
  }
}

/** What a turn rejects with that its caller has stopped. */
export function stopped(reason: unknown, facts: AgentErrorFacts): AgentError {
  if (reason instanceof TurnTimeoutError) return new TurnTimeoutError(reason.message, facts);
  return new AbortedError("the turn was aborted", { ...facts, cause: reason });
}

/** Worth another read: the server may come back. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof APIConnectionError || error instanceof APITimeoutError || error instanceof InternalServerError
  );
}
