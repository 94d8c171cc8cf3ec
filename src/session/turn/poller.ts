/**
 * What a read over REST says about a turn. Used whenever the event stream was not whole, says too little, or is silent:
 * with it alone, and no event at all, a turn still comes out right.
 */

import type { OpenPermission, OpenQuestion } from "../../api/api-event.js";
import { isTransient, type ReadOptions } from "../../client/retry-transient.js";
import { APIStatusError, BadRequestError } from "../../errors/index.js";
import type { AgentEvent } from "../../types/event.js";
import { Stopwatch } from "../../util/clock.js";
import { type JsonRecord, numberProperty, recordProperty, stringProperty } from "../../util/json.js";
import type { DirectoryContext } from "../context.js";
import type { Responder } from "../permissions/responder.js";
import type { IdleTimer } from "./idle-timer.js";
import type { LoopBreaker } from "./loop-breaker.js";
import type { PromptBody } from "./prompt.js";
import { endsRun } from "./step-state.js";
import type { Turn } from "./turn.js";

/** A run that was set going again begins within so many ms: a server that has just started takes seconds on a busy machine. */
export const beginTimeout = 10_000;

/** How often, and for how long (ms), an idle session must look the same before that is taken for the end. */
const certain = { reads: 3, announced: 500, interrupted: 1_000, unanswered: 3_000, vanished: 60_000 } as const;

/** Between two reads in which it has looked the same at most so much counts (ms): the machine may have slept. */
const longestLap = 15_000;
/** Of asks that the server cannot list (ms): an event may still tell of them. */
const longestUnlisted = 10_000;
/** Asks come with a tool that runs; without one they are looked for only every so many reads. */
const restfulReads = 4;

/**
 * What a read says: the run goes on, it is over, it has stopped in the middle, or the server has the prompt and does not
 * run it.
 */
export type PollResult = "running" | "over" | "interrupted" | "unanswered";

export interface PollerOptions {
  readonly scope: DirectoryContext;
  readonly turn: Turn;
  readonly responder: Responder;
  /** What the server tells is heard: nothing that it asks can be missed. */
  readonly isHeard: () => boolean;
  readonly emit: (events: readonly AgentEvent[]) => void;
  /** Told what was read of a run that goes on. */
  readonly progress: IdleTimer | undefined;
  /** The same. */
  readonly breaker: LoopBreaker | undefined;
  /** The prompt, for finding out why it was never answered; `undefined` for commands. */
  readonly body?: PromptBody | undefined;
}

