/** What the server is told about permissions: for a new session, or for the time of one turn. */

import type { Capabilities } from "../../api/capabilities.js";
import { isOpenToSubAgents, pathGuards } from "../../permissions/paths/path-guard.js";
import { toRules } from "../../permissions/policy/config-rules.js";
import { modeNamed } from "../../permissions/policy/modes.js";
import {
  everyPermission,
  guardAll,
  isClosed,
  tightening,
  withoutOpenSubAgents,
} from "../../permissions/policy/server-rules.js";
import type { PermissionRule } from "../../types/answer.js";
import type { TurnOptions } from "../../types/options.js";
import type { EffectivePermissions } from "./effective-rules.js";

type Steered = Pick<TurnOptions<unknown>, "permission" | "permissionMode" | "hooks" | "confineTo">;

/** What the caller states and does not hold yet, or would not hold behind a rule that makes the server ask about everything. */
export function statedRules(options: Steered, inForce: EffectivePermissions): PermissionRule[] {
  const { permission, permissionMode = "default" } = options;
  const { sessionRules } = modeNamed(permissionMode);
  const isHeld = permissionMode === (inForce.permissionMode ?? "default");
  const isReopened = needsGuard(options) && !inForce.isGuarded && isClosed(sessionRules, everyPermission);
  return [
    ...(isHeld && !isReopened ? [] : sessionRules),
    ...(permission === undefined || permission === inForce.permission
      ? []
      : within(toRules(permission), options, inForce)),
  ];
}

/** Without what the mode takes away: it is not offered, whatever else is said. */
function within(
  rules: readonly PermissionRule[],
  { permissionMode }: Steered,
  inForce: EffectivePermissions,
): PermissionRule[] {
  const { sessionRules } = modeNamed(permissionMode ?? inForce.permissionMode ?? "default");
  if (!isClosed(sessionRules, everyPermission)) return [...rules];
  const nameOf = ({ permission }: PermissionRule): string => (permission === "*" ? everyPermission : permission);
  return rules.filter((rule) => rule.action === "deny" || !isClosed(sessionRules, nameOf(rule)));
}

/** Hooks before tools, and a confinement, can refuse only what the server asks about. */
export function needsGuard({ hooks, confineTo }: Steered): boolean {
  return hooks?.preToolUse !== undefined || confineTo !== undefined;
}

type HandsOn = Pick<Capabilities, "handsOnRules">;

/** Rules of a session that is being made. */
export function creationRules(
  options: Steered,
  inForce: EffectivePermissions,
  { handsOnRules }: HandsOn,
): PermissionRule[] {
  const rules = statedRules(options, inForce);
  const isGuarding = needsGuard(options) && !inForce.isGuarded;
  const isGuarded = inForce.isGuarded && rules.length > 0;
  return lastingRules(rules, { isGuarding, isGuarded, lower: inForce.rules, handsOnRules });
}

/** Where rules are said to a session for good. */
export interface Lasting {
  /** Without them the server would not ask about everything, and it does not ask sub-agents about it. */
  readonly isGuarding: boolean;
  /** The server asks about everything, and has to go on to. */
  readonly isGuarded: boolean;
  /** What it has been told before. */
  readonly lower: readonly PermissionRule[] | undefined;
  /** Sub-agents have the same. */
  readonly handsOnRules: boolean;
}

/** Such rules as they are told to the server, so that it asks about what it cannot decide. */
export function lastingRules(
  rules: readonly PermissionRule[],
  { isGuarding, isGuarded, lower, handsOnRules }: Lasting,
): PermissionRule[] {
  const all = handsOnRules ? [...rules] : withoutOpenSubAgents(rules, isGuarding || isOpenToSubAgents(rules));
  return isGuarding || isGuarded ? guardAll(all) : [...all, ...pathGuards(all, lower)];
}

/** What holds in a session that was made with {@link creationRules}: where sessions have no rules, what holds on the server. */
export function inForceAfter(
  options: Steered,
  atStart: EffectivePermissions,
  { hasSessionRules }: Pick<Capabilities, "hasSessionRules">,
): EffectivePermissions {
  if (!hasSessionRules) return atStart;
  const { isGuarded, rules } = atStart;
  const { permission, permissionMode } = options;
  return { permission, permissionMode, isGuarded: isGuarded || needsGuard(options), isOwn: true, rules };
}

/** Rules that are put to the server for one turn of a session, and taken back after it. */
export function temporaryRules(
  options: Steered,
  inForce: EffectivePermissions,
  { handsOnRules }: HandsOn,
): PermissionRule[] {
  const isGuarding = needsGuard(options) && !inForce.isGuarded;
  const stated = statedRules(options, inForce);
  const rules = tightening(isGuarding ? [guard, ...stated] : stated);
  const all = handsOnRules ? rules : withoutOpenSubAgents(rules, isOpenToSubAgents(rules));
  return [...all, ...pathGuards(rules, inForce.rules)];
}

/** The server asks about everything. */
const guard: PermissionRule = { permission: everyPermission, pattern: "*", action: "ask" };
