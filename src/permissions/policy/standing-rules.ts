/** What the rules that a server has say about a request, where it has only asked because it was told to ask about everything. */

import type { PermissionRule } from "../../types/answer.js";
import type { PolicyOptions, PolicyRequest, PolicyRule } from "../../types/policy.js";
import { matchesWildcard } from "../../util/wildcard.js";
import { isAbsolute } from "../paths/normalize.js";
import { type CompiledRule, uncheckedRule } from "./compile.js";
import { evaluate, quoted } from "./evaluate.js";
import { isGuard, isSameRule, pathPermissions, strictest } from "./server-rules.js";

/** A rule that a server was started with. */
export interface ToldRule {
  readonly rule: PermissionRule;
  /** Of `permission` or a mode; the others are of the configuration, and the server's. */
  readonly isOurs: boolean;
  /** Told with a refusal. */
  readonly reason?: string | undefined;
}

/** One of a list, the last that matches wins. */
export interface StandingRule {
  readonly rule: PermissionRule;
  readonly reason?: string | undefined;
  readonly isOurs: boolean;
  /** Its paths begin in the directory of the session; of others at the root of the repository, as the server reads them. */
  readonly isFromDirectory: boolean;
}

/** What they say. */
export interface Standing {
  readonly action: PermissionRule["action"];
  readonly isOurs: boolean;
  readonly reason: string;
}

/** The rules of an agent, and of a session, as the server lists them; without those that only make it ask. */
export function standingRules(
  ofAgent: readonly PermissionRule[],
  ofSession: readonly PermissionRule[],
  told: readonly ToldRule[],
): StandingRule[] {
  const known = (rule: PermissionRule): StandingRule | undefined => {
    const found = told.find((one) => isSameRule(rule, one.rule));
    return found === undefined ? undefined : { ...found, isFromDirectory: true };
  };
  const foreign = ofAgent.filter((rule) => known(rule) === undefined);
  const inAgent = (rule: PermissionRule): StandingRule =>
    known(rule) ?? { rule, isOurs: false, isFromDirectory: false };
  // A session may have been given rules of its agent, to take others back.
  const inSession = (rule: PermissionRule): StandingRule =>
    foreign.some((one) => isSameRule(one, rule)) ? inAgent(rule) : (known(rule) ?? sessionRule(rule));
  return [...ofAgent.map(inAgent), ...ofSession.map(inSession)].filter(({ rule }) => !isGuard(rule));
}

/** A rule that was said to a session, or for a turn. */
export function sessionRule(rule: PermissionRule): StandingRule {
  return { rule, isOurs: true, isFromDirectory: true };
}

/** Never rejects. `"ask"` where no rule matches, as on the server. */
export async function decideStanding(
  rules: readonly StandingRule[],
  request: PolicyRequest,
  surroundings: Pick<PolicyOptions, "realpath" | "home"> & {
    /** A request about a shell line names the line, not its commands. */
    readonly hasWholeLines?: boolean | undefined;
  },
): Promise<Standing> {
  const { permission, patterns } = request;
  if (pathPermissions.has(permission)) return decidePaths(rules, request, surroundings);
  if (permission === "bash" && surroundings.hasWholeLines === true) return decideLine(rules, request, surroundings);
  const texts = patterns.length === 0 ? ["*"] : patterns;
  const found = texts.map((text) =>
    rules.findLast(({ rule }) => concerns(rule, permission) && matchesWildcard(text, rule.pattern)),
  );
  const action = strictest(found.map((one) => one?.rule.action ?? "ask"));
  return standing(
    action,
    found.find((one) => (one?.rule.action ?? "ask") === action),
    request,
    patterns.join(", "),
  );
}

async function decidePaths(
  rules: readonly StandingRule[],
  request: PolicyRequest,
  { realpath, home }: Pick<PolicyOptions, "realpath" | "home">,
): Promise<Standing> {
  const concerned = rules.filter(({ rule }) => concerns(rule, request.permission));
  const compiled = concerned.map(({ rule, isFromDirectory }, index): CompiledRule => {
    if (isFromDirectory) return uncheckedRule(rule, index, home);
    return { ...uncheckedRule(fromRoot(rule, request.worktree), index, home), text: rule.pattern };
  });
  const { action, index, subject } = await evaluate(compiled, "ask", request, { realpath });
  return standing(action, index === undefined ? undefined : concerned[index], request, subject);
}

/** Each command of the line, as for the rules of a turn. */
async function decideLine(
  rules: readonly StandingRule[],
  request: PolicyRequest,
  { realpath, home }: Pick<PolicyOptions, "realpath" | "home">,
): Promise<Standing> {
  const concerned = rules.filter(({ rule }) => concerns(rule, "bash"));
  const compiled = concerned.map(({ rule }, index) => uncheckedRule(rule, index, home));
  const { action, index, subject } = await evaluate(compiled, "ask", request, { realpath });
  return standing(action, index === undefined ? undefined : concerned[index], request, subject);
}

/** What allows has to cover the path for sure; a denial is compared with the server's own text as well. */
function fromRoot(rule: PermissionRule, root: string | undefined): PolicyRule {
  const { pattern, action } = rule;
  if (action !== "allow" || root === undefined || isAbsolute(pattern) || /^[*~$]/.test(pattern)) return rule;
  return { ...rule, pattern: `${root === "/" ? "" : root}/${pattern}` };
}

function concerns({ permission: pattern }: PermissionRule, permission: string): boolean {
  return matchesWildcard(permission, pattern);
}

function standing(
  action: Standing["action"],
  found: StandingRule | undefined,
  { permission }: PolicyRequest,
  subject: string,
): Standing {
  if (found?.isOurs !== true) {
    const verb = { allow: "allow it", ask: "ask about it", deny: "deny it" }[action];
    return { action, isOurs: false, reason: `the rules of the server ${verb}` };
  }
  const { rule, reason } = found;
  const why = reason ?? `the rule ${rule.permission} ${JSON.stringify(rule.pattern)}: ${rule.action}`;
  const verb = { allow: "is allowed", ask: "needs an approval", deny: "is refused" }[action];
  return { action, isOurs: true, reason: `${permission} \`${quoted(subject)}\` ${verb}: ${why}` };
}
