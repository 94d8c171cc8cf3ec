/** The sub-agents of one run as its caller sees them: what each does, and how one of them is stopped without the run. */
import { abortTimeout, type ReadOptions, readTimeout } from "../../client/retry-transient.js";
import { AbortedError } from "../../errors/index.js";
import type { AgentEvent } from "../../types/event.js";
import type { Subagent } from "../../types/subagent.js";
import { delay } from "../../util/delay.js";
import { invalidOption } from "../../util/invalid-option.js";
import { type Settled, settled, settledBefore } from "../../util/settled.js";
import { expenseOf } from "../history/usage.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";

const firstWait = 50;
const longestWait = 1_000;
/** Messages of the calling session that have its last calls. */
const newestMessages = 3;

/** What the control of a run's sub-agents works with. */
export interface SubagentControlParts {
  readonly context: TurnContext;
  readonly turn: Turn;
  /** Tells the listener. */
  readonly emit: (events: readonly AgentEvent[]) => void;
}

/** The sub-agents of one run. */
export class SubagentControl {
  readonly #parts: SubagentControlParts;
  readonly #known = new Map<string, Subagent>();
  readonly #checked = new Set<string>();
  /** Those whose abort was told. */
  readonly #told = new Set<string>();
  /** Those whose abort is under way. */
  readonly #ending = new Map<string, Promise<Settled>>();
  #isOver = false;

  constructor(parts: SubagentControlParts) {
    this.#parts = parts;
    parts.context.offerSubagents?.(() => this.list());
  }

  /** Those that have begun. */
  list(): Subagent[] {
    return this.#parts.turn.subAgents.ids.map((id) => this.#subagent(id));
  }

  /** Stops those that are one too many. Called when some may have begun, or a call may have failed before. */
  check(): void {
    const { context, turn } = this.#parts;
    const limits = context.permissions.subagentLimits;
    if (limits === undefined) return;
    for (const { sessionID: sessionId, messageID: messageId, callID: callId } of turn.subAgents.takeFailed())
      limits.giveBack({ sessionId, messageId, callId });
    for (const id of turn.subAgents.ids) {
      if (this.#checked.has(id)) continue;
      this.#checked.add(id);
      const { parentId } = this.#subagent(id);
      const reason = limits.began(parentId, (turn.subAgents.chainOf(id)?.length ?? 1) - 1);
      if (reason === undefined) continue;
      this.#abort(id, reason).catch((error: unknown) => {
        if (!context.session.connection.lifetime.aborted) context.scope.api.logger.warn(String(error));
      });
    }
  }

  /** The run is over, and all that is known of it is read: nothing is stopped any more. */
  close(): void {
    this.#parts.turn.noteCalls();
    this.#isOver = true;
  }

  #subagent(id: string): Subagent {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const { subAgents, sessionId } = this.#parts.turn;
    const status = (): Subagent["status"] => this.#statusOf(id);
    const made: Subagent = {
      id,
      parentId: subAgents.chainOf(id)?.at(-2) ?? sessionId,
      get title() {
        return subAgents.factsOf(id).title;
      },
      get agent() {
        return subAgents.factsOf(id).agent;
      },
      get status() {
        return status();
      },
      get usage() {
        const { usage, cost, costKnown } = expenseOf(subAgents.infos.filter(({ sessionID }) => sessionID === id));
        return { ...usage, cost, costKnown };
      },
      abort: async (reason = "the caller has aborted the sub-agent") => {
        if (typeof reason !== "string") throw invalidOption("reason", "a text", reason);
        await this.#abort(id, reason);
      },
    };
    this.#known.set(id, made);
    return made;
  }

  #statusOf(id: string): Subagent["status"] {
    const status = this.#parts.turn.subAgents.statusOf(id);
    if (status === "failed" && this.#told.has(id)) return "aborted"; // in the words of some other server
    return status === "running" && this.#isOver ? "aborted" : status; // nothing runs behind the end of the run
  }

  /** Tells of the abort, and waits for the end for some time. */
  async #abort(id: string, reason: string): Promise<void> {
    if (this.#statusOf(id) !== "running") return;
    const { context, turn, emit } = this.#parts;
    const { lifetime } = context.session.connection;
    lifetime.throwIfAborted();
    let ending = this.#ending.get(id);
    if (ending === undefined) {
      this.#told.add(id);
      const { parentId } = this.#subagent(id);
      emit([{ type: "subagent-aborted", sessionId: id, parentId, chain: turn.subAgents.chainOf(id), reason }]);
      ending = settled(this.#end(id).finally(() => this.#ending.delete(id)));
      this.#ending.set(id, ending);
    }
    const end = await settledBefore(ending, abortTimeout(context.scope.api.liveness), lifetime);
    if (end === undefined) throw new AbortedError("the sub-agent has not ended after its abort", { sessionId: id });
    if (!end.ok) throw end.error;
  }

  /**
   * An abort before the sub-agent's run has begun has no effect on the server (1.18.33): it is repeated until the call that waits for the
   * sub-agent is over, or the run. Rejects when the connection ends.
   */
  async #end(id: string): Promise<void> {
    const { context, turn } = this.#parts;
    const { subAgents } = turn;
    const { api } = context.scope;
    const { lifetime } = context.session.connection;
    for (let wait = firstWait; this.#statusOf(id) === "running"; wait = Math.min(2 * wait, longestWait)) {
      const call = { signal: lifetime, timeout: readTimeout(api.liveness), maxRetries: 0 };
      const below = subAgents.ids.filter((one) => subAgents.chainOf(one)?.includes(id) === true);
      try {
        await Promise.all(below.map((one) => api.prompts.abort(one, call)));
        if (wait > firstWait) await this.#look(id, call); // events may be missed
      } catch (error) {
        api.logger.debug(`abort of ${id}: ${String(error)}`); // the way may be broken: again
      }
      if (this.#statusOf(id) === "running") await delay(wait, lifetime);
    }
  }

  /** Reads the call that waits for the sub-agent. */
  async #look(id: string, call: ReadOptions): Promise<void> {
    const { context, turn } = this.#parts;
    const messages = await context.scope.api.messages.newest(this.#subagent(id).parentId, newestMessages, call);
    for (const { parts } of messages) for (const part of parts) turn.subAgents.called(part);
  }
}
