/** From opencode's configuration form of permissions to its rule list. */
import { ConfigError } from "../errors.js";
import { isRecord } from "../internal/json.js";
import type { PermissionRule } from "../types/answer.js";
import type { PermissionConfig } from "../types/options.js";

const actions = ["allow", "ask", "deny"];

/** Rules in the order in which they were written; the last match wins. Throws `ConfigError` for an unknown action. */
export function toRules(permission: PermissionConfig | readonly PermissionRule[]): PermissionRule[] {
  if (Array.isArray(permission))
    return permission.map((rule: PermissionRule) => checked(rule.permission, rule.pattern, rule.action));
  if (!isRecord(permission))
    throw new ConfigError(`permission must be an object or a list of rules; got ${typeof permission}`);
  return Object.entries(permission).flatMap(([name, value]) => {
    if (typeof value === "string") return [checked(name, "*", value)];
    if (!isRecord(value)) throw new ConfigError(`permission.${name} must be an action or an object of patterns`);
    return Object.entries(value).map(([pattern, action]) => checked(name, pattern, action));
  });
}

function checked(permission: unknown, pattern: unknown, action: unknown): PermissionRule {
  if (typeof permission !== "string" || typeof pattern !== "string") {
    throw new ConfigError("a permission rule needs the texts `permission` and `pattern`");
  }
  if (typeof action !== "string" || !actions.includes(action)) {
    throw new ConfigError(
      `permission ${permission} "${pattern}": unknown action ${JSON.stringify(action)}; expected "allow", "ask" or "deny"`,
    );
  }
  return { permission, pattern, action: action as PermissionRule["action"] }; // one of the three
}
