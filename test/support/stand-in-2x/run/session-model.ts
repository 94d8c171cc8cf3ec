/** Which model a session uses, and how a call of it is put together. */
import { isRecord, type JsonRecord } from "../../../../src/util/json.js";
import type { ModelEntry, ProviderEntry } from "../state/config.js";
import type { ModelRef, SessionRecord, Tokens, WireError } from "../types.js";
import type { World } from "../world.js";
import { callModel, ModelFailure, type ModelOutput } from "./model-call.js";

export interface SessionModel {
  readonly ref: ModelRef;
  readonly provider: ProviderEntry;
  readonly model: ModelEntry;
  /** Of the variant. */
  readonly body: JsonRecord;
}

/** The model of the session, or why there is none: an unknown name, an unknown variant, a directory not loaded yet. */
export function sessionModel(world: World, record: SessionRecord): SessionModel | WireError {
  const { directory } = record.info.location;
  const noRoute = (what: string): WireError => ({ type: "provider.no-route", message: `No route for ${what}` });
  const agentModel = world.locations.config(directory).agents[record.info.agent ?? "build"]?.model;
  const ref = record.info.model ?? parseModel(agentModel ?? world.locations.config(directory).model);
  if (ref === undefined) {
    world.violate("a prompt without a model: a released server would call a hosted one");
    return noRoute("a session without a model");
  }
  const name = `${ref.providerID}/${ref.id}`;
  if (!world.locations.isSettled(directory)) return noRoute(name);
  const known = world.locations.model(directory, ref.providerID, ref.id);
  if (known === undefined) return noRoute(name);
  const apiKey = world.keys.get(ref.providerID) ?? known.provider.apiKey;
  const found = { ...known, provider: { ...known.provider, apiKey } };
  if (ref.variant === undefined || ref.variant === "default") return { ref, ...found, body: {} };
  const variant = found.model.variants.find(({ id }) => id === ref.variant);
  return variant === undefined ? noRoute(`${name}, variant ${ref.variant}`) : { ref, ...found, body: variant.body };
}

export function isError(value: SessionModel | WireError): value is WireError {
  return "type" in value;
}

export function parseModel(name: string | undefined): ModelRef | undefined {
  const slash = name?.indexOf("/") ?? -1;
  return name === undefined || slash < 0 ? undefined : { providerID: name.slice(0, slash), id: name.slice(slash + 1) };
}

export function callSessionModel(
  record: SessionRecord,
  { provider, model, body }: SessionModel,
  input: { readonly messages: readonly JsonRecord[]; readonly tools?: readonly JsonRecord[] },
  signal: AbortSignal,
): AsyncGenerator<ModelOutput, void> {
  const { messages, tools = [] } = input;
  return callModel({
    baseURL: provider.baseURL,
    apiKey: provider.apiKey,
    headers: { ...provider.headers, "x-session-id": record.info.id },
    body: { ...body, model: model.modelID, messages, ...(tools.length === 0 ? {} : { tools, tool_choice: "auto" }) },
    signal,
  });
}

/** A call without tools: its whole text. */
export async function completeText(
  record: SessionRecord,
  model: SessionModel,
  messages: readonly JsonRecord[],
  signal: AbortSignal,
  onDelta: (delta: string) => void = () => {},
): Promise<{ text: string; cost: number; tokens: Tokens }> {
  let text = "";
  let tokens = noTokens();
  for await (const output of callSessionModel(record, model, { messages }, signal)) {
    if (output.type === "usage") tokens = output.tokens;
    if (output.type !== "text") continue;
    text += output.delta;
    onDelta(output.delta);
  }
  return { text, tokens, cost: costOf(model.model, tokens) };
}

export function noTokens(): Tokens {
  return { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
}

/** In USD; prices are per million tokens. */
export function costOf({ cost }: ModelEntry, { input, output, reasoning, cache }: Tokens): number {
  return (input * cost.input + (output + reasoning) * cost.output + cache.read * cost.cache.read) / 1_000_000;
}

/** A failure of the model in the form of the wire. */
export function wireError(error: unknown): WireError {
  if (!(error instanceof ModelFailure))
    return { type: "unknown", message: isRecord(error) ? String(error["message"]) : String(error) };
  const { status, message, body } = error;
  if (status === undefined) return { type: `provider.${error.kind === "stream" ? "stream" : "transport"}`, message };
  const response = body === undefined ? {} : { response: { body } };
  return { type: `provider.${nameOf(status)}`, message, status, ...response };
}

function nameOf(status: number): string {
  if (status === 401 || status === 403) return "auth";
  if (status === 429) return "rate-limit";
  return status >= 500 ? "server" : "invalid-request";
}

export function isOverflow(error: unknown): boolean {
  return (
    error instanceof ModelFailure && error.status === 400 && /context/i.test(`${error.message} ${error.body ?? ""}`)
  );
}

/** Worth another try, as long as nothing was put out. */
export function isRetryable(error: unknown): error is ModelFailure {
  if (!(error instanceof ModelFailure)) return false;
  if (error.kind === "transport") return true;
  return error.status !== undefined && (error.status === 429 || error.status === 408 || error.status >= 500);
}
