/** Rules, checked, in the form in which they are compared. */
import { ConfigError } from "../../errors/index.js";
import type { PolicyAction, PolicyRule } from "../../types/policy.js";
import { invalidOption } from "../../util/invalid-option.js";
import { isRecord } from "../../util/json.js";
import { isAbsolute } from "../paths/normalize.js";
import { PathPattern } from "../paths/path-pattern.js";
import { checkAction } from "./config-rules.js";
import { checkName } from "./names.js";

/** What a rule's pattern is. */
export type Matcher =
  | { readonly kind: "everything" }
  /** This very text, wildcards in it are none: made by what was allowed before, never written by people. */
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "wildcard"; readonly text: string }
  | { readonly kind: "regexp"; readonly regexp: RegExp };

export interface CompiledRule {
  readonly rule: PolicyRule;
  readonly index: number;
  readonly action: PolicyAction;
  readonly matcher: Matcher;
  /** The pattern as one of paths; of a wildcard or literal pattern. */
  readonly path: PathPattern | undefined;
  /** A rule about paths that is also compared with what the server asks about, as the server would compare it. */
  readonly text?: string | undefined;
}

/** Longer ones are mistakes, and would take long. */
const longestPattern = 2_000;

const keys = new Set(["permission", "pattern", "action", "directory", "agent", "reason"]);

/** Throws `ConfigError` that names the place, for example `rules[2].action`. */
export function compileRules(rules: readonly PolicyRule[], home: string | undefined): CompiledRule[] {
  if (!Array.isArray(rules)) throw invalidOption("rules", "a list of rules", rules);
  return rules.map((rule, index) => {
    checkRule(rule, `rules[${index}]`);
    const matcher = matcherOf(rule.pattern);
    return compiled(rule, index, matcher, home);
  });
}

/** A rule that is no person's, and is not checked: for this very text, or for the server's own pattern. */
export function approvedRule(permission: string, pattern: string, isLiteral: boolean): CompiledRule {
  const matcher: Matcher = isLiteral ? { kind: "literal", text: pattern } : matcherOf(pattern);
  return compiled({ permission, pattern, action: "allow" }, 0, matcher, undefined);
}

/** A rule of the server's list: whatever name it has, somebody has it. */
export function uncheckedRule(rule: PolicyRule, index: number, home: string | undefined): CompiledRule {
  return compiled(rule, index, matcherOf(rule.pattern), home);
}

function compiled(rule: PolicyRule, index: number, matcher: Matcher, home: string | undefined): CompiledRule {
  const hasPath = matcher.kind === "wildcard" || matcher.kind === "literal";
  const path = hasPath ? new PathPattern(matcher.text, matcher.kind === "literal", home) : undefined;
  return { rule, index, action: rule.action, matcher, path };
}

function matcherOf(pattern: string | RegExp | undefined): Matcher {
  if (pattern === undefined || pattern === "*") return { kind: "everything" };
  if (typeof pattern === "string") return { kind: "wildcard", text: pattern };
  // A copy without "g" and "y": with them a RegExp remembers where it was.
  return { kind: "regexp", regexp: new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")) };
}

/** Throws `ConfigError`; `where` is the rule's place. */
export function checkRule(rule: unknown, where: string): asserts rule is PolicyRule {
  if (!isRecord(rule)) throw invalidOption(where, "a rule { permission, pattern?, action }", rule);
  for (const key of Object.keys(rule)) {
    if (!keys.has(key)) throw new ConfigError(`${where}.${key}: unknown; a rule has ${[...keys].join(", ")}`);
  }
  const { permission, pattern, action, directory } = rule;
  if (typeof permission !== "string") throw invalidOption(`${where}.permission`, "a string", permission);
  checkName(permission, `${where}.permission`);
  checkAction(action, `${where}.action`);
  checkPattern(pattern, `${where}.pattern`);
  for (const key of ["directory", "agent", "reason"]) {
    const value = rule[key];
    if (value !== undefined && typeof value !== "string") {
      throw invalidOption(`${where}.${key}`, "a string", value);
    }
  }
  if (typeof directory === "string" && !isAbsolute(directory)) {
    throw invalidOption(`${where}.directory`, "an absolute path", directory);
  }
}

function checkPattern(pattern: unknown, where: string): void {
  if (pattern === undefined || pattern instanceof RegExp) return;
  if (typeof pattern !== "string") throw invalidOption(where, "a string or a RegExp", pattern);
  if (pattern === "") throw new ConfigError(`${where} is empty and would match nothing; leave it out for everything`);
  if (pattern.length > longestPattern) throw new ConfigError(`${where} is longer than ${longestPattern} characters`);
}
