/** From a request to a decision: finds what it is about, and compares that with the rules. */

import type { PolicyAction, PolicyDecision, PolicyOptions, PolicyRequest } from "../../types/policy.js";
import { isRecord } from "../../util/json.js";
import { redact } from "../../util/redact.js";
import { cut } from "../../util/truncate.js";
import { matchesWildcard } from "../../util/wildcard.js";
import { isWithin, normalize } from "../paths/normalize.js";
import { pathSubjects } from "../paths/path-target.js";
import { commandsOf } from "../shell/commands.js";
import { loadParser } from "../shell/parser.js";
import type { CompiledRule } from "./compile.js";
import { type Applicable, decideAll, type Verdict } from "./decide.js";
import { pathPermissions } from "./server-rules.js";
import { commandTarget, type Target, textTarget, unknownTarget, urlTarget } from "./target.js";

type Surroundings = Pick<PolicyOptions, "realpath">;

/** Never rejects. */
export async function evaluate(
  rules: readonly CompiledRule[],
  otherwise: PolicyAction,
  given: PolicyRequest,
  { realpath }: Surroundings,
): Promise<PolicyDecision> {
  const request = sound(given);
  const applicable = await applicableTo(rules, request, realpath);
  const isPathRule = pathPermissions.has(request.permission);
  if (isPathRule) await Promise.all(applicable.map(({ rule }) => rule.path?.prepare(realpath)));
  const subjects = await subjectsOf(request, applicable, realpath);
  const verdict = decideAll(applicable, subjects, otherwise);
  return decision(verdict ?? unclear(applicable, otherwise, request), request);
}

/** What the server sent, or a test wrote: parts that are missing say nothing, and so allow nothing. */
function sound(request: PolicyRequest): PolicyRequest {
  const patterns: unknown = request.patterns;
  const metadata: unknown = request.metadata;
  return {
    ...request,
    permission: String(request.permission),
    patterns: Array.isArray(patterns) ? patterns.filter((pattern) => typeof pattern === "string") : [],
    metadata: isRecord(metadata) ? metadata : {},
  };
}

/** There is nothing to compare, so that only what is about everything decides. */
function unclear(rules: readonly Applicable[], otherwise: PolicyAction, request: PolicyRequest): Verdict {
  const subject = unknownTarget(request.permission, "the request does not say what it is about");
  const verdict = decideAll(rules, [subject], otherwise);
  return verdict ?? { action: "deny", rule: undefined, subject, isPossible: false };
}

async function applicableTo(
  rules: readonly CompiledRule[],
  request: PolicyRequest,
  realpath: PolicyOptions["realpath"],
): Promise<Applicable[]> {
  const named = rules.filter(({ rule }) => matchesWildcard(request.permission, rule.permission));
  const found = await Promise.all(
    named.map(async (rule): Promise<Applicable | undefined> => {
      const isHere = await isInDirectory(rule.rule.directory, request.directory, realpath);
      const { agent } = rule.rule;
      const isAgent = agent === undefined || (request.agent === undefined ? "unknown" : agent === request.agent);
      if (isHere === false || isAgent === false) return undefined;
      return { rule, isSure: isHere === true && isAgent === true };
    }),
  );
  return found.filter((one) => one !== undefined);
}

async function isInDirectory(
  wanted: string | undefined,
  directory: string | undefined,
  realpath: PolicyOptions["realpath"],
): Promise<boolean | "unknown"> {
  if (wanted === undefined) return true;
  if (directory === undefined) return "unknown";
  if (isWithin(normalize(directory), normalize(wanted))) return true;
  if (realpath === undefined) return false;
  try {
    return isWithin(normalize(await realpath(directory)), normalize(await realpath(wanted)));
  } catch {
    return "unknown"; // it may be the same place under another name
  }
}

async function subjectsOf(
  request: PolicyRequest,
  rules: readonly Applicable[],
  realpath: PolicyOptions["realpath"],
): Promise<Target[]> {
  const { permission, patterns, metadata } = request;
  if (permission === "bash") return shellSubjects(metadata["command"], patterns, rules);
  if (pathPermissions.has(permission)) return pathSubjects(request, realpath);
  if (permission === "webfetch") return patterns.map(urlTarget);
  return patterns.map((pattern) => textTarget(pattern));
}

/** The whole line decides, never the server's own pieces of it: those are without what is redirected, wrapped or assigned. */
async function shellSubjects(
  line: unknown,
  patterns: readonly string[],
  rules: readonly Applicable[],
): Promise<Target[]> {
  const pieces = patterns.join("; ");
  if (typeof line !== "string")
    return [unknownTarget(pieces, "the server did not say the whole command line", patterns)];
  // Rules for everything need no look into the line, and the parser need not be loaded.
  if (rules.every(({ rule }) => rule.matcher.kind === "everything")) return [textTarget(line)];
  try {
    const commands = commandsOf(await loadParser(), line);
    return commands.length > 0 ? commands.map(commandTarget) : [unknownTarget(line, "it has no command")];
  } catch {
    return [unknownTarget(line, "the parser of shell lines could not be loaded", patterns)];
  }
}

const longestQuote = 200;

/** A subject as it is shown: without credentials, and not without end. */
export function quoted(subject: string): string {
  const shown = redact(subject);
  return shown.length > longestQuote ? `${cut(shown, longestQuote)}…` : shown;
}

function decision({ action, rule, subject, isPossible }: Verdict, request: PolicyRequest): PolicyDecision {
  const text = quoted(subject.text);
  return {
    action,
    rule: rule?.rule,
    index: rule?.index,
    subject: subject.text,
    reason: redact(sentence(`${request.permission} \`${text}\``, action, rule, isPossible, subject.unknown)),
  };
}

function sentence(
  what: string,
  action: PolicyAction,
  rule: CompiledRule | undefined,
  isPossible: boolean,
  unknown: string | undefined,
): string {
  const verb = { allow: "is allowed", deny: "is refused", ask: "needs an approval" }[action];
  const why = rule === undefined ? "no rule matches" : `${place(rule)} ${isPossible ? "may match" : "matches"}`;
  const own = rule?.rule.reason === undefined ? "" : `: ${rule.rule.reason}`;
  const isUnknown = unknown !== undefined && (rule === undefined || isPossible);
  return `${what} ${verb}: ${why}${own}${isUnknown ? `; ${unknown}` : ""}`;
}

/** For example `rules[2] (bash "git *": allow)`. */
function place({ rule: { permission, pattern, action }, index }: CompiledRule): string {
  const shown =
    pattern === undefined ? "" : pattern instanceof RegExp ? ` ${String(pattern)}` : ` ${JSON.stringify(pattern)}`;
  return `rules[${index}] (${permission}${shown}: ${action})`;
}
