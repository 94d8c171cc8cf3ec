/**
 * Runs one turn: listen, submit, follow the events, settle. The event stream settles it alone when it was whole; in every
 * other case a read does. Nothing here waits without a bound, except for an agent that is at work.
 */

import type { ApiEvent } from "../../api/api-event.js";
import { isTransient, openTimeout, RetryBudget, readTimeout } from "../../client/retry-transient.js";
import { AbortedError } from "../../errors/index.js";
import type { Subscription } from "../../events/event-hub.js";
import type { ToolHooks } from "../../hooks/tool-hooks.js";
import type { Answer } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { monotonic } from "../../util/clock.js";
import { createNotifier, type Notifier } from "../../util/notifier.js";
import type { Responder } from "../permissions/responder.js";
import { toAbortError } from "./abort-error.js";
import { LeftRun } from "./left-run.js";
import { TurnLimits } from "./limits.js";
import { answerOf, failureOfTurn, type OutcomeFacts } from "./outcome.js";
import { type PollConditions, PollSchedule } from "./poll-schedule.js";
import { type PollResult, TurnPoller } from "./poller.js";
import { Resumption } from "./resumption.js";
import { submit } from "./submit.js";
import { withSuggestions } from "./suggestions.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";
import { readFacts } from "./turn-facts.js";
import type { TurnRequest } from "./turn-request.js";
import { turnResponder, turnToolHooks } from "./turn-responder.js";

/** Resolves to the answer; rejects with what `outcome.ts` makes of a failure, or with the reason the connection ended. */
export async function runTurn(
  context: TurnContext,
  request: TurnRequest,
  turn: Turn,
  isStored: boolean,
): Promise<Answer<undefined>> {
  const runner = new TurnRunner(context, request, turn, isStored);
  try {
    return await runner.run();
  } finally {
    runner.close();
  }
}

class TurnRunner {
  readonly #context: TurnContext;
  readonly #request: TurnRequest;
  readonly #turn: Turn;
  /** The server has had the prompt before: it is followed, not sent. */
  readonly #isStored: boolean;
  readonly #notifier: Notifier = createNotifier();
  readonly #over = new AbortController();
  readonly #responder: Responder;
  readonly #check: TurnPoller;
  readonly #subscription: Subscription;
  /** Ends the waiting of a turn, whose run may go on. */
  readonly #patient: ReturnType<typeof linkSignals>;
  readonly #limits: TurnLimits;
  readonly #resumption: Resumption;
  readonly #left: LeftRun;
  readonly #toolHooks: ToolHooks | undefined;
  readonly #retryBudget: RetryBudget;
  readonly #schedule = new PollSchedule(monotonic());
  #looking: { abort(): void } | undefined;
  #submitted = false;
  #hasStarted = false;

