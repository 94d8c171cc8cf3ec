/** What the server is told about permissions: for a new session, or for the time of one turn. */
import { modeNamed } from "../permissions/modes.js";
import { toRules } from "../permissions/rules.js";
import { everyPermission, tightening, withoutOpenSubAgents } from "../permissions/server-rules.js";
import type { PermissionRule } from "../types/answer.js";
import type { TurnOptions } from "../types/options.js";
import type { InForce } from "./rules-in-force.js";

type Steered = Pick<TurnOptions<unknown>, "permission" | "permissionMode" | "hooks" | "confineTo">;

/** What the caller states and does not hold yet. */
export function statedRules(options: Steered, inForce: InForce): PermissionRule[] {
  const { permission, permissionMode = "default" } = options;
  return [
    ...(permissionMode === (inForce.permissionMode ?? "default") ? [] : modeNamed(permissionMode).sessionRules),
    ...(permission === undefined || permission === inForce.permission ? [] : toRules(permission)),
  ];
}

/** Hooks before tools, and a confinement, can refuse only what the server asks about. */
export function needsGuard({ hooks, confineTo }: Steered): boolean {
  return hooks?.preToolUse !== undefined || confineTo !== undefined;
}

/** Rules of a session that is being made. */
export function creationRules(options: Steered, inForce: InForce): PermissionRule[] {
  const stated = statedRules(options, inForce);
  const isGuarding = needsGuard(options) && !inForce.isGuarded;
  return withoutOpenSubAgents(isGuarding ? tightening([guard, ...stated]) : stated);
}

/** What holds in a session that was made with {@link creationRules}. */
export function inForceAfter(options: Steered, { isGuarded }: InForce): InForce {
  const { permission, permissionMode } = options;
  return { permission, permissionMode, isGuarded: isGuarded || needsGuard(options), isOwn: true };
}

/** Rules that are put to the server for one turn of a session, and taken back after it. */
export function temporaryRules(options: Steered, inForce: InForce): PermissionRule[] {
  const stated = statedRules(options, inForce);
  const isGuarding = needsGuard(options) && !inForce.isGuarded;
  return withoutOpenSubAgents(tightening(isGuarding ? [guard, ...stated] : stated));
}

/** The server asks about everything. */
const guard: PermissionRule = { permission: everyPermission, pattern: "*", action: "ask" };
