/**
 * The limits of the sub-agents of one turn. The server is made to ask about each `task`; one too many is refused with a reason, and the
 * run goes on. A session of a sub-agent that nobody was asked about, because the server asks about tasks of the turn's own session only
 * (1.18.33), is judged when it begins.
 */
import type { Decider, Decision } from "../../permissions/policy/deciders.js";
import { guardOf } from "../../permissions/policy/server-rules.js";
import type { PermissionRule } from "../../types/answer.js";
import type { PermissionRequest } from "../../types/request.js";
import type { TurnOptions } from "../../types/turn-options.js";

/** A call of a sub-agent. */
export interface TaskCall {
  /** The session that calls. */
  readonly sessionId: string;
  /** The assistant message that has the call. */
  readonly messageId: string;
  readonly callId: string;
}

type Limited = Pick<TurnOptions<unknown>, "maxSubagents" | "maxDepth">;

/** The permission of the tool that calls sub-agents. */
const task = "task";

/** True for a turn with such a limit. */
export function limitsSubagents({ maxSubagents, maxDepth }: Limited): boolean {
  return maxSubagents !== undefined || maxDepth !== undefined;
}

/** The rules that make the server ask about sub-agents. */
export function subagentGuards(options: Limited): PermissionRule[] {
  return limitsSubagents(options) ? [guardOf(task)] : [];
}

/** Some models begin anew with the ids of their calls in each step. */
function keyOf({ messageId, callId }: Omit<TaskCall, "sessionId">): string {
  return `${messageId} ${callId}`;
}

/** The limits of one turn, and how much of them is used. */
export class SubagentLimits {
  readonly #maxSubagents: number;
  readonly #maxDepth: number;
  /** Calls that were allowed, by the session that has asked; without those that have ended before their sub-agent began. */
  readonly #allowed = new Map<string, Set<string>>();
  /** How many sub-agents each session has been seen to call. */
  readonly #begun = new Map<string, number>();
  /** Calls that have ended before their sub-agent began. One may be allowed only then. */
  readonly #ended = new Set<string>();

  constructor({ maxSubagents = Number.POSITIVE_INFINITY, maxDepth = Number.POSITIVE_INFINITY }: Limited) {
    this.#maxSubagents = maxSubagents;
    this.#maxDepth = maxDepth;
  }

  /** Deciders that keep to the limits: what is allowed counts, and what is one too many is refused before anybody is asked. */
  around(deciders: readonly Decider[]): Decider[] {
    const first: Decider = {
      by: "rules",
      isCallback: false,
      decide: async (request) => (request.permission === task ? this.#refusal(request.chain.length) : undefined),
    };
    return [first, ...deciders.map((decider) => this.#counting(decider))];
  }

  /** A sub-agent has begun, `depth` sessions below the turn's own. Returns the reason for which it is one too many. */
  began(parentId: string, depth: number): string | undefined {
    const begun = this.#begun.get(parentId) ?? 0;
    const isAllowed = begun < (this.#allowed.get(parentId)?.size ?? 0);
    const refusal = isAllowed ? undefined : this.#refusal(depth);
    if (refusal !== undefined) return refusal.reason;
    this.#begun.set(parentId, begun + 1);
    return undefined;
  }

  /** A call has ended before its sub-agent began: it counts no more. */
  giveBack({ sessionId, messageId, callId }: TaskCall): void {
    const key = keyOf({ messageId, callId });
    this.#ended.add(key);
    this.#allowed.get(sessionId)?.delete(key);
  }

  /** Another turn begins, with the same limits. */
  renew(): void {
    this.#allowed.clear();
    this.#begun.clear();
    this.#ended.clear();
  }

  /** A sub-agent that has begun belongs to an allowed call of the same session, unless there is none. */
  get #count(): number {
    let count = 0;
    for (const id of new Set([...this.#allowed.keys(), ...this.#begun.keys()]))
      count += Math.max(this.#allowed.get(id)?.size ?? 0, this.#begun.get(id) ?? 0);
    return count;
  }

  #counting(decider: Decider): Decider {
    return {
      ...decider,
      decide: async (request, context) => {
        const decision = await decider.decide(request, context);
        if (decision?.isAllowed !== true || request.permission !== task) return decision;
        return this.#admit(request) ?? decision;
      },
    };
  }

  /** Others may have been allowed meanwhile. */
  #admit({ id, sessionId, chain, tool }: PermissionRequest): Decision | undefined {
    const refusal = this.#refusal(chain.length);
    if (refusal !== undefined) return refusal;
    const key = tool === undefined ? id : keyOf(tool);
    if (this.#ended.has(key)) return undefined;
    this.#allowed.set(sessionId, (this.#allowed.get(sessionId) ?? new Set()).add(key));
    return undefined;
  }

  #refusal(depth: number): Decision | undefined {
    if (depth > this.#maxDepth) {
      const reason = `sub-agents of this turn may work ${this.#maxDepth} levels below it (maxDepth): do the task yourself`;
      return { isAllowed: false, reason, by: "maxDepth" };
    }
    if (this.#count < this.#maxSubagents) return undefined;
    const reason = `this turn has called all ${this.#maxSubagents} sub-agents that it may call (maxSubagents): do the task yourself`;
    return { isAllowed: false, reason, by: "maxSubagents" };
  }
}
