/** Who decides about the permission requests of one turn. */
import { hookDecider } from "../../hooks/hook-decider.js";
import { toRules } from "../../permissions/policy/config-rules.js";
import {
  approvalsDecider,
  confinementDecider,
  type Decider,
  handlerDecider,
  loopDecider,
  reviewerDecider,
  rulesDecider,
  toolFilterDecider,
} from "../../permissions/policy/deciders.js";
import { modeNamed } from "../../permissions/policy/modes.js";
import { policyOf } from "../../permissions/policy/policy.js";
import type { PermissionRequest, PermissionRule, PolicyRule, ReviewFunction } from "../../types/index.js";
import type { ParkedTurn } from "../approvals/park.js";
import type { DirectoryContext, SessionContext } from "../context.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { baselineOf } from "./intended-rules.js";

/** The rules that the server was told for a turn. */
export interface AppliedRules {
  /** The session's own rules before; `undefined` when they were not read. */
  readonly before: readonly PermissionRule[] | undefined;
  /** The rules of the turn. */
  readonly temporary: readonly PermissionRule[];
}

/** The deciders of one turn, in order: hook, confinement, rules, approvals, reviewer, user. `parked`: the user decides in a store. Throws `ConfigError`. */
export function turnDeciders(
  session: SessionContext,
  scope: DirectoryContext,
  options: ResolvedTurnOptions<unknown>,
  applied: AppliedRules,
  parked: ParkedTurn | undefined,
): Decider[] {
  const { permissionContext } = session.connection;
  const { permission, permissionMode = "default", hooks, confineTo, reviewer, onPermission } = options;
  const deciders: Decider[] = [];
  if (hooks?.preToolUse !== undefined) deciders.push(hookDecider(hooks.preToolUse));
  if (confineTo !== undefined) deciders.push(confinementDecider(confineTo, permissionContext));
  if (options.tools !== undefined && !scope.api.capabilities.hasSessionRules) {
    deciders.push(toolFilterDecider(options.tools));
  }
  const stated = permission === undefined ? [] : toRules(permission);
  const rules: PolicyRule[] = [...modeNamed(permissionMode).answers, ...stated];
  const { realpath, home } = permissionContext;
  const { explain } = policyOf(rules, { realpath, home, default: "ask" });
  deciders.push(rulesDecider(explain, baselineOf({ ...session, ...applied }, scope, options)));
  deciders.push(approvalsDecider(permissionContext.approvals));
  if (reviewer !== undefined) deciders.push(reviewerDecider(reviewOf(session, scope, reviewer)));
  if (parked !== undefined) deciders.push(parkDecider(parked));
  else if (onPermission !== "park") deciders.push(handlerDecider(onPermission, permissionContext.approvals));
  return deciders;
}

/** The same behind the one that refuses what goes round in circles. */
export function withLoopBreaker(
  deciders: readonly Decider[],
  breaker: { refusal(request: PermissionRequest): string | undefined } | undefined,
): readonly Decider[] {
  return breaker === undefined ? deciders : [loopDecider((request) => breaker.refusal(request)), ...deciders];
}

/** Leaves the decision to whoever decides about the entry in the store. */
function parkDecider(parked: ParkedTurn): Decider {
  return {
    by: "approval",
    isCallback: false,
    isPatient: true,
    asksUser: true,
    decide: async (request, context) => {
      const { parking } = context;
      if (parking === undefined) return undefined;
      const { park } = await import("../approvals/park.js");
      return park(parked, request, { ...context, parking });
    },
  };
}

function reviewOf(
  { connection }: SessionContext,
  scope: DirectoryContext,
  reviewer: NonNullable<ResolvedTurnOptions<unknown>["reviewer"]>,
): ReviewFunction {
  return typeof reviewer === "function" ? reviewer : connection.permissionContext.review(scope, reviewer);
}
