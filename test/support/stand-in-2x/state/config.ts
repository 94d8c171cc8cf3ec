/** Reads a configuration in the 1.x form, in the 2.x form, or with keys of both, into one form. */
import { isRecord, type JsonRecord, stringProperty } from "../../../../src/util/json.js";
import type { Rule } from "../types.js";

export interface ModelEntry {
  readonly id: string;
  readonly modelID: string;
  readonly name: string;
  readonly limit: { context: number; input?: number; output: number };
  readonly cost: { input: number; output: number; cache: { read: number; write: number } };
  readonly tools: boolean;
  readonly input: readonly string[];
  readonly variants: readonly { readonly id: string; readonly body: JsonRecord }[];
}

export interface ProviderEntry {
  readonly id: string;
  readonly name: string;
  readonly package: string;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly ModelEntry[];
}

export interface AgentEntry {
  readonly system?: string | undefined;
  readonly description?: string | undefined;
  readonly mode?: string | undefined;
  readonly model?: string | undefined;
  readonly steps?: number | undefined;
  readonly hidden?: boolean | undefined;
  readonly rules: readonly Rule[];
}

export interface CommandEntry {
  readonly template: string;
  readonly description?: string | undefined;
  readonly agent?: string | undefined;
}

/** A configuration. */
export interface Config {
  readonly model: string | undefined;
  readonly providers: readonly ProviderEntry[];
  readonly rules: readonly Rule[];
  readonly agents: Readonly<Record<string, AgentEntry>>;
  readonly commands: Readonly<Record<string, CommandEntry>>;
  readonly mcp: Readonly<Record<string, JsonRecord>>;
}

/** Commands that every server has. */
const builtIn: Readonly<Record<string, CommandEntry>> = {
  init: { template: "Write AGENTS.md for this repository. $ARGUMENTS", description: "Writes AGENTS.md." },
  review: { template: "Review the changes. $ARGUMENTS", description: "Reviews changes." },
};

/** Keys without a meaning here. */
const accepted =
  "$schema autoupdate update share small_model snapshot snapshots enabled_providers disabled_providers username".split(
    " ",
  );
const read = "model provider providers permission permissions agent agents command commands mcp instructions".split(
  " ",
);

/** The keys at the top that are not known. */
export function unknownKeys(config: JsonRecord): string[] {
  return Object.keys(config).filter((key) => !accepted.includes(key) && !read.includes(key));
}

/** Later configurations win, rule by rule and name by name. */
export function readConfig(documents: readonly JsonRecord[]): Config {
  const agents: Record<string, AgentEntry> = {};
  const commands: Record<string, CommandEntry> = { ...builtIn };
  const mcp: Record<string, JsonRecord> = {};
  const providers = new Map<string, ProviderEntry>();
  const rules: Rule[] = [];
  let model: string | undefined;
  for (const one of documents) {
    model = stringProperty(one, "model") ?? model;
    for (const [id, entry] of records(one["provider"], one["providers"])) providers.set(id, readProvider(id, entry));
    rules.push(...readRules(one["permission"]), ...readRules(one["permissions"]));
    for (const [name, entry] of records(one["agent"], one["agents"])) agents[name] = readAgent(entry);
    for (const [name, { template, description, agent }] of records(one["command"], one["commands"])) {
      commands[name] = { template: String(template), description: maybeText(description), agent: maybeText(agent) };
    }
    const servers = isRecord(one["mcp"]) && isRecord(one["mcp"]["servers"]) ? one["mcp"]["servers"] : one["mcp"];
    for (const [name, entry] of records(servers)) mcp[name] = entry;
  }
  return { model, providers: [...providers.values()], rules, agents, commands, mcp };
}

/** Names of 1.x and the actions of 2.x that they mean. */
export const oldActions: Readonly<Record<string, string>> = {
  bash: "shell",
  task: "subagent",
  write: "edit",
  patch: "edit",
  multiedit: "edit",
};

