/** Models, providers, agents and commands of 2.x as those of the public API. */
import type { AgentInfo, CommandInfo, ProviderInfo } from "../../types/answer.js";
import {
  isRecord,
  type JsonRecord,
  numberProperty,
  property,
  recordProperty,
  stringProperty,
} from "../../util/json.js";
import { given } from "../v1/given-fields.js";
import type { Dialect } from "./dialects.js";
import { ownRules } from "./names.js";
import { modelOf } from "./session-shape.js";

type Model = ProviderInfo["models"][string];
type Media = Model["capabilities"]["input"];

/** Providers with their models. Keys and other secrets of their settings are left out. */
export function toProviders(providers: readonly JsonRecord[], models: readonly JsonRecord[]): ProviderInfo[] {
  return providers.flatMap((provider) => {
    const id = stringProperty(provider, "id");
    if (id === undefined) return [];
    const own = models.filter((model) => stringProperty(model, "providerID") === id).flatMap(toModel);
    return [
      {
        id,
        name: stringProperty(provider, "name") ?? id,
        env: [],
        options: {},
        source: "config" as const,
        models: Object.fromEntries(own.map((model) => [model.id, model])),
      },
    ];
  });
}

function toModel(model: JsonRecord): Model[] {
  const id = stringProperty(model, "id");
  const providerID = stringProperty(model, "providerID");
  if (id === undefined || providerID === undefined) return [];
  const api = recordProperty(model, "api");
  const capabilities = recordProperty(model, "capabilities");
  const limit = recordProperty(model, "limit");
  const input = media(property(capabilities, "input"));
  const released = numberProperty(recordProperty(model, "time"), "released");
  return [
    {
      id,
      providerID,
      name: stringProperty(model, "name") ?? id,
      api: {
        id: stringProperty(api, "id") ?? stringProperty(model, "modelID") ?? id,
        npm: stringProperty(api, "package") ?? stringProperty(model, "package") ?? "",
        url: stringProperty(api, "url") ?? "",
      },
      capabilities: {
        attachment: input.image || input.pdf,
        input,
        output: media(property(capabilities, "output")),
        interleaved: false,
        reasoning: variantsOf(model).length > 0,
        temperature: true,
        toolcall: property(capabilities, "tools") !== false,
      },
      cost: costOf(property(model, "cost")),
      headers: {},
      limit: {
        context: numberProperty(limit, "context") ?? 0,
        output: numberProperty(limit, "output") ?? 0,
        ...given({ input: numberProperty(limit, "input") }),
      },
      options: {},
      release_date: released === undefined ? "" : new Date(released).toISOString().slice(0, 10),
      status: statusOf(property(model, "status")),
      variants: Object.fromEntries(variantsOf(model).map((variant) => [variant, {}])),
      ...given({ family: stringProperty(model, "family") }),
    },
  ];
}

function variantsOf(model: JsonRecord): string[] {
  const variants = property(model, "variants");
  return Array.isArray(variants) ? variants.flatMap((variant) => stringProperty(variant, "id") ?? []) : [];
}

/** A model of a configuration in the 1.x shape has no kinds at all, and takes text (2.0 preview 1.18.18). */
function media(kinds: unknown): Media {
  const has = (kind: string): boolean => Array.isArray(kinds) && kinds.includes(kind);
  const isUnknown = !Array.isArray(kinds) || kinds.length === 0;
  return {
    audio: has("audio"),
    image: has("image"),
    pdf: has("pdf"),
    text: isUnknown || has("text"),
    video: has("video"),
  };
}

/** The first entry is the usual price, in USD per million tokens; others are those of a large context. */
function costOf(cost: unknown): Model["cost"] {
  const prices = Array.isArray(cost) ? cost.filter(isRecord) : [];
  const usual = prices.find((price) => property(price, "tier") === undefined) ?? prices[0];
  const priceOf = (price: unknown) => {
    const cache = recordProperty(price, "cache");
    return {
      input: numberProperty(price, "input") ?? 0,
      output: numberProperty(price, "output") ?? 0,
      cache: { read: numberProperty(cache, "read") ?? 0, write: numberProperty(cache, "write") ?? 0 },
    };
  };
  const tiers = prices.flatMap((price) => {
    const size = numberProperty(recordProperty(price, "tier"), "size");
    return size === undefined ? [] : [{ ...priceOf(price), tier: { size, type: "context" as const } }];
  });
  return tiers.length === 0 ? priceOf(usual) : { ...priceOf(usual), tiers };
}

function statusOf(status: unknown): Model["status"] {
  return status === "alpha" || status === "beta" || status === "deprecated" ? status : "active";
}

/** `undefined` for what is no agent. */
export function toAgent(dialect: Dialect, agent: JsonRecord): AgentInfo | undefined {
  // The types of 2.1 have a name for people beside the id.
  const name = stringProperty(agent, "id") ?? stringProperty(agent, "name");
  if (name === undefined) return undefined;
  const mode = property(agent, "mode");
  const model = modelOf(property(agent, "model"));
  return {
    name,
    mode: mode === "subagent" || mode === "all" ? mode : "primary",
    options: {},
    permission: ownRules(dialect, property(agent, "permissions")),
    hidden: property(agent, "hidden") === true,
    ...given({
      description: stringProperty(agent, "description"),
      color: stringProperty(agent, "color"),
      prompt: stringProperty(agent, "system"),
      steps: numberProperty(agent, "steps"),
      model: model && { modelID: model.id, providerID: model.providerID },
      variant: model?.variant,
    }),
  };
}

/** A command. Its template is told by the list, or found in the configuration; where it is not known the field is absent. */
export function toCommand(command: JsonRecord, configured: JsonRecord | undefined): CommandInfo | undefined {
  const name = stringProperty(command, "name");
  if (name === undefined) return undefined;
  const template = stringProperty(command, "template") ?? stringProperty(configured, "template");
  const own = modelOf(property(command, "model"));
  const model = own === undefined ? stringProperty(configured, "model") : `${own.providerID}/${own.id}`;
  const isSubtask = property(command, "subtask") ?? property(configured, "subtask");
  const info = {
    name,
    hints: [...new Set((template ?? "").match(/\$(?:\d+|ARGUMENTS)/g) ?? [])],
    ...given({
      template,
      description: stringProperty(command, "description"),
      agent: stringProperty(command, "agent") ?? stringProperty(configured, "agent"),
      model,
      subtask: typeof isSubtask === "boolean" ? isSubtask : undefined,
    }),
  };
  return info as CommandInfo; // without a template as for the prompts of MCP servers in 1.x
}
