/**
 * Runs one turn: listen, submit, follow the events, settle. The event stream settles it alone when it was whole; in every
 * other case a read does. Nothing here waits without a bound, except for an agent that is at work.
 */
import { AbortedError } from "../../errors/index.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { LeftRun } from "./left-run.js";
import { PollLoop } from "./poll-loop.js";
import { type PollResult, TurnPoller } from "./poller.js";
import { Resumption } from "./resumption.js";
import { submit } from "./submit.js";
import type { Turn } from "./turn.js";
import type { RunContext } from "./turn-budgets.js";
import { TurnCaller } from "./turn-caller.js";
import { TurnEnd, type TurnOutcome } from "./turn-end.js";
import { TurnFallback } from "./turn-fallback.js";
import { TurnLimits } from "./turn-limits.js";
import { TurnListener } from "./turn-listener.js";
import type { TurnRequest } from "./turn-request.js";

/** Resolves to the answer; rejects with what `outcome.ts` makes of a failure, or with the reason the connection ended. */
export async function runTurn(
  context: RunContext,
  request: TurnRequest,
  turn: Turn,
  isStored: boolean,
): Promise<TurnOutcome["answer"]> {
  const runner = new TurnRunner(context, request, turn, isStored);
  try {
    return await runner.run();
  } finally {
    runner.close();
  }
}

/** One for all turns: a new error would take its stack for each. */
const turnOver = new AbortedError("the turn is over");

class TurnRunner {
  readonly #context: RunContext;
  readonly #request: TurnRequest;
  readonly #turn: Turn;
  /** The server has had the prompt before: it is followed, not sent. */
  readonly #isStored: boolean;
  readonly #over = linkSignals();
  readonly #limits: TurnLimits;
  /** Ends the waiting of a turn, whose run may go on. */
  readonly #patient: ReturnType<typeof linkSignals>;
  readonly #caller: TurnCaller;
  readonly #loop: PollLoop;
  readonly #resumption: Resumption;
  readonly #left: LeftRun;
  readonly #fallback: TurnFallback;
  readonly #end: TurnEnd;
  readonly #listener: TurnListener;
  #isSubmitted = false;

