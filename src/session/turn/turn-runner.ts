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
import type { Answer, AssistantMessage } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import type { Hooks } from "../../types/hook.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { monotonic } from "../../util/clock.js";
import { delay } from "../../util/delay.js";
import { messageOf } from "../../util/error-message.js";
import { maxTimerDelay } from "../../util/limits.js";
import { createNotifier, type Notifier } from "../../util/notifier.js";
import type { Connection, DirectoryContext } from "../context.js";
import { endedByRejection } from "../permissions/ended-by-rejection.js";
import { enrichRequest } from "../permissions/enrich-request.js";
import { Responder, type ResponderOptions } from "../permissions/responder.js";
import { toAbortError } from "./abort-error.js";
import { abortRun } from "./abort-run.js";
import { type Budget, hasBudget, overBudget } from "./budget.js";
import { IdleTimer } from "./idle-timer.js";
import { answerOf, failureOfTurn, type OutcomeFacts } from "./outcome.js";
import { beginTimeout, type PollResult, TurnPoller } from "./poller.js";
import type { PromptBody } from "./prompt.js";
import { type ChildrenRecord, readChildren } from "./sub-agent-sessions.js";
import { withSuggestions } from "./suggestions.js";
import type { Turn } from "./turn.js";

/** Silence after which a turn is looked after by reads (ms), and the time between those. */
const silence = 2_000;
const firstPoll = 250;
const longestPoll = 5_000;
/** The same while the events can be heard and none was missed: then they tell all, and a read only makes sure of it. */
const heardSilence = 10_000;
const longestHeardPoll = 30_000;
/** A read is not repeated before this much of the time that it took: a busy server has the more to do the more it is asked. */
const rest = 3;
/** A run that was left behind is looked after so often (ms). */
const leftPoll = 1_000;
/** What cannot be read so often in a row is not looked after any more. */
const mostUnreadable = 20;
/** After a doubtful end the first reads come fast: the last events of a run follow each other within milliseconds. */
const firstDoubt = 15;
/** A prompt that makes the server end each time must not do so for ever. */
const maxResumes = 3;
/** What cannot be sent again and was stored is found not to run so often (after 3, 6 and 12 s): its server has ended. */
const mostUnanswered = 3;
/** An agent that asks for several things at once, is refused, and asks again, must not do so for ever. */
const mostCutShort = 50;
/** A request that nobody waits for any more may arrive so late, and a run begins so long after it has (ms). */
const longestArrival = 5_000;
const longestBeginning = 1_000;

export interface RunOptions {
  readonly connection: Connection;
  readonly scope: DirectoryContext;
  readonly turn: Turn;
  /** The server has had the prompt before: it is followed, not sent. */
  readonly isStored: boolean;
  /** Hands the prompt over. */
  readonly send: (sending: Sending) => Promise<void>;
  /** The same again goes on with a run that the server's end has interrupted. */
  readonly canRepeat: boolean;
  readonly idleTimeout: number | undefined;
  readonly maxRetryWait: number | undefined;
  readonly budget: Budget;
  /** Steps that count in the budget already. */
  readonly spent: readonly AssistantMessage[];
  readonly body?: PromptBody | undefined;
  readonly emit: (event: AgentEvent) => void;
  /** Resolves when the reader of the events has gone on after this one; at once when nobody reads them. */
  readonly passed: (event: AgentEvent) => Promise<void>;
  readonly callbacks: Pick<ResponderOptions, "deciders" | "audit" | "onQuestion" | "onPlanExit" | "callbackTimeout">;
  readonly hooks: Hooks | undefined;
  /** Ends the turn; see `stopped()` for what it rejects with. */
  readonly signal: AbortSignal;
  /** Aborts when the server does not respond any more: the turn gives up, and its run goes on. */
  readonly unresponsive: AbortSignal | undefined;
}

/** What the handing over of a prompt is told. */
export interface Sending {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Aborts when the turn is over. */
  readonly over: AbortSignal;
  /** The events can be heard at this moment. */
  readonly isHeard: () => boolean;
  /** Told of each request that is made for it. */
  readonly onPost: (request: Promise<unknown>) => void;
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
  #lastSeen = monotonic();
  #lastRead = Number.NEGATIVE_INFINITY;
  /** The last request to abort. */
  #aborting: Promise<unknown> | undefined;
  #looking: { abort(): void } | undefined;
  /** ms that the last look took. */
  #lookTime = 0;
  #mustRead = false;
  #doubts = 0;
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

