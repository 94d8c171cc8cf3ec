/**
 * What the server cannot decide about paths. It compares files with the path from the root of the repository (without git:
 * from `/`), and searches with what is looked for, never with where (1.18.33): in most directories a rule about a path would
 * do nothing. So it is told to ask, and the rule is decided here.
 */
import type { PermissionRule } from "../../types/answer.js";
import { guardOf, isGuard, pathPermissions, rulesFor } from "../policy/server-rules.js";

/** To be put behind `rules`, of which those in `lower` are told already: the server asks about paths that they do not let all pass. */
export function pathGuards(rules: readonly PermissionRule[], lower: readonly PermissionRule[] = []): PermissionRule[] {
  const all = [...lower, ...rules];
  return [...pathPermissions]
    .filter((permission) => isUndecided(rulesFor(all, permission)) && rulesFor(rules, permission).length > 0)
    .map(guardOf);
}

function isUndecided(rules: readonly PermissionRule[]): boolean {
  const narrow = rules.filter((rule) => !isGuard(rule) && !isForAll(rule) && !isServersOwn(rule));
  return narrow.length > 0 && rules.some((rule) => !isGuard(rule) && rule.action !== "allow");
}

function isForAll({ pattern }: PermissionRule): boolean {
  return /^\*+$/.test(pattern);
}

/** As the server has it itself; it is about names, and decided by the name. */
function isServersOwn({ permission, pattern, action }: PermissionRule): boolean {
  return permission === "read" && (action === "ask" ? /^\*\.env(?:\.\*)?$/ : /^\*\.env\.example$/).test(pattern);
}

/**
 * The server hands a session's denials to its sub-agents, and compares them there as it does: true when one of them would not
 * hold. What is about names alone (`*.pem`) does.
 */
export function isOpenToSubAgents(rules: readonly PermissionRule[]): boolean {
  const denials = rules.filter(({ action }) => action === "deny");
  return [...pathPermissions].some((permission) =>
    rulesFor(denials, permission).some(
      ({ pattern }) => permission !== "external_directory" && !/^\*[^/]*$/.test(pattern),
    ),
  );
}
