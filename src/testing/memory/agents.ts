/** The agents and their rules: built in, and of the configuration. */

import { toRules } from "../../permissions/policy/config-rules.js";
import type { Config } from "../../types/config.js";
import { isRecord, type JsonRecord, stringProperty } from "../../util/json.js";
import type { Rule } from "./records.js";

/** An agent as `GET /agent` lists it. */
export interface Agent extends JsonRecord {
  readonly name: string;
  readonly mode: string;
  readonly prompt?: string | undefined;
  readonly steps?: number | null | undefined;
  readonly model?: { readonly providerID: string; readonly modelID: string } | undefined;
  readonly permission: readonly Rule[];
}

/** Where the agent keeps its own files, had it any. */
export const home = "/memory-home";
const data = `${home}/.local/share/opencode`;

function rule(permission: string, pattern: string, action: string): Rule {
  return { permission, action, pattern };
}

/** One rule for each: permission, pattern and action, where the pattern is `*` by default. */
function rules(...lines: string[]): Rule[] {
  return lines.map((line) => {
    const [permission = "", ...rest] = line.split(" ");
    return rule(permission, rest.length > 1 ? (rest[0] ?? "") : "*", rest.at(-1) ?? "");
  });
}

const own: readonly Rule[] = rules(`external_directory ${data}/tool-output/* allow`);
const defaults: readonly Rule[] = [
  ...rules("* allow", "doom_loop ask", "external_directory ask"),
  ...own,
  ...rules("external_directory /tmp/opencode/* allow", "question deny", "plan_enter deny", "plan_exit deny"),
  ...rules("read allow", "read *.env ask", "read *.env.* ask", "read *.env.example allow"),
];
const nothing: readonly Rule[] = rules("* deny");
const readers = ["grep", "glob", "list", "bash", "webfetch", "websearch", "read"].map((name) => `${name} allow`);
const plans = [`external_directory ${data}/plans/* allow`, "edit deny", "edit .opencode/plans/*.md allow"];

type BuiltIn = readonly [mode: string, rules: readonly Rule[], fields: JsonRecord];

const builtIn: Readonly<Record<string, BuiltIn>> = {
  build: [
    "primary",
    rules("question allow", "plan_enter allow"),
    { description: "The default agent. Executes tools based on configured permissions." },
  ],
  compaction: ["primary", nothing, { hidden: true, prompt: "You are a context summarization agent." }],
  explore: [
    "subagent",
    [...nothing, ...rules(...readers, "external_directory ask"), ...own],
    {
      description: "Fast agent specialized for exploring codebases.",
      prompt: "You are a file search specialist.",
    },
  ],
  general: [
    "subagent",
    rules("todowrite deny"),
    { description: "General-purpose agent for researching complex questions and executing multi-step tasks." },
  ],
  plan: [
    "primary",
    rules("question allow", "plan_exit allow", "task general deny", ...plans, `edit ${data.slice(1)}/plans/*.md allow`),
    { description: "Plan mode. Disallows all edit tools." },
  ],
  summary: ["primary", nothing, { hidden: true, prompt: "Summarize what was done." }],
  title: ["primary", nothing, { hidden: true, temperature: 0.5, prompt: "You are a title generator." }],
};

/** All agents by name, the default one first. */
export function listAgents(config: Config): ReadonlyMap<string, Agent> {
  const user = config.permission === undefined ? [] : rulesOf(config.permission);
  const configured: JsonRecord = isRecord(config.agent) ? config.agent : {};
  const first = stringProperty(config, "default_agent") ?? "build";
  const sorted = [...new Set([...Object.keys(builtIn), ...Object.keys(configured)])].sort();
  const names = [...sorted.filter((name) => name === first), ...sorted.filter((name) => name !== first)];
  return new Map(
    names.flatMap((name): [string, Agent][] => {
      const given = configured[name];
      if (isRecord(given) && given["disable"] === true) return [];
      return [[name, agentOf(name, isRecord(given) ? given : {}, user)]];
    }),
  );
}

function agentOf(name: string, given: JsonRecord, user: readonly Rule[]): Agent {
  const { permission, model, disable: _, ...fields } = given;
  const native = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  const [nativeMode = "all", nativeRules = [], nativeFields = {}] = native ?? [];
  const added = permission === undefined ? [] : rulesOf(permission);
  const split = typeof model === "string" ? model.indexOf("/") : -1;
  return {
    name,
    mode: nativeMode,
    native: native !== undefined,
    options: {},
    ...nativeFields,
    ...fields,
    ...(typeof model === "string" && split > 0
      ? { model: { providerID: model.slice(0, split), modelID: model.slice(split + 1) } }
      : {}),
    permission: [...defaults, ...nativeRules, ...user, ...added, ...own],
  };
}

function rulesOf(permission: unknown): Rule[] {
  // Its own form is checked there; what is none of the forms throws a `ConfigError`.
  const rules = toRules(permission as Parameters<typeof toRules>[0]);
  return rules.map(({ permission: name, pattern, action }) => ({ permission: name, pattern, action }));
}

/** The agent that a prompt names, or the default one; `undefined` for an unknown name. */
export function findAgent(
  { agents, config }: { readonly agents: ReadonlyMap<string, Agent>; readonly config: Config },
  name: string | undefined,
): Agent | undefined {
  return agents.get(name ?? stringProperty(config, "default_agent") ?? "build");
}