  constructor(context: RunContext, request: TurnRequest, turn: Turn, isStored: boolean) {
    this.#context = context;
    this.#request = request;
    this.#turn = turn;
    this.#isStored = isStored;
    const { scope } = context;
    const { body } = request;
    const limits = new TurnLimits(context, turn, (waiting) => this.#fallback.onLongWait(waiting));
    this.#limits = limits;
    this.#patient = linkSignals(limits.signal, context.unresponsive);
    const caller = new TurnCaller({
      context,
      turn,
      limits,
      over: this.#over.signal,
      park: (error) => this.#patient.abort(error),
      isLeft: () => this.#left.isLeft,
    });
    this.#caller = caller;
    const { responder } = caller;
    const poller = new TurnPoller({
      scope,
      turn,
      body,
      progress: limits.idle,
      breaker: limits.breaker,
      responder,
      isHeard: () => this.#listener.isLive,
      emit: (events) => caller.emit(events),
    });
    const loop = new PollLoop({
      context,
      turn,
      poller,
      limits,
      stream: () => this.#listener,
      onRead: () => {
        this.#listener.followSubAgents();
        context.steering.changed();
      },
      isOver: (result, signal) => this.#isOver(result, signal),
    });
    this.#loop = loop;
    // Of a prompt that was stored before a process that has died may have answered the asks.
    const isOurs = (callId: string): boolean => isStored || responder.hasAnswered(callId);
    const wasRefused = (callId: string) => context.permissions.parked?.past?.refused.has(callId) === true;
    const isRefused = (callId: string): boolean => responder.hasRefused(callId) || wasRefused(callId);
    const canBeReloaded = context.scope.api.capabilities.disposesDirectories;
    this.#resumption = new Resumption(turn, { canRepeat: request.canRepeat, canBeReloaded, isOurs, isRefused });
    const left = new LeftRun({
      context,
      body,
      turn,
      check: poller,
      responder,
      stop: limits.signal,
      isOnItsWay: () => this.#resumption.isOnItsWay,
      onEnd: () => this.#close(),
    });
    this.#left = left;
    const emit = caller.emit.bind(caller);
    const fallback = new TurnFallback({ context, turn, request, isStored, limits, emit });
    this.#fallback = fallback;
    const stop = limits.signal;
    this.#end = new TurnEnd({ context, turn, responder, left, fallback, stop, patient: this.#patient.signal });
    const isSubmitted = (): boolean => this.#isSubmitted;
    this.#listener = new TurnListener({
      context,
      turn,
      caller,
      limits,
      loop,
      isSubmitted,
      onBegun: () => {
        left.begun();
        this.#steerable();
      },
    });
  }

  /** Ends the listening, unless the run is still looked after. */
  close(): void {
    if (!this.#left.isLeft) this.#close();
  }

  #close(): void {
    this.#over.abort(turnOver);
    this.#limits.release();
    this.#patient.release();
    this.#listener.close();
  }

  async run(): Promise<TurnOutcome["answer"]> {
    const turn = this.#turn;
    const isStored = this.#isStored;
    const { signal } = this.#patient;
    try {
      signal.throwIfAborted();
      await this.#listener.whenOpen(signal);
      this.#loop.withdraw(); // that was the connection's first opening
      // What comes before the connection is open, and what a stored prompt has done so far, is not seen.
      if (isStored) turn.join();
      else if (this.#listener.isOpen) turn.begin();
      else turn.gap();
      this.#caller.start();
      this.#isSubmitted = true;
      if (isStored) this.#loop.request();
      else await this.#send(signal);
      if (turn.isQueued) this.#context.clock.enter("queue");
      else this.#steerable();
      this.#limits.idle?.start();
      await this.#loop.run(signal);
      while (await this.#passesOn(signal)) {
        await this.#sendAgain(signal, this.#request);
        await this.#loop.run(signal);
      }
    } catch (error) {
      this.#context.steering.end();
      throw await this.#end.failure(error, this.#isSubmitted);
    }
    this.#context.steering.end();
    await this.#caller.hooksSettled;
    await this.#limits.contextWatch?.checkAll(turn.ownSteps);
    const { answer, failure, isGivenUp } = this.#end.outcome(await this.#end.facts(), this.#resumption.wasCut);
    if (failure === undefined) return answer;
    if (isGivenUp) await this.#left.abort();
    throw await this.#end.explained(failure);
  }

  /** Whether the run, which is over, goes on with another model. */
  async #passesOn(signal: AbortSignal): Promise<boolean> {
    const { steering } = this.#context;
    for (steering.hold(); steering.posted !== undefined; steering.hold()) {
      await raceAbort(steering.posted, signal); // it has set the run going
      await this.#loop.run(signal);
    }
    return this.#fallback.passesOn(this.#resumption.wasCut, signal);
  }

  /** Whether the run is over. What has stopped is set going again, if that is possible. */
  async #isOver(result: PollResult, signal: AbortSignal): Promise<boolean> {
    const turn = this.#turn;
    // A steer that arrives now sets the run going.
    if (result !== "running" && this.#context.steering.posted !== undefined) return false;
    if (result === "unanswered" && turn.isQueued) {
      await this.#send(signal);
      this.#loop.seen();
      return false;
    }
    if (this.#fallback.isEnding && result !== "running") return true;
    const next = this.#resumption.next(result);
    if (next === "over" || next === "wait") return next === "over";
    this.#context.steering.hold();
    if (next === "continue") turn.resume();
    else if (turn.wasRejected) turn.resend();
    if (next === "rerun") {
      this.#caller.emit(turn.discardStep());
      const message = "the server ended in the middle of the run: the interrupted step runs again";
      const attempt = this.#resumption.count;
      this.#caller.emit([{ type: "retry", sessionId: turn.sessionId, attempt, message, next: Date.now() }]);
    }
    await this.#fallback.recall(signal);
    const refusal = next === "resend" ? this.#context.budgets.refusal() : undefined; // a stored prompt was not refused before
    if (refusal !== undefined) throw refusal;
    await this.#sendAgain(signal);
    this.#loop.seen();
    if (next === "continue") this.#resumption.continued();
    return false;
  }

  /** Prompts can be put into the run from now on. */
  #steerable(): void {
    const { steering } = this.#context;
    steering.begin({ turn: this.#turn, body: this.#request.body, submission: this.#submission });
  }

  get #submission() {
    const { scope, session } = this.#context;
    return {
      scope,
      retryTimeout: session.connection.reconnectTimeout,
      liveness: scope.api.liveness,
      isHeard: () => this.#listener.hearsAll,
    };
  }

  /** To set the run going again: steers wait for its next step. */
  async #sendAgain(signal: AbortSignal, request?: TurnRequest): Promise<void> {
    this.#context.steering.awaitStep();
    await this.#send(signal, request);
  }

  /** `request`: the newest prompt of the run makes it go on. */
  async #send(signal: AbortSignal, request: TurnRequest = this.#newest): Promise<void> {
    const { tools } = this.#context;
    const turn = this.#turn;
    await tools?.ready(signal); // each time: a server that was started again does not know them any more
    const submission = {
      ...this.#submission,
      turn,
      signal,
      over: this.#over.signal,
      onPost: (posted: Promise<unknown>) => this.#resumption.posted(posted),
    };
    await submit(submission, request);
  }

  get #newest(): TurnRequest {
    const { steering, fallback } = this.#context;
    const steer = steering.requestOf(this.#turn.newestSteer, this.#request.body);
    if (steer !== undefined) fallback?.apply(steer);
    return steer ?? this.#request;
  }
}
