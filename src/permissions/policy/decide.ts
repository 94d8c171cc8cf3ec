/** The last rule that matches wins, and of several subjects the strictest decision. */
import type { PolicyAction } from "../../types/policy.js";
import type { CompiledRule } from "./compile.js";
import type { Target } from "./target.js";

/** A rule of the list that is about this session and agent; `isSure` is false when the request does not name them. */
export interface Applicable {
  readonly rule: CompiledRule;
  readonly isSure: boolean;
}

/** What was decided about one subject. */
export interface Verdict {
  readonly action: PolicyAction;
  readonly rule: CompiledRule | undefined;
  readonly subject: Target;
  /** The rule counts because it cannot be said that it does not match. */
  readonly isPossible: boolean;
}

const strictness: Readonly<Record<PolicyAction, number>> = { allow: 0, ask: 1, deny: 2 };

/** The strictest verdict about the subjects, of equal ones the first. Without subjects nothing is known: not even allowed by default. */
export function decideAll(
  rules: readonly Applicable[],
  subjects: readonly Target[],
  otherwise: PolicyAction,
): Verdict | undefined {
  let strictest: Verdict | undefined;
  for (const subject of subjects) {
    const verdict = decideOne(rules, subject, otherwise);
    if (strictest === undefined || strictness[verdict.action] > strictness[strictest.action]) strictest = verdict;
  }
  return strictest;
}

function decideOne(rules: readonly Applicable[], subject: Target, otherwise: PolicyAction): Verdict {
  let possible: CompiledRule | undefined;
  const settled = (rule: CompiledRule | undefined): Verdict => {
    const action = rule?.action ?? otherwise;
    // What may have matched, after the rule that surely does, counts if it is stricter.
    if (possible !== undefined && strictness[possible.action] > strictness[action]) {
      return { action: possible.action, rule: possible, subject, isPossible: true };
    }
    return { action, rule, subject, isPossible: false };
  };
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    const { rule, isSure } = rules[at] ?? {};
    if (rule === undefined) continue;
    const isForAll = rule.matcher.kind === "everything";
    if (rule.action === "allow") {
      if (isSure === true && (isForAll || subject.covers(rule))) return settled(rule);
      continue;
    }
    const match = isForAll || subject.mayCover(rule);
    if (match === true) return settled(rule);
    if (match === "possibly" && (possible === undefined || strictness[rule.action] > strictness[possible.action])) {
      possible = rule;
    }
  }
  return settled(undefined);
}
