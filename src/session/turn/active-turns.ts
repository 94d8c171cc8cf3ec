/**
 * The turns that run in this process, by session and prompt: who asks again under the `messageId` of one joins it. It is told what has
 * happened so far, and then what happens, as the first reader is; any number may.
 */
import { ConflictError, TurnTimeoutError } from "../../errors/index.js";
import { growDelta, longestOutput } from "../../events/agent-event.js";
import type { Answer } from "../../types/answer.js";
import type { AgentEvent, Subagent } from "../../types/event.js";
import { raceAbort } from "../../util/abort.js";
import type { Growing } from "../../util/async-queue.js";
import type { TurnReport } from "../answer-stream.js";
import { Notices } from "../settled/notices.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { toAbortError } from "./abort-error.js";
import type { PromptBody } from "./prompt.js";
import { clockOf, turnSignal } from "./turn-clock.js";

/** What a turn has told so far, and whoever is told of the rest. */
class EventLog {
  #events: { readonly value: AgentEvent }[] = [];
  /** The newest of those, while pieces of the same text are added to it. */
  #growing: Growing<AgentEvent> | undefined;
  /** The outputs of commands, by their calls: each is one event, whatever else is told meanwhile. */
  readonly #outputs = new Map<string, Growing<AgentEvent>>();
  readonly #readers = new Set<(event: AgentEvent) => void>();