  constructor(options: RunOptions) {
    this.#options = options;
    const { turn, scope, connection, callbacks, signal, idleTimeout } = options;
    this.#stop = linkSignals(signal, connection.lifetime);
    this.#patient = linkSignals(this.#stop.signal, options.unresponsive);
    const { liveness } = scope.api;
    const { reconnectTimeout: retryTimeout } = connection;
    this.#retryBudget = new RetryBudget({ liveness, retryTimeout });
    const chainOf = (id: string): string[] | undefined => turn.subAgents.chainOf(id);
    const onPending = (change: 1 | -1): void => this.#progress?.pending(change);
    this.#responder = new Responder({
      ...callbacks,
      api: scope.api,
      chainOf,
      desk: connection.desk,
      emit: (event) => this.#emit([event]),
      passed: (event) => (this.#isLeft ? Promise.resolve() : options.passed(event)),
      lookUp: (request, signal) => enrichRequest(scope.api, request, { signal, liveness, retryTimeout }),
      onPending,
      signal: this.#over.signal,
    });
    const { hooks } = options;
    if (hooks?.postToolUse !== undefined) {
      const onFailure = (name: string, error: unknown): void => this.#hookFailed(name, error);
      this.#toolHooks = new ToolHooks(hooks.postToolUse, { timeout: callbacks.callbackTimeout, onFailure });
    }
    if (idleTimeout !== undefined && idleTimeout <= maxTimerDelay) {
      const onIdle = (): void => this.#stop.abort(idleTooLong(idleTimeout));
      this.#progress = new IdleTimer({ scope, turn, limit: idleTimeout, onIdle });
    }
    this.#check = new TurnPoller({
      ...options,
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
    const { turn, scope, isStored } = this.#options;
    const { signal } = this.#patient;
    try {
      signal.throwIfAborted();
      await raceAbort(this.#subscription.whenOpen(openTimeout(scope.api.liveness)), signal);
      this.#mustRead = false; // that was the connection's first opening
      // What comes before the connection is open, and what a stored prompt has done so far, is not seen.
      if (isStored) turn.join();
      else if (this.#subscription.isOpen) turn.begin();
      else turn.gap();
      this.#start();
      this.#submitted = true;
      if (isStored) this.#read();
      else await this.#send(signal);
      this.#lastSeen = monotonic();
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
    throw await withSuggestions(failure, this.#options.scope, this.#stop.signal);
  }

  /** Until the turn is over. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { turn } = this.#options;
    let poll = firstPoll;
    while (!turn.isSettled) {
      await this.#notifier.wait(this.#nextRead(poll), signal);
      if (turn.isSettled) return;
      if (!this.#isReadDue(poll)) continue;
      this.#mustRead = false;
      const began = monotonic();
      const looking = linkSignals(signal);
      this.#looking = looking;
      try {
        // The loop is the repetition.
        const timeout = this.#retryBudget.readTimeout;
        this.#lookTime = 0; // after one that fails there is no rest: the retry timeout would run out in it
        const verdict = await this.#check.poll({ signal: looking.signal, timeout, maxRetries: 0 });
        this.#lookTime = monotonic() - began;
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
      this.#doubts += 1;
      this.#lastRead = monotonic();
      poll = this.#lastRead - this.#lastSeen < silence ? firstPoll : poll * 1.5;
      poll = Math.min(poll, this.#hearsAll ? longestHeardPoll : longestPoll);
    }
  }

  /** What has stopped in the middle is set going again, if that is possible. */
  async #isOver(verdict: PollResult, signal: AbortSignal): Promise<boolean> {
    const { turn, canRepeat } = this.#options;
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
    this.#lastSeen = monotonic();
    return false;
  }

  #send(signal: AbortSignal): Promise<void> {
    const isHeard = (): boolean => this.#hearsAll;
    const onPost = (request: Promise<unknown>): void => this.#sent(request);
    return this.#options.send({ signal, over: this.#over.signal, isHeard, onPost });
  }

  /** A run that is idle and looks ended is not over while such a request is under way. */
  #sent(request: Promise<unknown>): void {
    const { turn } = this.#options;
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
    return sent !== undefined && monotonic() < sent.until && this.#options.turn.steps.length <= sent.steps;
  }

