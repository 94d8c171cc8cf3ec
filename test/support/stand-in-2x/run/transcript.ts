/** A session's messages in the form of chat completions. */
import type { JsonRecord } from "../../../../src/util/json.js";
import type { AssistantMessage, SessionRecord, StoredFile, StoredMessage, ToolPart, UserMessage } from "../types.js";
import type { World } from "../world.js";

/** The messages that count: the last finished compaction and what is behind it. */
export function contextOf(record: SessionRecord): StoredMessage[] {
  const last = record.messages.findLastIndex((one) => one.type === "compaction" && one.status === "completed");
  return record.messages.slice(Math.max(last, 0)).filter(({ type }) => type !== "idle");
}

/** All that the model is sent. */
export function transcript(world: World, record: SessionRecord): JsonRecord[] {
  const { directory } = record.info.location;
  const agent = world.locations.agent(directory, record.info.agent ?? "build");
  const system = agent?.system ?? "You are a coding agent.";
  return [{ role: "system", content: `${system}\nDirectory: ${directory}` }, ...conversation(record)];
}

/** The same without the system prompt. */
export function conversation(record: SessionRecord): JsonRecord[] {
  const context = contextOf(record);
  const messages = context.flatMap(toModel);
  if (context.some(({ type }) => type === "user")) return messages;
  // An automatic compaction in a turn: the prompt it stands behind is still to be answered.
  const prompt = record.messages.findLast((message): message is UserMessage => message.type === "user");
  const at = messages.findIndex(({ role }) => role !== "system") + 1;
  if (prompt !== undefined && record.messages.some(({ type }) => type === "compaction")) {
    messages.splice(at, 0, ...toModel(prompt));
  }
  return messages;
}

function toModel(message: StoredMessage): JsonRecord[] {
  switch (message.type) {
    case "user":
      return [{ role: "user", content: userContent(message) }];
    case "assistant":
      return assistantMessages(message);
    case "system":
      return [{ role: "system", content: message.text }];
    case "synthetic":
      return [{ role: "user", content: message.text }];
    case "shell":
      return [{ role: "user", content: `The user ran: ${message.command}\n${message.output?.output ?? ""}` }];
    case "compaction":
      return [{ role: "user", content: `Summary of the conversation so far:\n${message.summary ?? ""}` }];
    default:
      return [];
  }
}

function userContent({ text, files = [] }: UserMessage): unknown {
  if (files.length === 0) return text;
  return [{ type: "text", text }, ...files.map(fileContent)];
}

function fileContent({ mime, data, name }: StoredFile): JsonRecord {
  if (mime.startsWith("image/")) return { type: "image_url", image_url: { url: `data:${mime};base64,${data}` } };
  const text = Buffer.from(data, "base64").toString("utf8");
  return { type: "text", text: `<file name="${name ?? ""}">\n${text}\n</file>` };
}

function assistantMessages(message: AssistantMessage): JsonRecord[] {
  const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = message.content.filter((part): part is ToolPart => part.type === "tool");
  if (text === "" && calls.length === 0) return [];
  const toolCalls = calls.map(({ id, name, state }) => ({
    id,
    type: "function",
    function: { name, arguments: typeof state.input === "string" ? "{}" : JSON.stringify(state.input) },
  }));
  return [
    { role: "assistant", content: text, ...(calls.length === 0 ? {} : { tool_calls: toolCalls }) },
    ...calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: resultText(call) })),
  ];
}

function resultText({ state }: ToolPart): string {
  if (state.error !== undefined) return `Error: ${state.error.message}`;
  return (state.content ?? []).map((item) => (item.type === "text" ? item.text : `[${item.mime}]`)).join("\n");
}
