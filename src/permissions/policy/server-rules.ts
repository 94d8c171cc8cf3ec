/** The server's rule lists: what they decide, and what is appended to them for a turn. A list can only grow (1.18.33). */

import type { PermissionRule } from "../../types/answer.js";
import { matchesWildcard } from "../../util/wildcard.js";
import { permissionNames } from "./names.js";

type Action = PermissionRule["action"];

/**
 * This name stands for every permission and is nobody else's: with `"*"` it could not be told from a rule of the user's own
 * configuration, into which ours is merged.
 */
export const everyPermission = "?*";

/** The permissions whose patterns are paths. */
export const pathPermissions: ReadonlySet<string> = new Set([
  "edit",
  "read",
  "list",
  "glob",
  "grep",
  "external_directory",
]);

/**
 * Such names stand for one permission each, and are nobody else's either. As names that no file has they come last in a
 * configuration into which ours is merged.
 */
const guardNames: ReadonlyMap<string, string> = new Map(
  permissionNames.map((permission) => [`${permission.slice(0, -1)}?`, permission]),
);

/** For permissions of other names: a pattern for everything that nobody writes. */
const guardPattern = "***";

/** The rule that makes the server ask about one permission, whatever the rules before it say. */
export function guardOf(permission: string): PermissionRule {
  return permissionNames.includes(permission)
    ? { permission: `${permission.slice(0, -1)}?`, pattern: "*", action: "ask" }
    : { permission, pattern: guardPattern, action: "ask" };
}

/** True for a rule of ours that only makes the server ask. */
export function isGuard({ permission, pattern }: PermissionRule): boolean {
  return permission === everyPermission || guardNames.has(permission) || pattern === guardPattern;
}

/** The permission that a guard stands for; any other name as it is. */
function guardedName(permission: string): string {
  return guardNames.get(permission) ?? permission;
}

/** The rules deny all of it, so that its tools are not offered. */
export function isClosed(rules: readonly PermissionRule[], permission: string): boolean {
  const [last, ...others] = rulesFor(rules, permission);
  return others.length === 0 && last?.pattern === "*" && last.action === "deny";
}

/** The rules allow nothing of it, so that the server asks about it or denies it. Folders that the server adds are harmless. */
export function isAskedAbout(rules: readonly PermissionRule[], permission: string): boolean {
  const named = rules.filter((rule) => concerns(rule, permission));
  const reset = named.findLastIndex((rule) => rule.pattern === "*" || isGuard(rule));
  const deciding = named.slice(Math.max(reset, 0));
  return deciding.every(({ action, pattern }) => {
    return action !== "allow" || (permission === "external_directory" && pattern !== "*");
  });
}

/** The same, so that the server asks about everything that is not denied altogether. */
export function guardAll(rules: readonly PermissionRule[]): PermissionRule[] {
  const names = [...new Set(rules.map(({ permission }) => permission))].filter((name) => name !== "*");
  if (isClosed(rules, otherName)) return [...rules, ...names.filter((name) => !isClosed(rules, name)).map(guardOf)];
  const closed = names.filter((name) => isClosed(rules, name));
  const all: PermissionRule = { permission: everyPermission, pattern: "*", action: "ask" };
  return [...rules, all, ...closed.map((permission) => ({ permission, pattern: "*", action: "deny" as const }))];
}

/** Stands for every name that no rule names. */
const otherName = "\u0001";

const strictness: Readonly<Record<Action, number>> = { allow: 0, ask: 1, deny: 2 };

/** Of no action at all: `"ask"`. */
export function strictest(actions: readonly Action[]): Action {
  return actions.reduce(
    (strict, action) => (strictness[action] > strictness[strict] ? action : strict),
    actions[0] ?? "ask",
  );
}

/** The server writes the home folder in full (1.18.33). */
export function isSameRule(of: PermissionRule, wanted: PermissionRule): boolean {
  const fromHome = /^(?:~|\$HOME)(?=\/|$)/.exec(wanted.pattern)?.[0];
  const isPattern =
    of.pattern === wanted.pattern ||
    (fromHome !== undefined && of.pattern.endsWith(wanted.pattern.slice(fromHome.length)));
  return of.permission === wanted.permission && isPattern && of.action === wanted.action;
}

function concerns(rule: PermissionRule, permission: string): boolean {
  return matchesWildcard(permission, rule.permission);
}

/** The rules that decide about one permission, under its own name; without those that a later one about everything voids. */
export function rulesFor(rules: readonly PermissionRule[], permission: string): PermissionRule[] {
  const found = rules.filter((rule) => concerns(rule, permission));
  // What only makes the server ask stays what it is, and voids nothing: the rules are decided here.
  const reset = found.findLastIndex((rule) => rule.pattern === "*" && !isGuard(rule));
  return found.slice(Math.max(reset, 0)).map((rule) => (isGuard(rule) ? guardOf(permission) : { ...rule, permission }));
}

/** Without what can no longer matter: all that stands before the last rule about everything. */
export function sinceReset(rules: readonly PermissionRule[]): PermissionRule[] {
  const reset = rules.findLastIndex(({ permission, pattern }) => permission === "*" && pattern === "*");
  return rules.slice(Math.max(reset, 0));
}

/**
 * Rules of a turn as they are put to the server: only what tightens. What is allowed after a denial is asked for instead, so
 * that it is answered here and nothing is loosened on the server; what is allowed before any is left out.
 */
export function tightening(rules: readonly PermissionRule[]): PermissionRule[] {
  const first = rules.findIndex(({ action }) => action !== "allow");
  if (first < 0) return [];
  return rules.slice(first).map((rule) => (rule.action === "allow" ? { ...rule, action: "ask" } : rule));
}

/**
 * The server hands a session's denials to its sub-agents and none of its other rules (1.18.33): where something is asked for,
 * they would do it unasked. So they are denied with it, unless the rules speak of `task` themselves. `isOpen` says that they
 * would do what is denied.
 */
export function withoutOpenSubAgents(rules: readonly PermissionRule[], isOpen = false): PermissionRule[] {
  const asks = isOpen || rules.some(({ permission, action }) => action === "ask" && !harmless.has(permission));
  const speaks = rules.some(({ permission }) => permission === "task");
  return asks && !speaks ? [...rules, { permission: "task", pattern: "*", action: "deny" }] : [...rules];
}

/** What the server asks of sub-agents too, or what does nothing. */
const harmless: ReadonlySet<string> = new Set(["external_directory", "doom_loop", "question", "plan_exit"]);

/** What has to be appended after `temporary` rules so that everything is decided as by `before` again. */
export function restoring(temporary: readonly PermissionRule[], before: readonly PermissionRule[]): PermissionRule[] {
  const names = [...new Set(temporary.map(({ permission }) => guardedName(permission)))];
  if (names.some((name) => /[*?]/.test(name))) return sinceReset(before);
  return names.flatMap((name) => rulesFor(before, name));
}

/** `rules` without the last occurrence of each of `removed`. */
export function withoutRules(rules: readonly PermissionRule[], removed: readonly PermissionRule[]): PermissionRule[] {
  const kept = [...rules];
  for (const rule of removed) {
    const at = kept.findLastIndex(
      (one) => one.permission === rule.permission && one.pattern === rule.pattern && one.action === rule.action,
    );
    if (at >= 0) kept.splice(at, 1);
  }
  return kept;
}
