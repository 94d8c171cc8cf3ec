/** The sub-agents of one run as its caller sees them: what each does, and how one of them is stopped without the run. */
import { abortTimeout, readTimeout } from "../../client/retry-transient.js";
import { AbortedError } from "../../errors/index.js";
import type { AgentEvent } from "../../types/event.js";
import type { Subagent } from "../../types/subagent.js";
import { Stopwatch } from "../../util/clock.js";
import { delay } from "../../util/delay.js";
import { expenseOf } from "../history/usage.js";
import type { Turn } from "./turn.js";
import type { TurnContext } from "./turn-context.js";

const firstWait = 50;
const longestWait = 1_000;

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
  readonly #aborted = new Set<string>();
  #isOver = false;

  constructor(parts: SubagentControlParts) {
    this.#parts = parts;
    parts.context.offerSubagents?.(() => this.list());
  }

  /** Those that have begun. */
  list(): Subagent[] {
    const { turn } = this.#parts;
    turn.noteCalls();
    return turn.subAgents.ids.map((id) => this.#subagent(id));
  }

  /** Stops those that are one too many. Called when some may have begun. */
  check(): void {
    const { context, turn } = this.#parts;
    const limits = context.permissions.subagentLimits;
    for (const id of turn.subAgents.ids) {
      if (this.#checked.has(id)) continue;
      this.#checked.add(id);
      const { parentId } = this.#subagent(id);
      const reason = limits?.began(parentId, (turn.subAgents.chainOf(id)?.length ?? 1) - 1);
      if (reason === undefined) continue;
      this.#abort(id, reason).catch((error: unknown) => context.scope.api.logger.warn(String(error)));
    }
  }

  /** The run is over: nothing is stopped any more. */
  close(): void {
    this.#isOver = true;
  }

  #subagent(id: string): Subagent {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const { subAgents } = this.#parts.turn;
    const status = (): Subagent["status"] => (this.#aborted.has(id) ? "aborted" : subAgents.statusOf(id));
    const made: Subagent = {
      id,
      parentId: subAgents.chainOf(id)?.at(-2) ?? this.#parts.turn.sessionId,
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
      abort: (reason = "the caller has aborted the sub-agent") => this.#abort(id, reason),
    };
    this.#known.set(id, made);
    return made;
  }

  /**
   * An abort before the sub-agent's run has begun has no effect on the server (1.18.33): it is repeated until the call that waits for the
   * sub-agent is over.
   */
  async #abort(id: string, reason: string): Promise<void> {
    const { context, turn, emit } = this.#parts;
    const { subAgents } = turn;
    const { api } = context.scope;
    turn.noteCalls();
    if (this.#isOver || subAgents.statusOf(id) !== "running") return;
    if (!this.#aborted.has(id)) {
      this.#aborted.add(id);
      const parentId = this.#subagent(id).parentId;
      emit([{ type: "subagent-aborted", sessionId: id, parentId, reason }]);
    }
    const limit = abortTimeout(api.liveness);
    const begun = new Stopwatch();
    for (
      let wait = firstWait;
      !this.#isOver && subAgents.statusOf(id) === "running";
      wait = Math.min(2 * wait, longestWait)
    ) {
      if (begun.elapsed > limit)
        throw new AbortedError("the sub-agent has not ended after its abort", { sessionId: id });
      const call = { signal: context.session.connection.lifetime, timeout: readTimeout(api.liveness), maxRetries: 0 };
      const below = subAgents.ids.filter((one) => subAgents.chainOf(one)?.includes(id) === true);
      const aborts = below.map((one) => api.prompts.abort(one, call));
      await Promise.all(aborts).catch((error: unknown) => api.logger.debug(`abort of ${id}: ${String(error)}`));
      await delay(wait, context.session.connection.lifetime);
    }
  }
}
