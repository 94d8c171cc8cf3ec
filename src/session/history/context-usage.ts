/** How full the model's context is: what the last step has used, against the model's limit. */
import type { AgentApi } from "../../api/agent-api.js";
import type { ReadOptions } from "../../client/retry-transient.js";
import type { AssistantMessage, ContextKinds, ContextUsage, Message, Part } from "../../types/answer.js";
import { recordProperty, stringProperty } from "../../util/json.js";
import type { SessionContext } from "../context.js";
import { readContext } from "./inspect.js";
import { nextModel } from "./next-model.js";
import { sumUsage } from "./usage.js";

/** A server counts this much for the answer when a model's own limit is larger or unknown (1.18.33). */
const longestAnswer = 32_000;
/** With a limit of the input, at most this much of it is kept free, unless `compaction.reserved` says otherwise (1.18.33). */
const mostReserved = 20_000;
/** Characters of a token, on average of English text and code. */
const charactersPerToken = 4;

/** What a model takes, in tokens; `undefined` for a model that does not say. */
export interface ContextLimit {
  readonly limit: number;
  /** Kept free: the server compacts when the rest is used. `undefined` where that is not known. */
  readonly reserved: number | undefined;
}

/** Reads how full the context is. */
export async function readContextUsage(session: SessionContext): Promise<ContextUsage> {
  const { api } = await session.scope();
  const messages = await readContext(session);
  const steps = messages.flatMap(({ info }) => (info.role === "assistant" && hasTokens(info) ? [info] : []));
  const last = steps.at(-1);
  const byPart = estimate(messages);
  const estimated = byPart.tools + byPart.messages + byPart.files;
  const used = last === undefined ? estimated : contextOf(last);
  const model = modelOf(messages) ?? (await nextModel(session, api));
  const about = model === undefined ? undefined : await contextLimit(api, model);
  const turnsLeft = about?.reserved === undefined ? undefined : turnsUntil(steps, used, about.limit - about.reserved);
  return {
    used,
    limit: about?.limit,
    reserved: about?.reserved,
    share: about && used / about.limit,
    byKind: kinds(byPart, estimated, used),
    turnsLeft,
  };
}

/** The limit of a model, from the server's list. */
export async function contextLimit(
  api: AgentApi,
  model: string,
  call?: ReadOptions,
): Promise<ContextLimit | undefined> {
  const [providers, { compaction }] = await Promise.all([api.catalog.providers(call), api.catalog.config(call)]);
  const slash = model.indexOf("/");
  const { models } = providers.find(({ id }) => id === model.slice(0, slash)) ?? {};
  const {
    context = 0,
    input,
    output = 0,
  } = (models && Object.hasOwn(models, model.slice(slash + 1)) ? models[model.slice(slash + 1)]?.limit : undefined) ??
  {};
  if (context === 0) return undefined;
  const limit = input ?? context;
  if (!api.capabilities.compactsByUsage || compaction?.auto === false) return { limit, reserved: undefined };
  const answer = Math.min(output === 0 ? longestAnswer : output, longestAnswer);
  // `compaction.reserved` counts only for a model with a limit of its input (1.18.33).
  const reserved = input === undefined ? answer : (compaction?.reserved ?? Math.min(mostReserved, answer));
  return { limit, reserved: Math.min(reserved, limit) };
}

/** Tokens of the context that a step leaves to the next: its prompt, and its answer. */
export function contextOf(step: AssistantMessage): number {
  return sumUsage([step]).total;
}

function hasTokens(step: AssistantMessage): boolean {
  return step.summary !== true && contextOf(step) > 0;
}

function modelOf(messages: readonly Message[]): string | undefined {
  // Not that of a summary, and a shell line has none.
  const isStep = ({ info }: Message): boolean =>
    info.role === "assistant" && info.summary !== true && info.providerID !== "";
  const info = messages.findLast(isStep)?.info;
  return info?.role === "assistant" ? `${info.providerID}/${info.modelID}` : undefined;
}

/** How many turns fit in before a compaction, when they grow as those before: the last step of each counts. */
function turnsUntil(steps: readonly AssistantMessage[], used: number, usable: number): number | undefined {
  if (used >= usable) return 0;
  const last = new Map(steps.map((step) => [step.parentID, contextOf(step)]));
  const sizes = [...last.values()];
  const growth = (used - (sizes[0] ?? used)) / (sizes.length - 1);
  return growth > 0 ? Math.ceil((usable - used) / growth) - 1 : undefined;
}

type ByPart = Omit<ContextKinds, "system">;

function estimate(messages: readonly Message[]): ByPart {
  const characters = { tools: 0, messages: 0, files: 0 };
  for (const { parts } of messages) {
    for (const part of parts) characters[kindOf(part)] += lengthOf(part);
  }
  return {
    tools: Math.ceil(characters.tools / charactersPerToken),
    messages: Math.ceil(characters.messages / charactersPerToken),
    files: Math.ceil(characters.files / charactersPerToken),
  };
}

function kindOf(part: Part): keyof ByPart {
  // The server puts the text of an attached file into a synthetic part behind it.
  if (part.type === "file" || (part.type === "text" && part.synthetic === true)) return "files";
  return part.type === "tool" ? "tools" : "messages";
}

function lengthOf(part: Part): number {
  if (part.type === "text" || part.type === "reasoning") return part.text.length;
  if (part.type === "tool") {
    const state = recordProperty(part, "state");
    const isCleared = recordProperty(state, "time")?.["compacted"] !== undefined; // the model is told that it was (1.18.33)
    const result = stringProperty(state, "output") ?? stringProperty(state, "error") ?? "";
    return (isCleared ? 0 : result.length) + JSON.stringify(part.state.input).length;
  }
  return 0; // an image counts by its size, which nobody tells
}

/** The rest is the system prompt and the descriptions of the tools. Estimates that are larger than the whole shrink to it. */
function kinds(byPart: ByPart, estimated: number, used: number): ContextKinds {
  const scale = estimated > used ? used / estimated : 1;
  const tools = Math.floor(byPart.tools * scale);
  const messages = Math.floor(byPart.messages * scale);
  const files = Math.floor(byPart.files * scale);
  return { system: used - tools - messages - files, tools, messages, files };
}