  /** Every event since before the submit was heard, and the next ones will be. */
  get #hearsAll(): boolean {
    return this.#options.turn.isWhole && this.#subscription.isLive;
  }

  /** A run that our own refusals have ended is set going again: the same prompt once more makes the server take the next step. */
  async #goesOn(signal: AbortSignal): Promise<boolean> {
    const { turn, canRepeat } = this.#options;
    const last = turn.answerMessages().at(-1);
    if (last === undefined || !canRepeat || !turn.canResume) return false;
    if (this.#cutShort.has(last.info.id)) {
      if (monotonic() - this.#lastSent < beginTimeout) return true; // it has not begun yet
      if (this.#resumes >= maxResumes) return false;
      this.#resumes += 1; // the prompt was lost on its way
    } else if (this.#cutShort.size >= mostCutShort) return false;
    // Of a prompt that was stored before a process that has died may have answered the asks.
    const isOurs = (callId: string): boolean => this.#options.isStored || this.#responder.hasAnswered(callId);
    if (!endedByRejection(last, isOurs)) return false;
    this.#cutShort.add(last.info.id);
    turn.resume();
    await this.#send(signal);
    this.#lastSeen = monotonic();
    this.#lastSent = this.#lastSeen;
    return true;
  }

  /** Milliseconds until the next read is due. */
  #nextRead(poll: number): number {
    const now = monotonic();
    if (this.#mustRead) return 0;
    const pause = Math.min(rest * this.#lookTime, longestHeardPoll);
    if (this.#isDoubtful) {
      const wait = Math.min(firstDoubt * 2 ** this.#doubts, longestPoll);
      return Math.max(0, this.#lastRead + Math.max(wait, this.#doubts > 0 ? pause : 0) - now);
    }
    const quiet = this.#hearsAll ? heardSilence : this.#subscription.isOpen ? silence : 0;
    return Math.max(0, Math.max(this.#lastSeen + quiet, this.#lastRead + Math.max(poll, pause)) - now);
  }

  #isReadDue(poll: number): boolean {
    return this.#nextRead(poll) <= 0;
  }

  /** The events say that the run is over, but not how. */
  get #isDoubtful(): boolean {
    return this.#options.turn.hasEndSign;
  }

  #read(): void {
    this.#mustRead = true;
    this.#notifier.notify();
  }

  #event(event: ApiEvent): void {
    const { turn } = this.#options;
    const wasDoubtful = this.#isDoubtful;
    if (event.type === "instance-disposed") this.#options.scope.names.forget();
    if (event.type === "permission-answered" || event.type === "question-answered")
      this.#responder.closed(event.requestId);
    this.#emit(turn.event(event));
    if (event.sessionId !== undefined) {
      this.#lastSeen = monotonic();
      this.#progress?.touch();
    }
    if (event.type === "session-created") for (const id of turn.subAgents.ids) this.#subscription.follow(id);
    if (event.type === "message-stored") this.#limitUse();
    this.#answer(event);
    if (this.#isDoubtful !== wasDoubtful) {
      this.#doubts = 0;
      this.#lastRead = monotonic();
    }
    if (turn.isSettled) this.#looking?.abort(); // the look has nothing to say any more
    if (turn.isSettled || this.#isDoubtful) this.#notifier.notify();
  }

  #answer(event: ApiEvent): void {
    const { turn } = this.#options;
    // What is asked of a run that is to end stays unanswered.
    if (!turn.isAsked(event) || this.#stop.signal.aborted || turn.isAborting) return;
    if (event.type === "permission-asked") this.#responder.permission(event.request, event.raw);
    else if (event.type === "question-asked") this.#responder.question(event.request, event.raw);
  }

  /** The first event, also when another client's run is heard of before the prompt is sent. */
  #start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const { turn, emit } = this.#options;
    emit({ type: "start", sessionId: turn.sessionId, messageId: turn.messageId });
  }

  #emit(events: readonly AgentEvent[]): void {
    if (events.length > 0) this.#start();
    if (this.#isLeft) return;
    for (const event of events) {
      this.#options.emit(this.#explained(event));
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
    this.#options.scope.api.logger.warn(message);
    this.#options.emit({ type: "error", sessionId: this.#options.turn.sessionId, message });
  }

  /** A provider's rate limit may ask for hours. */
  #limitWait({ message, next }: { readonly message: string; readonly next: number }): void {
    const { maxRetryWait } = this.#options;
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
    const { budget, scope, turn } = this.#options;
    if (!hasBudget(budget)) return;
    turn.subAgents.used(
      (await readChildren(scope, turn, { signal: this.#stop.signal, timeout: this.#readTime, maxRetries: 0 })).infos,
    );
    this.#limitUse();
  }

  #limitUse(): void {
    const { budget, spent, turn } = this.#options;
    if (!hasBudget(budget) || !turn.goesOn) return;
    const error = overBudget(budget, [...spent, ...turn.steps]);
    if (error !== undefined) this.#stop.abort(error);
  }

  /** What the turn rejects with. A caller's stop ends the run on the server first. */
  async #failure(error: unknown): Promise<unknown> {
    const { turn, connection } = this.#options;
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
    const { connection } = this.#options;
    if (await this.#stopRun(connection.lifetime)) return;
    this.#leave((ended) => this.#stopLater(ended));
  }

  /** Within `abortTimeout` ms; `undefined`: until it is over. */
  #stopRun(signal: AbortSignal, ...retryTimeout: [undefined?]): Promise<boolean> {
    const { scope, turn, connection } = this.#options;
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
    const { connection, turn } = this.#options;
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
    return readTimeout(this.#options.scope.api.liveness);
  }

  async #facts(): Promise<OutcomeFacts> {
    const { scope, turn, connection } = this.#options;
    const { liveness } = scope.api;
    // After a stop the account is not waited for.
    const retryTimeout = this.#stop.signal.aborted ? 0 : connection.reconnectTimeout;
    const reading = retryTransient((call) => readChildren(scope, turn, call), {
      signal: connection.lifetime,
      retryTimeout,
      liveness,
    });
    const children = await reading.catch((error: unknown): ChildrenRecord => {
      const level = retryTimeout === 0 || connection.lifetime.aborted ? "debug" : "warn";
      scope.api.logger[level](`what the sub-agents of ${turn.sessionId} have used is not known: ${String(error)}`);
      return { infos: turn.subAgents.infos, denials: [] }; // an account only: the answer stands
    });
    return { denials: [...this.#responder.denials, ...children.denials], ofChildren: children.infos };
  }
}

function idleTooLong(limit: number): IdleTimeoutError {
  return new IdleTimeoutError(`nothing has happened in the run for ${limit} ms, so it was aborted`);
}
