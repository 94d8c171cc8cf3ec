/** Rules from JSON, for policies in files. */
import { ConfigError } from "../../errors/index.js";
import type { PermissionConfig } from "../../types/options.js";
import type { PolicyRule } from "../../types/policy.js";
import { messageOf } from "../../util/error-message.js";
import { invalidOption } from "../../util/invalid-option.js";
import { isRecord, parseJson } from "../../util/json.js";
import { checkRule } from "./compile.js";
import { toRules } from "./config-rules.js";

/** Sanity limit: nobody writes a policy this large. */
const mostRules = 10_000;

/**
 * Reads rules from a JSON text or a parsed value: a list of rules, with a RegExp as `{ "regex": "^git ", "flags": "i" }`, or
 * opencode's own form (`{ "bash": { "*": "ask", "git *": "allow" }, "edit": "deny" }`).
 * @throws {ConfigError} with the path of the wrong value, for example `rules[2].pattern.regex`.
 */
export function parsePolicy(json: unknown): PolicyRule[] {
  const data = typeof json === "string" ? parsed(json) : json;
  if (isRecord(data)) return toRules(data as PermissionConfig); // every value of it is checked there
  if (!Array.isArray(data)) {
    throw new ConfigError("a policy is a list of rules, or an object like opencode's `permission`");
  }
  if (data.length > mostRules) throw new ConfigError(`a policy has at most ${mostRules} rules; got ${data.length}`);
  return data.map((rule: unknown, index) => ruleOf(rule, `rules[${index}]`));
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new ConfigError(`the policy is no JSON: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function ruleOf(rule: unknown, where: string): PolicyRule {
  const pattern = isRecord(rule) && Object.hasOwn(rule, "pattern") ? rule["pattern"] : undefined;
  const read = isRecord(pattern)
    ? { ...(isRecord(rule) ? rule : {}), pattern: regexp(pattern, `${where}.pattern`) }
    : rule;
  checkRule(read, where);
  return read;
}

function regexp(pattern: Record<string, unknown>, where: string): RegExp {
  const { regex, flags = "", ...rest } = pattern;
  const [unknownKey] = Object.keys(rest);
  if (unknownKey !== undefined) throw new ConfigError(`${where}.${unknownKey}: unknown; expected { regex, flags? }`);
  if (typeof regex !== "string") throw invalidOption(`${where}.regex`, "a string", regex);
  if (typeof flags !== "string") throw invalidOption(`${where}.flags`, "a string", flags);
  try {
    return new RegExp(regex, flags);
  } catch (cause) {
    throw new ConfigError(`${where}: ${messageOf(cause)}`, { cause });
  }
}
