/**
 * Runs one turn: listen, submit, follow the events, settle. The event stream settles it alone when it was whole; in every
 * other case a read does. Nothing here waits without a bound, except for an agent that is at work.
 */

import type { ApiEvent } from "../../api/api-event.js";
import { isTransient, openTimeout, RetryBudget, readTimeout, retryTransient } from "../../client/retry-transient.js";
import {
  AbortedError,
  APIResponseValidationError,
  IdleTimeoutError,
  ProviderRateLimitError,
} from "../../errors/index.js";
import type { Subscription } from "../../events/event-hub.js";
import { ToolHooks } from "../../hooks/tool-hooks.js";
import type { Answer } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { monotonic } from "../../util/clock.js";
import { delay } from "../../util/delay.js";
import { messageOf } from "../../util/error-message.js";
import { maxTimerDelay } from "../../util/limits.js";
import { createNotifier, type Notifier } from "../../util/notifier.js";
import { endedByRejection } from "../permissions/ended-by-rejection.js";
import { enrichRequest } from "../permissions/enrich-request.js";
import { Responder } from "../permissions/responder.js";
import { toAbortError } from "./abort-error.js";
import { abortRun } from "./abort-run.js";
import { hasBudget, overBudget } from "./budget.js";
import { IdleTimer } from "./idle-timer.js";
import { answerOf, failureOfTurn, type OutcomeFacts } from "./outcome.js";
import { longestPoll, type PollConditions, PollSchedule } from "./poll-schedule.js";
import { beginTimeout, type PollResult, TurnPoller } from "./poller.js";
import { type ChildrenRecord, readChildren } from "./sub-agent-sessions.js";
import { submit } from "./submit.js";
import { withSuggestions } from "./suggestions.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnRequest } from "./turn-request.js";