  add(event: AgentEvent): void {
    if (event.type !== "raw" && event.type !== "status") this.#keep(event);
    for (const reader of this.#readers) reader(event);
  }

  #keep(event: Exclude<AgentEvent, { type: "raw" | "status" }>): void {
    const { callId } = outputOf(event) ?? {};
    const growing = callId === undefined ? this.#growing : this.#outputs.get(callId);
    if (growing?.add(event)) return;
    const kept = withoutRaw(event);
    this.#growing = growDelta(kept);
    this.#events.push(this.#growing ?? { value: kept });
    if (callId === undefined || this.#growing === undefined) return;
    this.#dropOutputs();
    this.#outputs.set(callId, this.#growing);
    this.#growing = undefined;
  }

  /** Of the outputs the newest are kept: `tool-result` has each once more. */
  #dropOutputs(): void {
    let held = 0;
    const dropped = new Set<object>();
    for (const [callId, output] of [...this.#outputs].reverse()) {
      held += outputOf(output.value)?.text.length ?? 0;
      if (held <= longestOutput) continue;
      dropped.add(output);
      this.#outputs.delete(callId);
    }
    if (dropped.size > 0) this.#events = this.#events.filter((one) => !dropped.has(one));
  }

  /** Tells all that was, then all that comes, until the result is called. */
  follow(reader: (event: AgentEvent) => void): () => void {
    for (const { value } of this.#events) reader(value);
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }
}

/** The piece of an output, of the turn's own session or of a sub-agent's. */
function outputOf(event: AgentEvent): { readonly callId: string; readonly text: string } | undefined {
  const told = event.type === "subagent" ? event.event : event;
  return told?.type === "tool-progress" ? told : undefined;
}

function withoutRaw(event: AgentEvent): AgentEvent {
  if (event.type === "raw") return event;
  const { raw: _raw, ...kept } = event;
  return kept.type === "subagent" && kept.event !== undefined ? { ...kept, event: withoutRaw(kept.event) } : kept;
}

/** What is known of a prompt before it is sent. */
interface Planned {
  readonly body: PromptBody;
}

interface RunningTurn {
  readonly log: EventLog;
  /** Of each run until now. */
  readonly subagents: (() => readonly Subagent[])[];
  readonly plan: Promise<Planned>;
  readonly schema: unknown;
  readonly answer: Promise<Answer<unknown>>;
}

/** Those of one connection. */
export class RunningTurns {
  /** Who is told of their end. */
  readonly notices: Notices;
  readonly #turns = new Map<string, RunningTurn>();

  constructor(connection: ConstructorParameters<typeof Notices>[0]) {
    this.notices = new Notices(connection);
  }

  /**
   * Joins the turn of this prompt, if one runs. A reader that joins has its own limits and signal, which end its reading alone: the run
   * is the first reader's. Rejects with `ConflictError` for another prompt under the same id. `undefined`: there is nothing to join.
   */
  join<T>(
    sessionId: string,
    options: ResolvedTurnOptions<T>,
    plan: Promise<Planned>,
    report: TurnReport,
  ): Promise<Answer<T>> | undefined {
    const known = options.messageId === undefined ? undefined : this.#turns.get(keyOf(sessionId, options.messageId));
    if (known === undefined || known.schema !== options.schema) return undefined;
    return join(known, sessionId, options, plan, report) as Promise<Answer<T>>; // of the same schema
  }

  /** From now on others may join this turn. It reports to the result's `report`, and `settle` is given its answer. */
  share<T>(
    sessionId: string,
    { messageId, schema }: ResolvedTurnOptions<T>,
    plan: Promise<Planned>,
    report: TurnReport,
  ): SharedTurn<T> {
    const log = new EventLog();
    const ids = new Set<string>();
    let settle: (answer: Promise<Answer<T>>) => void = () => {};
    const answer = new Promise<Answer<T>>((resolve) => {
      settle = resolve;
    });
    answer.catch(() => {}); // told to the one who runs it
    const subagents: RunningTurn["subagents"] = [];
    const turn: RunningTurn = { log, subagents, plan, schema, answer: answer as Promise<Answer<unknown>> };
    const add = (id: string): void => {
      const key = keyOf(sessionId, id);
      if (!this.#turns.has(key)) ids.add(key);
      if (ids.has(key)) this.#turns.set(key, turn);
    };
    if (messageId !== undefined) add(messageId);
    const emit = (event: AgentEvent): void => {
      if (event.type === "start") add(event.messageId);
      log.add(event);
      report.emit(event);
    };
    return {
      report: {
        ...report,
        emit,
        offerSubagents: (list) => {
          subagents.push(list);
          report.offerSubagents?.(list);
        },
      },
      settle: async (running) => {
        settle(running);
        try {
          return await running;
        } finally {
          for (const key of ids) this.#turns.delete(key);
        }
      },
    };
  }
}

/** A turn that others may join. */
interface SharedTurn<T> {
  readonly report: TurnReport;
  /** The answer as it is given; when it has settled nobody joins any more. */
  readonly settle: (answer: Promise<Answer<T>>) => Promise<Answer<T>>;
}

function keyOf(sessionId: string, messageId: string): string {
  return `${sessionId} ${messageId}`;
}

async function join<T>(
  turn: RunningTurn,
  sessionId: string,
  { timeout, signal, messageId }: ResolvedTurnOptions<T>,
  plan: Promise<Planned>,
  report: TurnReport,
): Promise<Answer<unknown>> {
  const [ours, theirs] = await Promise.all([plan, turn.plan]);
  if (!isSame(ours.body, theirs.body)) {
    throw new ConflictError(`the message ${messageId} runs with another prompt`, {
      status: 409,
      sessionId,
      hint: "Use a new messageId for a new prompt.",
    });
  }
  report.sessionId(sessionId);
  report.offerSubagents?.(() => turn.subagents.flatMap((list) => list()));
  const clock = clockOf(signal);
  const stop = turnSignal(timeout, clock, signal, report.signal);
  const leave = turn.log.follow((event) => {
    clock.event(event);
    report.emit(event);
  });
  try {
    return await raceAbort(turn.answer, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    const { reason } = stop.signal;
    if (!(reason instanceof TurnTimeoutError)) throw toAbortError(reason, { sessionId });
    throw new TurnTimeoutError(`the turn took longer than ${timeout} ms; it goes on for its first reader`, {
      sessionId,
      spent: reason.spent,
    });
  } finally {
    leave();
    stop.release();
  }
}

/** The ids of the parts follow from the message's. */
function isSame(one: PromptBody, other: PromptBody): boolean {
  return JSON.stringify(one.parts) === JSON.stringify(other.parts);
}
