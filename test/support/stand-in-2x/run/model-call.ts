/** One call of the language model: OpenAI's chat completions, streamed. */
import { isRecord, type JsonRecord, property, stringProperty } from "../../../../src/util/json.js";
import type { Tokens } from "../types.js";

export interface ModelCall {
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonRecord;
  readonly signal: AbortSignal;
}

/** Something that the model has sent. */
export type ModelOutput =
  | { readonly type: "opened" }
  | { readonly type: "text" | "reasoning"; readonly delta: string }
  | {
      readonly type: "tool";
      readonly index: number;
      readonly id?: string;
      readonly name?: string;
      readonly delta: string;
    }
  | { readonly type: "finish"; readonly reason: string }
  | { readonly type: "usage"; readonly tokens: Tokens };

/** The call failed. */
export class ModelFailure extends Error {
  readonly kind: "status" | "transport" | "stream";
  readonly status: number | undefined;
  readonly body: string | undefined;
  /** From `retry-after`, in ms. */
  readonly retryAfter: number | undefined;

  constructor(
    kind: ModelFailure["kind"],
    message: string,
    more: { status?: number; body?: string; retryAfter?: number | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.status = more.status;
    this.body = more.body;
    this.retryAfter = more.retryAfter;
  }
}

/**
 * What the model sends, as it comes.
 * @throws {ModelFailure} for an error of the model. The signal's reason when it aborts.
 */
export async function* callModel(call: ModelCall): AsyncGenerator<ModelOutput, void> {
  try {
    yield* read(await open(call));
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof ModelFailure) throw error;
    throw new ModelFailure("transport", `Provider stream failed: ${String(error)}`);
  }
}

async function open({ baseURL, apiKey, headers, body, signal }: ModelCall): Promise<Response> {
  const response = await fetch(`${baseURL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${apiKey ?? ""}`, ...headers },
    body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
    signal,
  });
  if (response.ok) return response;
  const text = await response.text();
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  throw new ModelFailure("status", messageIn(text) ?? `Provider request failed with HTTP ${response.status}`, {
    status: response.status,
    body: text,
    retryAfter: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  });
}

async function* read(response: Response): AsyncGenerator<ModelOutput, void> {
  yield { type: "opened" };
  let isFinished = false;
  for await (const data of dataOf(response)) {
    if (data === "[DONE]") return;
    const chunk: unknown = JSON.parse(data);
    const error = property(chunk, "error");
    if (error !== undefined)
      throw new ModelFailure("stream", messageIn(data) ?? "Provider stream error", { body: data });
    for (const output of outputsOf(chunk)) {
      isFinished ||= output.type === "finish";
      yield output;
    }
  }
  if (!isFinished) throw new ModelFailure("transport", "Provider stream ended early");
}

function* outputsOf(chunk: unknown): Generator<ModelOutput, void> {
  const choices = property(chunk, "choices");
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta = property(choice, "delta");
  const reasoning = stringProperty(delta, "reasoning_content");
  if (reasoning !== undefined && reasoning !== "") yield { type: "reasoning", delta: reasoning };
  const content = stringProperty(delta, "content");
  if (content !== undefined && content !== "") yield { type: "text", delta: content };
  const calls = property(delta, "tool_calls");
  for (const call of Array.isArray(calls) ? calls.filter(isRecord) : []) {
    const id = stringProperty(call, "id");
    const name = stringProperty(call["function"], "name");
    const args = stringProperty(call["function"], "arguments") ?? "";
    const head = { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
    yield { type: "tool", index: Number(call["index"]), ...head, delta: args };
  }
  const reason = stringProperty(choice, "finish_reason");
  if (reason !== undefined) yield { type: "finish", reason };
  const usage = property(chunk, "usage");
  if (isRecord(usage)) yield { type: "usage", tokens: tokensOf(usage) };
}

/** `input` without what came from the cache, `output` without the reasoning. */
function tokensOf(usage: JsonRecord): Tokens {
  const cached = Number(property(usage["prompt_tokens_details"], "cached_tokens") ?? 0);
  const reasoning = Number(property(usage["completion_tokens_details"], "reasoning_tokens") ?? 0);
  return {
    input: Number(usage["prompt_tokens"] ?? 0) - cached,
    output: Number(usage["completion_tokens"] ?? 0) - reasoning,
    reasoning,
    cache: { read: cached, write: 0 },
  };
}

/** The `data` of a stream of server-sent events; each of the model's is one line. */
async function* dataOf(response: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) yield line.slice("data: ".length).trimEnd();
  }
}

function messageIn(body: string): string | undefined {
  try {
    return stringProperty(property(JSON.parse(body), "error"), "message");
  } catch {
    return undefined;
  }
}
