/** A spoken reply as the stream of chunks that OpenAI's chat completions send, and as the one object they send without a stream. */
import type { PlannedCall, SpokenPlan } from "./plan.js";
import type { ScriptedUsage } from "./reply.js";

/** Identity of one completion: the same in all its chunks. */
export interface CompletionHead {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** One `data:` field of the stream. */
export function sseData(value: unknown): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}

/** A chunk with one delta. */
export function deltaChunk(head: CompletionHead, delta: object, finishReason: string | null = null): object {
  return { ...chunkHead(head), choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }] };
}

/** The deltas of one tool call: its name first, then the arguments in two pieces, as models stream them. */
export function toolCallDeltas(call: PlannedCall, index: number): object[] {
  const half = Math.ceil(call.arguments.length / 2);
  const opening = { index, id: call.id, type: "function", function: { name: call.name, arguments: "" } };
  const pieces = [call.arguments.slice(0, half), call.arguments.slice(half)];
  return [opening, ...pieces.map((piece) => ({ index, function: { arguments: piece } }))].map((delta) => ({
    tool_calls: [delta],
  }));
}

/** The chunk after the finish reason. */
export function usageChunk(head: CompletionHead, usage: ScriptedUsage): object {
  return { ...chunkHead(head), choices: [], usage: wireUsage(usage) };
}

/** The answer to a request with `stream: false`. */
export function completion(head: CompletionHead, plan: SpokenPlan, text: string, reasoning: string): object {
  const toolCalls = plan.calls.map(({ id, name, arguments: args }) => ({
    id,
    type: "function",
    function: { name, arguments: args },
  }));
  const message = {
    role: "assistant",
    content: text === "" && toolCalls.length > 0 ? null : text,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
  return {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message, logprobs: null, finish_reason: plan.end }],
    usage: wireUsage(plan.usage),
  };
}

function chunkHead(head: CompletionHead): object {
  return { id: head.id, object: "chat.completion.chunk", created: head.created, model: head.model };
}

/** OpenAI counts cached tokens as prompt tokens and reasoning tokens as completion tokens. */
function wireUsage({ input, output, reasoning = 0, cacheRead = 0 }: ScriptedUsage): object {
  return {
    prompt_tokens: input + cacheRead,
    completion_tokens: output + reasoning,
    total_tokens: input + cacheRead + output + reasoning,
    prompt_tokens_details: { cached_tokens: cacheRead },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
