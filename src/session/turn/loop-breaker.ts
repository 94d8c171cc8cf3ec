/** Finds runs that go round in circles: tells the caller, has the next call refused, and ends the run when it goes on all the same. */
import type { ApiEvent } from "../../api/api-event.js";
import type { CallOptions } from "../../client/client.js";
import { RunawayError } from "../../errors/index.js";
import type { ReadableMessage } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import type { PermissionRequest } from "../../types/request.js";
import type { DirectoryContext } from "../context.js";
import { CallLog, callKey, compaction, type Round, refusalMark } from "./call-log.js";
import { sessionsCalled } from "./sessions-called.js";
import type { Turn } from "./turn.js";

/** Sessions of sub-agents that one read looks at. */
const mostSessions = 50;

/** The parts of a turn that its loop breaker works with. */
export interface LoopBreakerParts {
  readonly scope: DirectoryContext;
  readonly turn: Turn;
  /** Rounds until the event; twice as many end the run. */
  readonly maxRepeats: number;
  /** Tells the caller. */
  readonly emit: (event: AgentEvent) => void;
  /** Ends the run. */
  readonly stop: (error: RunawayError) => void;
}

interface Watched {
  readonly log: CallLog;
  /** The caller knows of the repetition that is going on. */
  isTold: boolean;
}

/** Watches the calls of one turn and of its sub-agents, each session for itself. */
export class LoopBreaker {
  readonly #parts: LoopBreakerParts;
  readonly #sessions = new Map<string, Watched>();

  constructor(parts: LoopBreakerParts) {
    this.#parts = parts;
  }

  /** Takes an event in that the turn has taken. */
  see(event: ApiEvent): void {
    const { sessionId } = event;
    if (sessionId === undefined) return;
    if (event.type === "part-stored") {
      const { part } = event;
      if (part.type !== "tool" && part.type !== "step-finish") return;
      if (!this.#isOurs(sessionId, part.messageID)) return;
      if (this.#of(sessionId).log.part(part)) this.#check(sessionId);
    } else if (event.type === "message-stored" && event.message.role === "assistant") {
      const { id, isSummary, info } = event.message;
      if (!isSummary || info?.time.completed === undefined || info.error !== undefined) return;
      if (this.#isOurs(sessionId, id) && this.#of(sessionId).log.compacted(id)) this.#check(sessionId);
    }
  }

  /** Takes in the messages that a read has found, oldest first: events may have been missed. */
  read(messages: readonly ReadableMessage[]): void {
    const { turn } = this.#parts;
    const own = messages.filter(({ info }) => turn.hasMessage(info.id));
    if (own.length > 0) this.#read(turn.sessionId, own);
  }

  /** Reads the same of the sub-agents at work: one that began unseen is not heard. */
  async readSubAgents(call: CallOptions): Promise<void> {
    const { turn, scope } = this.#parts;
    const open = turn.openTools.flatMap((part) => sessionsCalled({ parts: [part] }));
    const since = turn.ownSteps[0]?.time.created ?? 0;
    const known = new Set(open);
    for (let id = open.shift(); id !== undefined && known.size <= mostSessions; id = open.shift()) {
      const found: ReadableMessage[] = [];
      for await (const message of scope.api.messages.newestFirst(id, { call })) {
        const { info } = message;
        if (info.role === "unreadable" || info.time.created < since) break;
        found.unshift(message as ReadableMessage); // its role was compared
        if (this.#of(id).log.isSettled(info.id)) break;
      }
      this.#read(id, found);
      for (const child of found.flatMap(sessionsCalled)) {
        if (known.has(child)) continue;
        known.add(child);
        open.push(child);
      }
    }
  }

  /** Why the call that asks is refused; `undefined` when it is none of a repetition. */
  refusal({ sessionId, tool }: Pick<PermissionRequest, "sessionId" | "tool">): string | undefined {
    const { maxRepeats } = this.#parts;
    const { name, input, callId } = tool ?? {};
    const watched = this.#sessions.get(sessionId);
    if (watched === undefined || name === undefined || input === undefined || callId === undefined) return undefined;
    const { round } = watched.log;
    if (round === undefined || round.count < maxRepeats || !round.isContinuedBy(callKey(name, input))) return undefined;
    watched.log.refused(callId);
    const what = round.period === 1 ? `the same call of ${name}` : `the same ${round.period} calls`;
    return (
      `You have made ${what} ${round.count} times in a row, each time with the same result. ${refusalMark}. ` +
      "Do something else, or stop and say what keeps you from going on."
    );
  }

  #isOurs(sessionId: string, messageId: string): boolean {
    const { turn } = this.#parts;
    if (turn.isQueued) return false;
    if (sessionId === turn.sessionId) return turn.hasMessage(messageId);
    return turn.subAgents.chainOf(sessionId) !== undefined;
  }

  #of(sessionId: string): Watched {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) return known;
    const watched = { log: new CallLog(2 * this.#parts.maxRepeats), isTold: false };
    this.#sessions.set(sessionId, watched);
    return watched;
  }

  #read(sessionId: string, messages: readonly ReadableMessage[]): void {
    this.#of(sessionId).log.read(messages);
    this.#check(sessionId);
  }

  #check(sessionId: string): void {
    const { maxRepeats, emit, stop, turn } = this.#parts;
    const watched = this.#of(sessionId);
    const { round } = watched.log;
    if (round === undefined || round.count < maxRepeats) {
      watched.isTold = false;
      return;
    }
    if (!watched.isTold) {
      watched.isTold = true;
      const chain = sessionId === turn.sessionId ? undefined : turn.subAgents.chainOf(sessionId);
      const { tool, count } = round;
      emit({ type: "loop", sessionId, tool, count, ...(chain === undefined ? {} : { chain }) });
    }
    if (round.count >= 2 * maxRepeats) stop(runaway(round));
  }
}

function runaway({ tool, input, count, period, firstCallId, lastCallId }: Round): RunawayError {
  const what =
    tool === compaction
      ? `the session was compacted ${count} times without progress`
      : `the agent made the same ${period === 1 ? `call of ${tool}` : `${period} calls`} ${count} times in a row, each time with the same result`;
  return new RunawayError(`the run was aborted: ${what}`, { tool, input, count, firstCallId, lastCallId });
}
