/** From a reply, in any of its forms, to the one form that is played. Pure. */
import { randomText } from "../util/ids.js";
import type { ErrorReply, Reply, ScriptedToolCall, ScriptedUsage, SpokenReply, TextSource } from "./reply.js";
import type { ModelRequest } from "./request.js";

/** How a stream ends. */
export type PlannedEnd = NonNullable<SpokenReply["end"]>;

/** A tool call as it goes over the wire. */
export interface PlannedCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  /** For the agent in memory, which runs no tool. */
  readonly output?: ScriptedToolCall["output"];
  readonly title?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** A reply that speaks, with every default filled in. */
export interface SpokenPlan {
  readonly type: "spoken";
  readonly reasoning: TextSource;
  readonly text: TextSource;
  readonly calls: readonly PlannedCall[];
  readonly delay: number;
  readonly usage: ScriptedUsage;
  readonly end: PlannedEnd;
}

/** An answer with an error status. */
export interface ErrorPlan {
  readonly type: "error";
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is done with a request. */
export type Plan = SpokenPlan | ErrorPlan | { readonly type: "silent" };

/** Name of the tool through which opencode takes structured output. */
const structuredOutputTool = "StructuredOutput";

const defaultUsage: ScriptedUsage = { input: 10, output: 5 };

/** What `reply` means for `request`. Anything that is no reply becomes an error that says so. */
export function planReply(reply: Reply, request: ModelRequest): Plan {
  if (typeof reply === "string") return spoken({ text: reply });
  if (typeof reply !== "object" || reply === null) return refusal(`request ${request.index + 1} got ${typeof reply}`);
  if ("silent" in reply) return { type: "silent" };
  if ("status" in reply) return httpError(reply);
  if (!("structured" in reply)) return spoken(reply);
  const { structured, ...rest } = reply;
  const json = JSON.stringify(structured);
  if (!request.tools.includes(structuredOutputTool)) return spoken({ ...rest, text: json });
  return spoken({ ...rest, toolCalls: [{ name: structuredOutputTool, args: json }] });
}

/** Says through opencode what is wrong with a script: a 400 is not repeated, and its message is shown. */
export function refusal(reason: string): ErrorPlan {
  return { type: "error", status: 400, body: errorBody(`the script has no usable reply: ${reason}`), headers: {} };
}

/** An error in OpenAI's form; `error` is its message, or the whole of it. */
export function errorBody(error: unknown): object {
  return { error: typeof error === "string" ? { message: error, type: "scripted_error", code: null } : error };
}

function httpError({ status, message, body, headers }: ErrorReply): ErrorPlan {
  if (!Number.isInteger(status) || status < 400 || status > 599)
    return refusal(`status ${status}, expected 400 to 599`);
  return { type: "error", status, body: body ?? errorBody(message ?? `scripted ${status}`), headers: headers ?? {} };
}

function spoken({ text, reasoning, delay, usage, toolCalls = [], end }: SpokenReply): SpokenPlan {
  return {
    type: "spoken",
    reasoning: reasoning ?? [],
    text: text ?? [],
    calls: toolCalls.map(plannedCall),
    delay: delay ?? 0,
    usage: usage ?? defaultUsage,
    end: end ?? (toolCalls.length > 0 ? "tool_calls" : "stop"),
  };
}

function plannedCall({ id, name, args, output, title, metadata }: ScriptedToolCall): PlannedCall {
  return {
    output,
    title,
    metadata,
    id: id ?? `call_${randomText(24)}`,
    name,
    arguments: typeof args === "string" ? args : JSON.stringify(args ?? {}),
  };
}
