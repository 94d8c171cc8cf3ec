/** The server's rule lists: what they decide, and what is appended to them for a turn. A list can only grow (1.18.33). */

import { matchesWildcard } from "../internal/wildcard.js";
import type { PermissionRule } from "../types/answer.js";

type Action = PermissionRule["action"];

/**
 * This name stands for every permission and is nobody else's: with `"*"` it could not be told from a rule of the user's own
 * configuration, into which ours is merged.
 */
export const everyPermission = "?*";

const strictness: Readonly<Record<Action, number>> = { allow: 0, ask: 1, deny: 2 };

/** What the server decides: of each pattern the last rule that matches, of several patterns the strictest. It asks where no rule matches. */
export function decideAsServer(
  rules: readonly PermissionRule[],
  permission: string,
  patterns: readonly string[],
): Action {
  const actions = (patterns.length === 0 ? ["*"] : patterns).map((pattern): Action => {
    const rule = rules.findLast((one) => concerns(one, permission) && matchesWildcard(pattern, one.pattern));
    return rule?.action ?? "ask";
  });
  return actions.reduce((strictest, action) => (strictness[action] > strictness[strictest] ? action : strictest));
}

function concerns(rule: PermissionRule, permission: string): boolean {
  return matchesWildcard(permission, rule.permission);
}

/** The rules that decide about one permission, under its own name; without those that a later one about everything voids. */
export function rulesFor(rules: readonly PermissionRule[], permission: string): PermissionRule[] {
  const found = rules.filter((rule) => concerns(rule, permission)).map((rule) => ({ ...rule, permission }));
  const reset = found.findLastIndex(({ pattern }) => pattern === "*");
  return found.slice(Math.max(reset, 0));
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
 * they would do it unasked. So they are denied with it, unless the rules speak of `task` themselves.
 */
export function withoutOpenSubAgents(rules: readonly PermissionRule[]): PermissionRule[] {
  const asks = rules.some(({ permission, action }) => action === "ask" && !harmless.has(permission));
  const speaks = rules.some(({ permission }) => permission === "task");
  return asks && !speaks ? [...rules, { permission: "task", pattern: "*", action: "deny" }] : [...rules];
}

/** What the server asks of sub-agents too, or what does nothing. */
const harmless: ReadonlySet<string> = new Set(["external_directory", "doom_loop", "question", "plan_exit"]);

/** What has to be appended after `temporary` rules so that everything is decided as by `before` again. */
export function restoring(temporary: readonly PermissionRule[], before: readonly PermissionRule[]): PermissionRule[] {
  const names = [...new Set(temporary.map(({ permission }) => permission))];
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
