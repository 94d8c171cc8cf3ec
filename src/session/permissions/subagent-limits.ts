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

/** The limits of one turn, and how much of them is used. */
export class SubagentLimits {
  readonly #maxSubagents: number;
  readonly #maxDepth: number;
  #count = 0;
  /** Tasks that were allowed and have not begun, by the session that has asked. */
  readonly #allowed = new Map<string, number>();

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
    const allowed = this.#allowed.get(parentId) ?? 0;
    if (allowed > 0) {
      this.#allowed.set(parentId, allowed - 1);
      return undefined;
    }
    const refusal = this.#refusal(depth);
    if (refusal !== undefined) return refusal.reason;
    this.#count += 1;
    return undefined;
  }

  /** Another turn begins, with the same limits. */
  renew(): void {
    this.#count = 0;
    this.#allowed.clear();
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
  #admit({ sessionId, chain }: PermissionRequest): Decision | undefined {
    const refusal = this.#refusal(chain.length);
    if (refusal !== undefined) return refusal;
    this.#count += 1;
    this.#allowed.set(sessionId, (this.#allowed.get(sessionId) ?? 0) + 1);
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
