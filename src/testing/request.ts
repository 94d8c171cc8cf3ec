/** Reads a chat-completions request: its kind (a turn, a title, a summary), its prompt, and the progress of the turn. */
import { isRecord, type JsonRecord, property, stringProperty } from "../util/json.js";

/** A tool's result in a request to the model. */
export interface ModelToolResult {
  /** Id of the call. */
  readonly id: string;
  /** Name of the tool, if the call is in the same request. */
  readonly name?: string | undefined;
  /** Text of the result. */
  readonly content: string;
}

/** One request of opencode to the model. */
export interface ModelRequest {
  /** Position in `requests`, from 0. */
  readonly index: number;
  /** `"chat"` is a step of a turn. opencode also requests titles and summaries of compactions. */
  readonly kind: "chat" | "title" | "summary";
  /** The session of the request, also that of a sub-agent, from opencode's header `x-session-id`. */
  readonly sessionId: string | undefined;
  /** Name of the model, without the provider: `"model"`. */
  readonly model: string;
  /** The messages as sent, in OpenAI's form. */
  readonly messages: readonly Readonly<JsonRecord>[];
  /** Names of the offered tools. */
  readonly tools: readonly string[];
  /** OpenAI's `tool_choice`: `"auto"`, `"required"`, an object, or absent. */
  readonly toolChoice: unknown;
  /**
   * Text of the last user message: its parts, joined by line ends, without the reminders that opencode adds (for example in plan
   * mode). It includes attached files in opencode's form.
   */
  readonly lastUserText: string;
  /** The system prompt. */
  readonly system: string;
  /** Number of completed steps of the turn: assistant messages since the last user message. The first step has 0. */
  readonly stepIndex: number;
  /** Results of tools since the last user message. */
  readonly toolResults: readonly ModelToolResult[];
  /** Request headers. Names are in lower case; `authorization` is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** The complete body. */
  readonly body: Readonly<JsonRecord>;
  /** True if the client has disconnected before the end of the reply. */
  readonly aborted: boolean;
  /** Time of arrival, in ms since the epoch. */
  readonly receivedAt: number;
}

/** The same, for the one who fills it in. */
export interface MutableModelRequest extends ModelRequest {
  aborted: boolean;
}

/** Headers by their names in lower case. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The request that `body` is, or `undefined` when it is none. */
export function readRequest(body: unknown, index: number, headers: Headers): MutableModelRequest | undefined {
  const messages = property(body, "messages");
  if (!isRecord(body) || !Array.isArray(messages) || !messages.every(isRecord)) return undefined;
  const lastUser = messages.findLastIndex((message) => message["role"] === "user");
  const since = messages.slice(lastUser + 1);
  const tools = toolNames(body["tools"]);
  const system = messages.filter(isSystem).map(textOf).join("\n");
  return {
    index,
    kind: kindOf(system, tools),
    sessionId: stringProperty(headers, "x-session-id"),
    model: stringProperty(body, "model") ?? "",
    messages,
    tools,
    toolChoice: body["tool_choice"],
    lastUserText: textParts(messages[lastUser])
      .filter((text) => !text.startsWith("<system-reminder>"))
      .join("\n"),
    system,
    stepIndex: since.filter((message) => message["role"] === "assistant").length,
    toolResults: since.filter((message) => message["role"] === "tool").map((message) => toolResult(message, messages)),
    headers: withoutCredentials(headers),
    body,
    aborted: false,
    receivedAt: Date.now(),
  };
}

/** The texts of a message: one per text part. */
export function textParts(message: unknown): string[] {
  const content = property(message, "content");
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return content.map((part) => stringProperty(part, "text")).filter((text) => text !== undefined);
}

function textOf(message: unknown): string {
  return textParts(message).join("\n");
}

function isSystem(message: JsonRecord): boolean {
  return message["role"] === "system" || message["role"] === "developer";
}

/** Both offer no tools. The wording is that of 1.18.33; a turn of an agent without tools has the agent's own prompt. */
function kindOf(system: string, tools: readonly string[]): ModelRequest["kind"] {
  if (tools.length > 0) return "chat";
  if (/^\s*You are a title generator/i.test(system)) return "title";
  return /^\s*You are an? [^.\n]*summariz/i.test(system) ? "summary" : "chat";
}

function toolNames(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  return tools.map((tool) => stringProperty(property(tool, "function"), "name") ?? "");
}

function toolResult(message: JsonRecord, messages: readonly JsonRecord[]): ModelToolResult {
  const id = stringProperty(message, "tool_call_id") ?? "";
  const calls = messages.flatMap(({ tool_calls }) => (Array.isArray(tool_calls) ? tool_calls : []));
  const call: unknown = calls.find((call) => property(call, "id") === id);
  return { id, name: stringProperty(property(call, "function"), "name"), content: textOf(message) };
}

function withoutCredentials(headers: Headers): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name !== "authorization");
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
