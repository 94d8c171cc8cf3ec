/** From opencode's configuration form of permissions to its rule list. */
import { ConfigError } from "../../errors/index.js";
import type { PermissionRule } from "../../types/answer.js";
import type { PermissionConfig } from "../../types/options.js";
import { editDistance } from "../../util/edit-distance.js";
import { invalidOption } from "../../util/invalid-option.js";
import { isRecord } from "../../util/json.js";
import { checkName } from "./names.js";

export const actions: readonly PermissionRule["action"][] = ["allow", "ask", "deny"];

/**
 * Rules in the order in which they were written; the last match wins. One action alone is for all permissions. Throws
 * `ConfigError` for an unknown action and for a name that is nearly that of a permission.
 */
export function toRules(
  permission: PermissionConfig | readonly PermissionRule[] | PermissionRule["action"],
): PermissionRule[] {
  if (typeof permission === "string") return [checked("*", "*", permission, "permission")];
  if (Array.isArray(permission)) {
    return permission.map((rule: unknown, index) => {
      const where = `permission[${index}]`;
      if (!isRecord(rule)) throw invalidOption(where, "a rule { permission, pattern, action }", rule);
      return checked(rule["permission"], rule["pattern"], rule["action"], where);
    });
  }
  if (!isRecord(permission)) throw invalidOption("permission", "an object or a list of rules", permission);
  return Object.entries(permission).flatMap(([name, value]) => ofPermission(name, value));
}

/** Of these a server's configuration takes one action, and refuses to work with patterns (1.18.33). */
const withoutPatterns = ["doom_loop", "question", "todowrite", "webfetch", "websearch"];

/** Like {@link toRules}, for what goes into a server's configuration: also throws for what the server would not take there. */
export function checkServerPermission(permission: PermissionConfig): void {
  toRules(permission);
  for (const name of withoutPatterns) {
    if (!isRecord(permission[name])) continue;
    throw new ConfigError(`permission.${name}: a server's configuration takes one action for it, and no patterns`, {
      hint: "Patterns for it work in the rules of a session, and in a policy.",
    });
  }
}

function ofPermission(name: string, value: unknown): PermissionRule[] {
  const where = `permission.${name}`;
  if (typeof value === "string") return [checked(name, "*", value, where)];
  if (!isRecord(value)) throw invalidOption(where, "an action or an object of patterns", value);
  checkName(name, where); // an object without patterns has no rule that would be checked
  return Object.entries(value).map(([pattern, action]) => checked(name, pattern, action, `${where}["${pattern}"]`));
}

function checked(permission: unknown, pattern: unknown, action: unknown, where: string): PermissionRule {
  if (typeof permission !== "string" || typeof pattern !== "string") {
    throw new ConfigError(`${where}: a permission rule needs the texts \`permission\` and \`pattern\``);
  }
  checkName(permission, where);
  return { permission, pattern, action: checkAction(action, where) };
}

/** Throws `ConfigError`, with the action that was probably meant, for anything but the three. */
export function checkAction(action: unknown, where: string): PermissionRule["action"] {
  const found = actions.find((known) => known === action);
  if (found !== undefined) return found;
  const meant = typeof action === "string" ? nearest(action) : undefined;
  throw new ConfigError(
    `${where}: unknown action ${JSON.stringify(action)}; expected "allow", "ask" or "deny"${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
  );
}

const otherWords: Readonly<Record<string, PermissionRule["action"]>> = {
  accept: "allow",
  approve: "allow",
  yes: "allow",
  once: "allow",
  always: "allow",
  true: "allow",
  prompt: "ask",
  reject: "deny",
  refuse: "deny",
  block: "deny",
  never: "deny",
  no: "deny",
  false: "deny",
};

function nearest(action: string): string | undefined {
  const plain = action.toLowerCase().trim();
  const word = Object.hasOwn(otherWords, plain) ? otherWords[plain] : undefined;
  return word ?? actions.find((known) => editDistance(plain, known) <= 2);
}