/** Rules in the 2.x form (a list), or in one of the 1.x forms. */
export function readRules(value: unknown): Rule[] {
  if (Array.isArray(value)) return value as Rule[];
  if (typeof value === "string") return [{ action: "*", resource: "*", effect: value as Rule["effect"] }];
  return Object.entries(isRecord(value) ? value : {}).flatMap(([name, given]) => {
    const action = oldActions[name] ?? name;
    const pairs = isRecord(given) ? Object.entries(given) : [["*", given]];
    return pairs.map(([resource, effect]) => ({ action, resource, effect }) as Rule);
  });
}

function readAgent(entry: JsonRecord): AgentEntry {
  const tools = isRecord(entry["tools"]) ? entry["tools"] : {};
  const off = Object.entries(tools).flatMap(([name, isOn]): Rule[] =>
    isOn === false ? [{ action: oldActions[name] ?? name, resource: "*", effect: "deny" }] : [],
  );
  return {
    system: maybeText(entry["system"] ?? entry["prompt"]),
    description: maybeText(entry["description"]),
    mode: maybeText(entry["mode"]),
    model: maybeText(entry["model"]),
    steps: typeof entry["steps"] === "number" ? entry["steps"] : undefined,
    hidden: entry["hidden"] === true,
    rules: [...off, ...readRules(entry["permission"]), ...readRules(entry["permissions"])],
  };
}

function readProvider(id: string, entry: JsonRecord): ProviderEntry {
  const settings = isRecord(entry["settings"]) ? entry["settings"] : isRecord(entry["options"]) ? entry["options"] : {};
  return {
    id,
    name: maybeText(entry["name"]) ?? id,
    package: maybeText(entry["package"] ?? entry["npm"]) ?? "",
    baseURL: maybeText(settings["baseURL"]) ?? "",
    apiKey: maybeText(settings["apiKey"]),
    headers: (isRecord(settings["headers"]) ? settings["headers"] : {}) as Record<string, string>,
    models: records(entry["models"]).map(([name, model]) => readModel(name, model)),
  };
}

function readModel(id: string, entry: JsonRecord): ModelEntry {
  const limit = isRecord(entry["limit"]) ? entry["limit"] : {};
  const cost = isRecord(entry["cost"]) ? entry["cost"] : {};
  const cache = isRecord(cost["cache"]) ? cost["cache"] : {};
  const capabilities = isRecord(entry["capabilities"]) ? entry["capabilities"] : {};
  const modalities = isRecord(entry["modalities"]) ? entry["modalities"] : {};
  return {
    id,
    modelID: maybeText(entry["modelID"]) ?? id,
    name: maybeText(entry["name"]) ?? id,
    limit: {
      context: Number(limit["context"] ?? 0),
      ...(limit["input"] === undefined ? {} : { input: Number(limit["input"]) }),
      output: Number(limit["output"] ?? 0),
    },
    cost: {
      input: Number(cost["input"] ?? 0),
      output: Number(cost["output"] ?? 0),
      cache: { read: Number(cache["read"] ?? cost["cache_read"] ?? 0), write: Number(cache["write"] ?? 0) },
    },
    tools: (capabilities["tools"] ?? entry["tool_call"] ?? true) === true,
    input: (capabilities["input"] ?? modalities["input"] ?? ["text"]) as string[],
    variants: readVariants(entry["variants"]),
  };
}

function readVariants(value: unknown): { id: string; body: JsonRecord }[] {
  if (Array.isArray(value)) return value.map((one) => ({ id: String(one.id), body: (one.body ?? {}) as JsonRecord }));
  return records(value).map(([id, body]) => {
    const { reasoningEffort, ...rest } = body;
    return { id, body: { ...rest, ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }) } };
  });
}

function records(...values: readonly unknown[]): [string, JsonRecord][] {
  return values.flatMap((value) =>
    Object.entries(isRecord(value) ? value : {}).filter((entry): entry is [string, JsonRecord] => isRecord(entry[1])),
  );
}

function maybeText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
