/** Policies: rules that answer permission requests in place of a person. */
import { ConfigError } from "../../errors/index.js";
import { optionNames } from "../../types/option-names.js";
import type { PermissionPolicy, PolicyOptions, PolicyRule } from "../../types/policy.js";
import type { PermissionHandler } from "../../types/request.js";
import { checkOptions } from "../../util/check-options.js";
import { ApprovalCache } from "./approvals.js";
import { compileRules } from "./compile.js";
import { checkAction } from "./config-rules.js";

/**
 * Makes a handler for `onPermission` from rules. The last rule that matches wins; `default` decides requests that no rule matches.
 * A shell line is parsed: rules must allow each of its commands, and only a rule for everything allows a line that cannot be
 * parsed. Paths are compared after `..` (and, with `realpath`, symbolic links) are resolved. An `"always"` of `onAsk` holds for the
 * session and its sub-agents, for requests with the action `"ask"`.
 * @throws {ConfigError} with the name of a wrong rule or option.
 */
export function policy(rules: readonly PolicyRule[], options: PolicyOptions): PermissionPolicy {
  checkOptions(options, optionNames.policy, "policy()");
  return policyOf(rules, options);
}

/** The same, for options among others. */
export function policyOf(rules: readonly PolicyRule[], options: PolicyOptions): PermissionPolicy {
  const { realpath, home, onAsk } = options;
  if (options.default === undefined) {
    throw new ConfigError('policy needs { default: "allow" | "deny" | "ask" } for what no rule matches');
  }
  const otherwise = checkAction(options.default, "default");
  const compiled = compileRules(rules, home);
  // Kept here and not by whoever calls: "always" to one request must not overrule a rule that denies the next.
  const approvals = new ApprovalCache({ realpath });
  const explain: PermissionPolicy["explain"] = async (request) => {
    const { evaluate } = await import("./evaluate.js"); // it loads with the first request
    return evaluate(compiled, otherwise, request, { realpath });
  };
  const answer = async (...[request, context]: Parameters<PermissionPolicy>): ReturnType<PermissionPolicy> => {
    const { action, reason } = await explain(request);
    if (action === "allow") return "once";
    if (action === "deny") return { reject: reason };
    if (onAsk === undefined) return { reject: `${reason}; there is nobody to ask` };
    if (await approvals.covers(request)) return "once";
    const reply = await onAsk(request, context ?? { signal: new AbortController().signal });
    if (reply !== "always") return reply;
    approvals.remember(request);
    return "once";
  };
  return Object.assign(answer, { explain });
}

/**
 * Allows every permission request, once each. The agent can then do everything that its user can. The option needs this name in
 * the code, so that a review notices it.
 */
export const approveAll: PermissionHandler = () => "once";