/** Reads the state of the turn; remembers since when it has looked unanswered. */
export class TurnPoller {
  readonly #options: PollerOptions;
  readonly #idle = new Stopwatch();
  #isSameIdle = false;
  #restarts = 0;
  #idleReads = 0;
  #diagnosed = false;
  #seen = 0;
  #reminders = 0;
  /** How many gaps of the events there were when the open asks were read last. */
  #askedAt = -1;
  #sinceAsked = 0;
  /** Since when the server has not been able to list the open asks. */
  #unlisted: Stopwatch | undefined;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Rejects when the server cannot be reached, or when the prompt cannot ever be answered. */
  async poll(call: ReadOptions): Promise<PollResult> {
    const { scope, turn, emit } = this.#options;
    const { gaps, restarts } = turn;
    if (restarts !== this.#restarts) this.#busy();
    this.#restarts = restarts;
    const wasOver = turn.isComplete || turn.isIdle;
    // The status first: what is read after it was idle is final.
    const status = recordProperty(await scope.status(call), turn.sessionId);
    const idle = status === undefined || status["type"] === "idle";
    if (status?.["type"] === "retry") emit(turn.retry(retryOf(status)));
    if (!idle) {
      this.#busy();
      // Another client's prompt may be what runs, behind ours.
      const isFollowed = turn.hasEndSign && scope.api.capabilities.queuesPrompts;
      if (isFollowed || !turn.isWhole || !this.#options.isHeard()) return this.#catchUp(call, gaps);
      await this.#openAsks(call);
      return "running";
    }
    const messages = await scope.api.messages.ofTurn(turn.sessionId, turn.messageId, call);
    emit(turn.stored(messages, false, gaps));
    // The last text may be stored a moment after the end of its step.
    const isOpen = turn.hasOpenText && this.#idleReads < certain.reads;
    const hasStopped = !turn.isWhole && turn.isInterrupted;
    const isOver = turn.isComplete && !isOpen && !hasStopped;
    // Idle may have been before the run began, and a slow read then finds it at its end, with its last text not stored yet.
    if (isOver && !wasOver) return this.poll(call);
    if (!isOpen) emit(turn.stored(messages, true, gaps));
    if (isOver) {
      if (gaps === turn.gaps) emit(turn.over(messages));
      return "over";
    }
    const seen = turn.answerMessages().length + (turn.isStored ? 1 : 0);
    if (seen !== this.#seen) this.#isSameIdle = false; // something is going on
    this.#seen = seen;
    if (this.#isSameIdle) this.#idle.lap(longestLap);
    else this.#idle.restart();
    this.#isSameIdle = true;
    this.#idleReads += 1;
    return this.#ofIdle(this.#idle.elapsed, call);
  }

  /** Something is going on: what idle has meant until now is void. */
  #busy(): void {
    this.#isSameIdle = false;
    this.#idleReads = 0;
  }

  /** Events of a run that goes on were missed, or cannot be heard. */
  async #catchUp(call: ReadOptions, gaps: number): Promise<PollResult> {
    const { scope, turn, emit, progress, breaker } = this.#options;
    const messages = await scope.api.messages.ofTurn(turn.sessionId, turn.messageId, call);
    const isOver = (): boolean =>
      scope.api.capabilities.queuesPrompts && endsRun(turn.ownSteps.at(-1)) && turn.foreignMessages.length > 0;
    emit(turn.stored(messages, false, gaps));
    if (isOver()) {
      emit([...turn.stored(messages, true, gaps), ...turn.over(messages)]);
      return "over";
    }
    breaker?.read(messages);
    await this.#openAsks(call);
    await progress?.compare(messages, call);
    await breaker?.readSubAgents(call);
    return "running";
  }

  /** Idle without a complete answer: just before the start, just before the end, stopped, or never to be answered. */
  async #ofIdle(idleFor: number, call: ReadOptions): Promise<PollResult> {
    const { turn, scope, body } = this.#options;
    // Another client's run was stopped, and what waits behind it with it: the same prompt once more sets it going (2.0 preview 1.18.18).
    if (turn.isQueued && idleFor < certain.vanished) return "unanswered";
    if (turn.takeStranded()) return "unanswered";
    if (this.#idleReads < certain.reads) return "running";
    const mayWait = scope.api.capabilities.queuesPrompts && body !== undefined && !turn.isStored && !turn.isAborting;
    if (mayWait && idleFor >= certain.announced && idleFor < certain.vanished) return "unanswered";
    const overAfter = (ms: number): PollResult => (idleFor >= ms ? "over" : "running");
    // A prompt that is stored and has not begun may still begin.
    if (turn.isAborting && turn.isStored)
      return turn.answerMessages().length > 0 ? "over" : overAfter(certain.unanswered);
    if (turn.wasRejected) return idleFor < certain.announced ? "running" : "unanswered";
    // A directory that was let go of before the run began has lost nothing: the prompt is sent again, as after the server's death.
    const wasDisposed = turn.wasDisposed && turn.answerMessages().length > 0;
    if (turn.announced !== undefined || wasDisposed) return overAfter(certain.announced);
    const cut = turn.hasBegunAgain ? certain.interrupted : beginTimeout;
    if (turn.answerMessages().length > 0) return idleFor >= cut ? "interrupted" : "running";
    if (idleFor >= certain.unanswered && !this.#diagnosed) {
      await this.#diagnose(call);
      this.#diagnosed = true;
    }
    if (turn.isStored && turn.foreignMessages.length > 0) return overAfter(certain.unanswered);
    // A server that died right after it had stored the prompt does not run it.
    if (!turn.isWhole && idleFor >= certain.unanswered * 2 ** this.#reminders) {
      this.#reminders += 1;
      return "unanswered";
    }
    // Between "stored" and "busy" a cold server on a slow machine may take many seconds (5 s were seen).
    return overAfter(certain.vanished);
  }

  /** Unknown models and agents are announced by an event only: who has missed it finds out here. */
  async #diagnose(call: ReadOptions): Promise<void> {
    const { scope, turn, body } = this.#options;
    const model = body?.model === undefined ? undefined : `${body.model.providerID}/${body.model.modelID}`;
    // What was known before may be gone by now.
    scope.names.forget();
    await scope.names.require({ model, agent: body?.agent }, call.signal, { sessionId: turn.sessionId });
  }

  /** What is asked and was not heard. A read of it that fails is made again with the next look: the run goes on all the same. */
  async #openAsks(call: ReadOptions): Promise<void> {
    const { scope, turn, responder, isHeard } = this.#options;
    const { gaps } = turn;
    // The sessions of sub-agents that began in a gap are not followed: what they ask is only read.
    const isRead = this.#askedAt === gaps && !turn.hasOpenTool("task");
    const isMissed = !isHeard() || (!turn.isWhole && !isRead);
    this.#sinceAsked += 1;
    const isDue = responder.hasFailed || (isMissed && (turn.hasOpenTool() || this.#sinceAsked >= restfulReads));
    if (!isDue || turn.isAborting || turn.isQueued) return;
    try {
      const [permissions, questions] = await Promise.all([
        scope.permissions(call).catch(unlisted),
        scope.questions(call),
      ]);
      for (const request of permissions ?? []) if (await this.#concerns(request, call)) responder.permission(request);
      for (const request of questions) if (await this.#concerns(request, call)) responder.question(request);
      if (permissions === undefined) return await this.#refuseUnlisted();
      this.#unlisted = undefined;
      responder.onlyOpen(new Set([...permissions, ...questions].map(({ id }) => id)));
      this.#askedAt = gaps;
      this.#sinceAsked = 0;
    } catch (error) {
      if (call.signal.aborted || !isTransient(error)) throw error;
      scope.api.logger.debug(`the open asks cannot be read: ${String(error)}`);
    }
  }

  /** The searches of the turn that may wait for an ask that nobody can know of: after some time it is refused, or they wait for ever. */
  async #refuseUnlisted(): Promise<void> {
    const { turn, responder, scope } = this.#options;
    this.#unlisted ??= new Stopwatch();
    this.#unlisted.lap(longestLap);
    if (this.#unlisted.elapsed < longestUnlisted) return;
    for (const { callID: callId, tool: permission, state, sessionID: sessionId } of turn.openTools) {
      const pattern = stringProperty(state.input, "pattern");
      if (pattern === undefined) continue;
      const asked = { sessionId, permission, pattern, callId };
      // A precaution: the turn does not fail by it.
      await responder.refuseUnlisted(asked).catch((error: unknown) => scope.api.logger.debug(String(error)));
    }
  }

  /**
   * After an abort the ask of the run before stays listed (1.18.33): of our own session only the asks of this turn's
   * messages count. A sub-agent's session that was created while we were cut off is found by its parents.
   */
  async #concerns(request: OpenPermission | OpenQuestion, call: ReadOptions): Promise<boolean> {
    const { turn, scope } = this.#options;
    const { sessionId } = request;
    const { messageId } = request.call;
    if (sessionId === turn.sessionId) return messageId === undefined || turn.hasMessage(messageId);
    const line: string[] = [];
    for (let id: string | undefined = sessionId; id !== undefined && line.length < 10; ) {
      if (turn.subAgents.chainOf(id) !== undefined) {
        line.reduceRight((parent, child) => {
          turn.subAgents.adopt(child, parent);
          return child;
        }, id);
        return true;
      }
      if (!id.startsWith("ses")) return false; // 2.x has forms of no session
      line.push(id);
      const found = await scope.api.sessions.get(id, call).catch((error: unknown) => {
        // Deleted, its ask stays listed; and what may not be read is not ours.
        if (error instanceof APIStatusError && error.status < 500 && !isTransient(error)) return undefined;
        throw error;
      });
      id = stringProperty(found, "parentID");
    }
    return false;
  }
}

/**
 * While an ask about `grep` or `glob` without a folder or a kind of file is open, the server cannot list any (1.18.33: 400
 * `Expected JSON value, got undefined at [0]["metadata"]["path"]`): the events alone tell of them then.
 */
function unlisted(error: unknown): undefined {
  if (!(error instanceof BadRequestError) || isTransient(error)) throw error;
}

function retryOf(status: JsonRecord): { attempt: number; message: string; next: number } {
  return {
    attempt: numberProperty(status, "attempt") ?? 0,
    message: stringProperty(status, "message") ?? "",
    next: numberProperty(status, "next") ?? Date.now(),
  };
}
