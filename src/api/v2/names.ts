/** Names of permissions: rules and requests of this library keep those of 1.x. */
import type { PermissionRule } from "../../types/answer.js";
import { type JsonRecord, property, stringProperty } from "../../util/json.js";
import type { Dialect } from "./dialects.js";

/** The server's name. A name of 1.x with a wildcard for its last letter, which stands for that one alone, is mapped like it. */
export function serverPermission({ permissionNames }: Dialect, name: string): string {
  for (const [own, theirs] of Object.entries(permissionNames)) {
    if (name === own) return theirs;
    if (name === guarded(own)) return guarded(theirs);
  }
  return name;
}

/** The name of 1.x, for both: a server may still know the old one. */
export function ownPermission({ permissionNames }: Dialect, name: string): string {
  for (const [own, theirs] of Object.entries(permissionNames)) {
    if (name === theirs) return own;
    if (name === guarded(theirs)) return guarded(own);
  }
  return name;
}

function guarded(name: string): string {
  return `${name.slice(0, -1)}?`;
}

/** A rule as 2.x writes it. */
export interface ServerRule {
  readonly action: string;
  readonly resource: string;
  readonly effect: PermissionRule["action"];
}

/** Rules for the server, in order. */
export function serverRules(dialect: Dialect, rules: readonly PermissionRule[]): ServerRule[] {
  return rules.map(({ permission, pattern, action }) => ({
    action: serverPermission(dialect, permission),
    resource: pattern,
    effect: action,
  }));
}

/** Rules of the server, in order; what is no rule is left out. */
export function ownRules(dialect: Dialect, rules: unknown): PermissionRule[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: JsonRecord) => {
    const name = stringProperty(rule, "action");
    const effect = property(rule, "effect");
    if (name === undefined || (effect !== "allow" && effect !== "deny" && effect !== "ask")) return [];
    const pattern = stringProperty(rule, "resource") ?? "*";
    return [{ permission: ownPermission(dialect, name), pattern, action: effect }];
  });
}

/** The rules without those of `run`, wherever they stand in this order and nothing between them. */
export function withoutRun(rules: readonly PermissionRule[], run: readonly PermissionRule[]): PermissionRule[] {
  const kept: PermissionRule[] = [];
  const isAt = (at: number): boolean =>
    run.every((rule, index) => {
      const found = rules[at + index];
      return found?.permission === rule.permission && found.pattern === rule.pattern && found.action === rule.action;
    });
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at];
    if (run.length > 0 && isAt(at)) at += run.length - 1;
    else if (rule !== undefined) kept.push(rule);
  }
  return kept;
}
