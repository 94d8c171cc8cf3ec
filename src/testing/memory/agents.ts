/** The agents and their rules: built in, and of the configuration. */
import { isRecord, type JsonRecord, stringProperty } from "../../internal/json.js";
import { toRules } from "../../permissions/rules.js";
import type { Config } from "../../types/options.js";
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

const own: readonly Rule[] = [rule("external_directory", `${data}/tool-output/*`, "allow")];
const defaults: readonly Rule[] = [
  rule("*", "*", "allow"),
  rule("doom_loop", "*", "ask"),
  rule("external_directory", "*", "ask"),
  ...own,
  rule("external_directory", "/tmp/opencode/*", "allow"),
  ...["question", "plan_enter", "plan_exit"].map((name) => rule(name, "*", "deny")),
  rule("read", "*", "allow"),
  rule("read", "*.env", "ask"),
  rule("read", "*.env.*", "ask"),
  rule("read", "*.env.example", "allow"),
];
const nothing: readonly Rule[] = [rule("*", "*", "deny")];

const builtIn: Readonly<Record<string, { readonly rules: readonly Rule[]; readonly fields: JsonRecord }>> = {
  build: {
    rules: [rule("question", "*", "allow"), rule("plan_enter", "*", "allow")],
    fields: { description: "The default agent. Executes tools based on configured permissions.", mode: "primary" },
  },
  compaction: {
    rules: nothing,
    fields: { mode: "primary", hidden: true, prompt: "You are a context summarization agent." },
  },
  explore: {
    rules: [
      ...nothing,
      ...["grep", "glob", "list", "bash", "webfetch", "websearch", "read"].map((name) => rule(name, "*", "allow")),
      rule("external_directory", "*", "ask"),
      ...own,
    ],
    fields: {
      description: "Fast agent specialized for exploring codebases.",
      mode: "subagent",
      prompt: "You are a file search specialist.",
    },
  },
  general: {
    rules: [rule("todowrite", "*", "deny")],
    fields: {
      description: "General-purpose agent for researching complex questions and executing multi-step tasks.",
      mode: "subagent",
    },
  },
  plan: {
    rules: [
      rule("question", "*", "allow"),
      rule("plan_exit", "*", "allow"),
      rule("task", "general", "deny"),
      rule("external_directory", `${data}/plans/*`, "allow"),
      rule("edit", "*", "deny"),
      rule("edit", ".opencode/plans/*.md", "allow"),
      rule("edit", `${data.slice(1)}/plans/*.md`, "allow"),
    ],
    fields: { description: "Plan mode. Disallows all edit tools.", mode: "primary" },
  },
  summary: { rules: nothing, fields: { mode: "primary", hidden: true, prompt: "Summarize what was done." } },
  title: {
    rules: nothing,
    fields: { mode: "primary", hidden: true, temperature: 0.5, prompt: "You are a title generator." },
  },
};

/** All agents, by name. */
export function listAgents(config: Config): ReadonlyMap<string, Agent> {
  const user = config.permission === undefined ? [] : rulesOf(config.permission);
  const configured: JsonRecord = isRecord(config.agent) ? config.agent : {};
  const names = [...new Set([...Object.keys(builtIn), ...Object.keys(configured)])].sort();
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
  const rules = [
    ...defaults,
    ...(native?.rules ?? []),
    ...user,
    ...(permission === undefined ? [] : rulesOf(permission)),
  ];
  const split = typeof model === "string" ? model.indexOf("/") : -1;
  return {
    name,
    mode: "all",
    native: native !== undefined,
    options: {},
    ...native?.fields,
    ...fields,
    ...(typeof model === "string" && split > 0
      ? { model: { providerID: model.slice(0, split), modelID: model.slice(split + 1) } }
      : {}),
    permission: [...rules, ...own],
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