  constructor(context: TurnContext, request: TurnRequest, turn: Turn, isStored: boolean) {
    this.#context = context;
    this.#request = request;
    this.#turn = turn;
    this.#isStored = isStored;
    const { scope } = context;
    this.#limits = new TurnLimits(context, turn);
    const { idle } = this.#limits;
    this.#patient = linkSignals(this.#limits.signal, context.unresponsive);
    const { reconnectTimeout: retryTimeout } = context.session.connection;
    this.#retryBudget = new RetryBudget({ liveness: scope.api.liveness, retryTimeout });
    this.#responder = turnResponder(context, turn, {
      emit: (event) => this.#emit([event]),
      passed: (event) => (this.#left.isLeft ? Promise.resolve() : context.passed(event)),
      onPending: (change) => idle?.pending(change),
      signal: this.#over.signal,
    });
    this.#toolHooks = turnToolHooks(context);
    this.#check = new TurnPoller({
      scope,
      turn,
      body: request.body,
      progress: idle,
      responder: this.#responder,
      isHeard: () => this.#subscription.isLive,
      emit: (events) => this.#emit(events),
    });
    // Of a prompt that was stored before a process that has died may have answered the asks.
    const isOurs = (callId: string): boolean => isStored || this.#responder.hasAnswered(callId);
    this.#resumption = new Resumption(turn, request.canRepeat, isOurs);
    this.#left = new LeftRun({
      context,
      turn,
      check: this.#check,
      responder: this.#responder,
      stop: this.#limits.signal,
      isOnItsWay: () => this.#resumption.isOnItsWay,
      onEnd: () => this.#close(),
    });
    this.#subscription = scope.hub.subscribe(
      {
        onEvent: (event) => this.#event(event),
        onOpen: () => {
          // What a read that is under way finds may be older than what was missed.
          if (this.#submitted) turn.gap();
          this.#read();
        },
        onGap: () => turn.gap(),
        onEnd: () => turn.gap(),
      },
      [turn.sessionId],
    );
  }

  /** Ends the listening, unless the run is still looked after. */
  close(): void {
    if (!this.#left.isLeft) this.#close();
  }

  #close(): void {
    this.#over.abort(new AbortedError("the turn is over"));
    this.#limits.release();
    this.#patient.release();
    this.#subscription.close();
  }

  async run(): Promise<Answer<undefined>> {
    const turn = this.#turn;
    const isStored = this.#isStored;
    const { scope } = this.#context;
    const { signal } = this.#patient;
    try {
      signal.throwIfAborted();
      await raceAbort(this.#subscription.whenOpen(openTimeout(scope.api.liveness)), signal);
      this.#schedule.withdraw(); // that was the connection's first opening
      // What comes before the connection is open, and what a stored prompt has done so far, is not seen.
      if (isStored) turn.join();
      else if (this.#subscription.isOpen) turn.begin();
      else turn.gap();
      this.#start();
      this.#submitted = true;
      if (isStored) this.#read();
      else await this.#send(signal);
      this.#schedule.seen(monotonic());
      this.#retryBudget.reset();
      this.#limits.idle?.start();
      await this.#follow(signal);
    } catch (error) {
      throw await this.#failure(error);
    }
    await this.#toolHooks?.settled;
    const answer = answerOf(turn, await this.#facts());
    const failure = failureOfTurn(turn, answer, this.#resumption.wasCut);
    if (failure === undefined) return answer;
    // Given up on, not ended: it must not run after all when nobody is there to answer what it asks. Behind another client's
    // prompt it can only run as part of that one's run, which is not ours to end.
    const isOurs = turn.foreignMessages.length === 0;
    if (answer.model === "" && turn.announced === undefined && isOurs) await this.#left.abort();
    throw await withSuggestions(failure, this.#context.scope, this.#limits.signal);
  }

  /** Until the turn is over. */
  async #follow(signal: AbortSignal): Promise<void> {
    const turn = this.#turn;
    const schedule = this.#schedule;
    while (!turn.isSettled) {
      await this.#notifier.wait(schedule.wait(monotonic(), this.#conditions), signal);
      if (turn.isSettled) return;
      if (schedule.wait(monotonic(), this.#conditions) > 0) continue;
      schedule.readBegins();
      const began = monotonic();
      const looking = linkSignals(signal);
      this.#looking = looking;
      try {
        // The loop is the repetition.
        const timeout = this.#retryBudget.readTimeout;
        const verdict = await this.#check.poll({ signal: looking.signal, timeout, maxRetries: 0 });
        schedule.readAnswered(monotonic() - began);
        this.#retryBudget.reset();
        for (const id of turn.subAgents.ids) this.#subscription.follow(id);
        if (await this.#isOver(verdict, signal)) return;
        await this.#limits.readUsage(readTimeout(this.#context.scope.api.liveness));
      } catch (error) {
        if (looking.signal.aborted && !signal.aborted) return; // the stream has settled it
        if (signal.aborted || !(await this.#retryBudget.shouldRetry(error, signal))) throw error;
      } finally {
        looking.release();
      }
      schedule.readEnded(monotonic(), this.#conditions);
    }
  }

  /** What has stopped is set going again, if that is possible. */
  async #isOver(verdict: PollResult, signal: AbortSignal): Promise<boolean> {
    const turn = this.#turn;
    const next = this.#resumption.next(verdict);
    if (next === "over" || next === "wait") return next === "over";
    if (next === "continue") turn.resume();
    else if (turn.wasRejected) turn.resend();
    if (next === "rerun") {
      this.#emit(turn.discardStep());
      const message = "the server ended in the middle of the run: the interrupted step runs again";
      const attempt = this.#resumption.count;
      this.#emit([{ type: "retry", sessionId: turn.sessionId, attempt, message, next: Date.now() }]);
    }
    await this.#send(signal);
    const now = monotonic();
    this.#schedule.seen(now);
    if (next === "continue") this.#resumption.continued(now);
    return false;
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { scope, session, tools } = this.#context;
    await tools?.ready(signal); // each time: a server that was started again does not know them any more
    const submission = {
      scope,
      turn: this.#turn,
      signal,
      over: this.#over.signal,
      retryTimeout: session.connection.reconnectTimeout,
      liveness: scope.api.liveness,
      isHeard: () => this.#hearsAll,
      onPost: (posted: Promise<unknown>) => this.#resumption.posted(posted),
    };
    await submit(submission, this.#request);
  }

  /** Every event since before the submit was heard, and the next ones will be. */
  get #hearsAll(): boolean {
    return this.#turn.isWhole && this.#subscription.isLive;
  }

  get #conditions(): PollConditions {
    return { isDoubtful: this.#isDoubtful, hearsAll: this.#hearsAll, isOpen: this.#subscription.isOpen };
  }

  /** The events say that the run is over, but not how. */
  get #isDoubtful(): boolean {
    return this.#turn.hasEndSign;
  }

  #read(): void {
    this.#schedule.request();
    this.#notifier.notify();
  }

  #event(event: ApiEvent): void {
    const turn = this.#turn;
    const wasDoubtful = this.#isDoubtful;
    if (event.type === "instance-disposed") this.#context.scope.names.forget();
    if (event.type === "permission-answered" || event.type === "question-answered")
      this.#responder.closed(event.requestId);
    this.#emit(turn.event(event));
    if (event.sessionId !== undefined) {
      this.#schedule.seen(monotonic());
      this.#limits.idle?.touch();
    }
    if (event.type === "session-created") for (const id of turn.subAgents.ids) this.#subscription.follow(id);
    if (event.type === "message-stored") this.#limits.checkUsage();
    this.#answer(event);
    if (this.#isDoubtful !== wasDoubtful) {
      this.#schedule.doubtChanged(monotonic());
    }
    if (turn.isSettled) this.#looking?.abort(); // the look has nothing to say any more
    if (turn.isSettled || this.#isDoubtful) this.#notifier.notify();
  }

  #answer(event: ApiEvent): void {
    const turn = this.#turn;
    // What is asked of a run that is to end stays unanswered.
    if (!turn.isAsked(event) || this.#limits.signal.aborted || turn.isAborting) return;
    if (event.type === "permission-asked") this.#responder.permission(event.request, event.raw);
    else if (event.type === "question-asked") this.#responder.question(event.request, event.raw);
  }

  /** The first event, also when another client's run is heard of before the prompt is sent. */
  #start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const turn = this.#turn;
    this.#context.emit({ type: "start", sessionId: turn.sessionId, messageId: turn.messageId });
  }

  #emit(events: readonly AgentEvent[]): void {
    if (events.length > 0) this.#start();
    if (this.#left.isLeft) return;
    for (const event of events) {
      this.#context.emit(this.#explained(event));
      this.#toolHooks?.see(event);
      if (event.type === "retry") this.#limits.checkRetry(event);
    }
  }

  /** The server does not tell why an ask was refused; we do. */
  #explained(event: AgentEvent): AgentEvent {
    if (event.type !== "permission-reply" || event.reply !== "reject") return event;
    const reason = this.#responder.reasonOf(event.id);
    return reason === undefined ? event : { ...event, reason };
  }

  /** What the turn rejects with. A caller's stop ends the run on the server first. */
  async #failure(error: unknown): Promise<unknown> {
    const { sessionId } = this.#turn;
    const { lifetime } = this.#context.session.connection;
    const { signal } = this.#limits;
    if (lifetime.aborted) return lifetime.reason;
    if (!signal.aborted) {
      const hasGivenUp = isTransient(error) || this.#patient.signal.aborted;
      if (this.#submitted && hasGivenUp) this.#left.leave();
      return error;
    }
    if (this.#submitted) await this.#left.abort();
    return toAbortError(signal.reason, { sessionId, answer: answerOf(this.#turn, await this.#facts()) });
  }

  #facts(): Promise<OutcomeFacts> {
    return readFacts(this.#context, this.#turn, this.#responder, this.#limits.signal);
  }
}