/** A run that was left behind is looked after so often (ms). */
const leftPoll = 1_000;
/** What cannot be read so often in a row is not looked after any more. */
const mostUnreadable = 20;
/** A prompt that makes the server end each time must not do so for ever. */
const maxResumes = 3;
/** What cannot be sent again and was stored is found not to run so often (after 3, 6 and 12 s): its server has ended. */
const mostUnanswered = 3;
/** An agent that asks for several things at once, is refused, and asks again, must not do so for ever. */
const mostCutShort = 50;
/** A request that nobody waits for any more may arrive so late, and a run begins so long after it has (ms). */
const longestArrival = 5_000;
const longestBeginning = 1_000;

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
  readonly #stop: ReturnType<typeof linkSignals>;
  /** Ends the waiting of a turn, whose run may go on. */
  readonly #patient: ReturnType<typeof linkSignals>;
  readonly #progress: IdleTimer | undefined;
  readonly #toolHooks: ToolHooks | undefined;
  readonly #retryBudget: RetryBudget;
  readonly #schedule = new PollSchedule(monotonic());
  /** The last request to abort. */
  #aborting: Promise<unknown> | undefined;
  #looking: { abort(): void } | undefined;
  #submitted = false;
  #resumes = 0;
  #hasStarted = false;
  #wasCut = false;
  #unanswered = 0;
  /** Steps that a refusal of ours has ended the run with. */
  readonly #cutShort = new Set<string>();
  #lastSent = 0;
  /** The last request that sets the run going again: until when it may still do so, and how many steps there were. */
  #onItsWay: { until: number; readonly steps: number } | undefined;
  /** The run goes on without us: it is looked after, and nobody is told of it. */
  #isLeft = false;

  constructor(context: TurnContext, request: TurnRequest, turn: Turn, isStored: boolean) {
    this.#context = context;
    this.#request = request;
    this.#turn = turn;
    this.#isStored = isStored;
    const { scope, permissions, options } = context;
    const { connection } = context.session;
    const { hooks, idleTimeout, callbackTimeout } = options;
    this.#stop = linkSignals(context.signal, connection.lifetime);
    this.#patient = linkSignals(this.#stop.signal, context.unresponsive);
    const { liveness } = scope.client;
    const { reconnectTimeout: retryTimeout } = connection;
    this.#retryBudget = new RetryBudget({ liveness, retryTimeout });
    this.#responder = new Responder({
      deciders: permissions.deciders,
      audit: permissions.audit,
      onQuestion: options.onQuestion,
      onPlanExit: options.onPlanExit,
      callbackTimeout,
      api: scope.api,
      chainOf: (id) => turn.subAgents.chainOf(id),
      desk: connection.desk,
      emit: (event) => this.#emit([event]),
      passed: (event) => (this.#isLeft ? Promise.resolve() : context.passed(event)),
      lookUp: (request, signal) => enrichRequest(scope.api, request, { signal, liveness, retryTimeout }),
      onPending: (change) => this.#progress?.pending(change),
      signal: this.#over.signal,
    });
    if (hooks?.postToolUse !== undefined) {
      const onFailure = (name: string, error: unknown): void => this.#hookFailed(name, error);
      this.#toolHooks = new ToolHooks(hooks.postToolUse, { timeout: callbackTimeout, onFailure });
    }
    if (idleTimeout !== undefined && idleTimeout <= maxTimerDelay) {
      const onIdle = (): void => this.#stop.abort(idleTooLong(idleTimeout));
      this.#progress = new IdleTimer({ scope, turn, limit: idleTimeout, onIdle });
    }
    this.#check = new TurnPoller({
      scope,
      turn,
      body: request.body,
      progress: this.#progress,
      responder: this.#responder,
      isHeard: () => this.#subscription.isLive,
      emit: (events) => this.#emit(events),
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
    if (!this.#isLeft) this.#close();
  }

  #close(): void {
    this.#over.abort(new AbortedError("the turn is over"));
    this.#progress?.stop();
    this.#patient.release();
    this.#stop.release();
    this.#subscription.close();
  }

  async run(): Promise<Answer<undefined>> {
    const turn = this.#turn;
    const isStored = this.#isStored;
    const { scope } = this.#context;
    const { signal } = this.#patient;
    try {
      signal.throwIfAborted();
      await raceAbort(this.#subscription.whenOpen(openTimeout(scope.client.liveness)), signal);
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
      this.#progress?.start();
      await this.#follow(signal);
    } catch (error) {
      throw await this.#failure(error);
    }
    await this.#toolHooks?.settled;
    const answer = answerOf(turn, await this.#facts());
    const failure = failureOfTurn(turn, answer, this.#wasCut);
    if (failure === undefined) return answer;
    // Given up on, not ended: it must not run after all when nobody is there to answer what it asks. Behind another client's
    // prompt it can only run as part of that one's run, which is not ours to end.
    const isOurs = turn.foreignMessages.length === 0;
    if (answer.model === "" && turn.announced === undefined && isOurs) await this.#stopOrLeave();
    throw await withSuggestions(failure, this.#context.scope, this.#stop.signal);
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
        await this.#readUse();
      } catch (error) {
        if (looking.signal.aborted && !signal.aborted) return; // the stream has settled it
        if (signal.aborted || !(await this.#retryBudget.shouldRetry(error, signal))) throw error;
      } finally {
        looking.release();
      }
      schedule.readEnded(monotonic(), this.#conditions);
    }
  }

  /** What has stopped in the middle is set going again, if that is possible. */
  async #isOver(verdict: PollResult, signal: AbortSignal): Promise<boolean> {
    const turn = this.#turn;
    const { canRepeat } = this.#request;
    if (verdict === "over") return !(await this.#goesOn(signal));
    if (verdict === "running") return false;
    const isInterrupted = verdict === "interrupted";
    if (!canRepeat || !turn.canResume || this.#resumes >= maxResumes) {
      if (verdict === "unanswered") this.#unanswered += 1;
      this.#wasCut = isInterrupted || this.#unanswered >= mostUnanswered;
      return this.#wasCut || turn.wasRejected;
    }
    this.#resumes += 1;
    if (turn.wasRejected) turn.resend();
    if (isInterrupted) {
      this.#emit(turn.discardStep());
      const message = "the server ended in the middle of the run: the interrupted step runs again";
      this.#emit([{ type: "retry", sessionId: turn.sessionId, attempt: this.#resumes, message, next: Date.now() }]);
    }
    await this.#send(signal);
    this.#schedule.seen(monotonic());
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
      liveness: scope.client.liveness,
      isHeard: () => this.#hearsAll,
      onPost: (request: Promise<unknown>) => this.#sent(request),
    };
    await submit(submission, this.#request);
  }

  /** A run that is idle and looks ended is not over while such a request is under way. */
  #sent(request: Promise<unknown>): void {
    const turn = this.#turn;
    if (!turn.isStored) return;
    const sent = { until: monotonic() + longestArrival, steps: turn.steps.length };
    this.#onItsWay = sent;
    const taken = (): void => {
      sent.until = monotonic() + longestBeginning;
    };
    request.then(taken, () => {}); // one that failed may arrive all the same
  }

  get #isOnItsWay(): boolean {
    const sent = this.#onItsWay;
    return sent !== undefined && monotonic() < sent.until && this.#turn.steps.length <= sent.steps;
  }

  /** Every event since before the submit was heard, and the next ones will be. */
  get #hearsAll(): boolean {
    return this.#turn.isWhole && this.#subscription.isLive;
  }

  /** A run that our own refusals have ended is set going again: the same prompt once more makes the server take the next step. */
  async #goesOn(signal: AbortSignal): Promise<boolean> {
    const turn = this.#turn;
    const { canRepeat } = this.#request;
    const last = turn.answerMessages().at(-1);
    if (last === undefined || !canRepeat || !turn.canResume) return false;
    if (this.#cutShort.has(last.info.id)) {
      if (monotonic() - this.#lastSent < beginTimeout) return true; // it has not begun yet
      if (this.#resumes >= maxResumes) return false;
      this.#resumes += 1; // the prompt was lost on its way
    } else if (this.#cutShort.size >= mostCutShort) return false;
    // Of a prompt that was stored before a process that has died may have answered the asks.
    const isOurs = (callId: string): boolean => this.#isStored || this.#responder.hasAnswered(callId);
    if (!endedByRejection(last, isOurs)) return false;
    this.#cutShort.add(last.info.id);
    turn.resume();
    await this.#send(signal);
    this.#lastSent = monotonic();
    this.#schedule.seen(this.#lastSent);
    return true;
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
      this.#progress?.touch();
    }
    if (event.type === "session-created") for (const id of turn.subAgents.ids) this.#subscription.follow(id);
    if (event.type === "message-stored") this.#limitUse();
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
    if (!turn.isAsked(event) || this.#stop.signal.aborted || turn.isAborting) return;
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
    if (this.#isLeft) return;
    for (const event of events) {
      this.#context.emit(this.#explained(event));
      this.#toolHooks?.see(event);
      if (event.type === "retry") this.#limitWait(event);
    }
  }

  /** The server does not tell why an ask was refused; we do. */
  #explained(event: AgentEvent): AgentEvent {
    if (event.type !== "permission-reply" || event.reply !== "reject") return event;
    const reason = this.#responder.reasonOf(event.id);
    return reason === undefined ? event : { ...event, reason };
  }

  #hookFailed(name: string, error: unknown): void {
    const message = `a hook ${name} failed: ${messageOf(error)}`;
    this.#context.scope.client.logger.warn(message);
    this.#context.emit({ type: "error", sessionId: this.#turn.sessionId, message });
  }

  /** A provider's rate limit may ask for hours. */
  #limitWait({ message, next }: { readonly message: string; readonly next: number }): void {
    const { maxRetryWait } = this.#context.options;
    const wait = next - Date.now();
    if (maxRetryWait === undefined || wait <= maxRetryWait) return;
    const retryAt = new Date(next);
    this.#stop.abort(
      new ProviderRateLimitError(`the server waits ${wait} ms before it calls the model again: ${message}`, {
        retryAt,
        hint: `That is longer than maxRetryWait (${maxRetryWait} ms). Try again at ${retryAt.toISOString()}, or raise it.`,
      }),
    );
  }

  /** Without events only reads tell what the sub-agents have used. */
  async #readUse(): Promise<void> {
    const { options, scope } = this.#context;
    const turn = this.#turn;
    if (!hasBudget(options)) return;
    turn.subAgents.used(
      (await readChildren(scope, turn, { signal: this.#stop.signal, timeout: this.#readTime, maxRetries: 0 })).infos,
    );
    this.#limitUse();
  }

  #limitUse(): void {
    const { options, spent } = this.#context;
    const turn = this.#turn;
    if (!hasBudget(options) || !turn.goesOn) return;
    const error = overBudget(options, [...spent, ...turn.steps]);
    if (error !== undefined) this.#stop.abort(error);
  }

  /** What the turn rejects with. A caller's stop ends the run on the server first. */
  async #failure(error: unknown): Promise<unknown> {
    const turn = this.#turn;
    const { connection } = this.#context.session;
    const { signal } = this.#stop;
    if (connection.lifetime.aborted) return connection.lifetime.reason;
    if (!signal.aborted) {
      const hasGivenUp = isTransient(error) || this.#patient.signal.aborted;
      if (this.#submitted && hasGivenUp) this.#leave((ended) => this.#goOnAnswering(ended));
      return error;
    }
    if (this.#submitted) await this.#stopOrLeave();
    return toAbortError(signal.reason, { sessionId: turn.sessionId, answer: answerOf(turn, await this.#facts()) });
  }

  /** What could not be stopped in time is stopped later: the session's next prompt waits for it. */
  async #stopOrLeave(): Promise<void> {
    const { connection } = this.#context.session;
    if (await this.#stopRun(connection.lifetime)) return;
    this.#leave((ended) => this.#stopLater(ended));
  }

  /** Within `abortTimeout` ms; `undefined`: until it is over. */
  #stopRun(signal: AbortSignal, ...retryTimeout: [undefined?]): Promise<boolean> {
    const turn = this.#turn;
    const { scope, session } = this.#context;
    const { connection } = session;
    const { lifetime } = connection;
    const onAbort = (request: Promise<unknown>): void => {
      this.#aborting = request;
    };
    const isOnItsWay = (): boolean => this.#isOnItsWay;
    const given = { scope, turn, check: this.#check, signal, lifetime, onAbort, isOnItsWay };
    this.#responder.stop();
    return abortRun(retryTimeout.length === 0 ? given : { ...given, retryTimeout: undefined });
  }

  async #stopLater(ended: AbortSignal): Promise<void> {
    await this.#stopRun(ended, undefined);
    await this.#aborting;
  }

  /** The run stays on the server, and somebody must be there for it. */
  #leave(tend: (signal: AbortSignal) => Promise<void>): void {
    const turn = this.#turn;
    const { connection } = this.#context.session;
    this.#isLeft = true;
    connection.left.leave(turn, {
      tend: (signal) => tend(signal).finally(() => this.#close()),
      abort: () => this.#stopRun(connection.lifetime),
    });
  }

  /** The turn has given up and its run has not: what it asks is answered until it is over, or has come to one of its limits. */
  async #goOnAnswering(ended: AbortSignal): Promise<void> {
    const stop = this.#stop.signal;
    const either = linkSignals(ended, stop);
    let unreadable = 0;
    try {
      for (let wait = leftPoll; unreadable < mostUnreadable; wait = Math.min(wait * 1.5, longestPoll)) {
        await delay(wait, either.signal, { unref: true });
        const call = { signal: either.signal, timeout: this.#readTime, maxRetries: 0 };
        try {
          if ((await this.#check.poll(call)) !== "running") return;
          unreadable = 0;
        } catch (error) {
          if (either.signal.aborted || !isTransient(error)) throw error;
          if (error instanceof APIResponseValidationError) unreadable += 1;
        }
      }
    } catch {
      if (ended.aborted || !stop.aborted) return; // taken up by another turn, closed, or gone
      await this.#stopLater(ended);
    } finally {
      either.release();
    }
  }

  get #readTime(): number {
    return readTimeout(this.#context.scope.client.liveness);
  }

  async #facts(): Promise<OutcomeFacts> {
    const turn = this.#turn;
    const { scope, session } = this.#context;
    const { connection } = session;
    const { liveness } = scope.client;
    // After a stop the account is not waited for.
    const retryTimeout = this.#stop.signal.aborted ? 0 : connection.reconnectTimeout;
    const reading = retryTransient((call) => readChildren(scope, turn, call), {
      signal: connection.lifetime,
      retryTimeout,
      liveness,
    });
    const children = await reading.catch((error: unknown): ChildrenRecord => {
      const level = retryTimeout === 0 || connection.lifetime.aborted ? "debug" : "warn";
      scope.client.logger[level](`what the sub-agents of ${turn.sessionId} have used is not known: ${String(error)}`);
      return { infos: turn.subAgents.infos, denials: [] }; // an account only: the answer stands
    });
    return { denials: [...this.#responder.denials, ...children.denials], ofChildren: children.infos };
  }
}

function idleTooLong(limit: number): IdleTimeoutError {
  return new IdleTimeoutError(`nothing has happened in the run for ${limit} ms, so it was aborted`);
}
