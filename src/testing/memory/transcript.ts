/** From stored messages to what the model is sent, in OpenAI's form. */
import { isRecord, type JsonRecord } from "../../util/json.js";
import type { Agent } from "./agents.js";
import { provider } from "./model.js";
import type { Info, Message, Part } from "./records.js";

const planReminder =
  "<system-reminder>\n# Plan Mode - System Reminder\n\nPlan mode is active: read, search and plan, but change nothing.\n</system-reminder>";
/** What a plan that is approved adds to the prompt. */
export const buildReminder =
  "<system-reminder>\nYour operational mode has changed from plan to build.\nYou are no longer in read-only mode.\nYou are permitted to make file changes, run shell commands, and utilize your arsenal of tools as needed.\n</system-reminder>\n";
const structuredOrder =
  "IMPORTANT: The user has requested structured output. You MUST use the StructuredOutput tool to provide your final response. Do NOT respond with plain text - you MUST call the StructuredOutput tool with your answer formatted according to the schema.";

/** The messages that the model still sees: since the last compaction that was finished. */
export function sinceCompaction(messages: readonly Message[]): readonly Message[] {
  const done = new Set<string | undefined>();
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message === undefined) break;
    const { info, parts } = message;
    if (info.role === "assistant" && info.summary === true && info.finish !== undefined && info.error === undefined)
      done.add(info.parentID);
    if (done.has(info.id) && parts.some(({ type }) => type === "compaction")) return messages.slice(at);
  }
  return messages;
}

/** The system prompt of a step that `model` is asked for. */
export function systemPrompt(
  { directory, root }: { readonly directory: string; readonly root: string },
  agent: Agent,
  user: Info,
  model: string,
): string {
  const environment = [
    `You are powered by the model named ${model}. The exact model ID is ${provider}/${model}`,
    "Here is some useful information about the environment you are running in:",
    `<env>\n  Working directory: ${directory}\n  Workspace root folder: ${root}\n  Is directory a git repo: ${root === "/" ? "no" : "yes"}\n</env>`,
  ];
  return [
    agent.prompt ?? "You are opencode, an interactive CLI tool that helps users with software engineering tasks.",
    ...environment,
    ...(user.system === undefined ? [] : [user.system]),
    ...(user.format?.["type"] === "json_schema" ? [structuredOrder] : []),
  ].join("\n");
}

/** The transcript. `planFile`: plan mode keeps its reminders in the messages themselves. */
export function toModelMessages(
  messages: readonly Message[],
  agent: Agent,
  user: Info,
  planFile: boolean,
): JsonRecord[] {
  const wasPlan = messages.some(({ info }) => info.role === "assistant" && info.agent === "plan");
  return messages.flatMap((message) => {
    if (message.info.role === "assistant") return assistantMessages(message);
    const texts = message.parts.flatMap(userTexts);
    if (message.info.id === user.id && !planFile) {
      if (agent.name === "plan") texts.push(planReminder);
      if (wasPlan && agent.name === "build") texts.push(buildReminder);
    }
    if (texts.length === 0) return [];
    const content = texts.length === 1 ? texts[0] : texts.map((text) => ({ type: "text", text }));
    return [{ role: "user", content }];
  });
}

function userTexts(part: Part): string[] {
  if (part.type === "text") return part.ignored === true || part.text === undefined ? [] : [part.text];
  if (part.type === "compaction") return ["What did we do so far?"];
  if (part.type === "subtask") return ["The following tool was executed by the user"];
  if (part.type !== "file" || part.mime?.startsWith("text/") === true) return [];
  return [`ERROR: Cannot read "${part.filename ?? ""}" (this model does not support image input). Inform the user.`];
}

function assistantMessages({ info, parts }: Message): JsonRecord[] {
  const said = parts.filter(({ type }) => type === "text" || type === "tool");
  if (info.error !== undefined && (info.error.name !== "MessageAbortedError" || said.length === 0)) return [];
  const text = said.map((part) => (part.type === "text" ? part.text : "")).join("");
  const tools = said.filter(({ type }) => type === "tool");
  if (said.length === 0) return [];
  const calls = tools.map((part) => ({
    id: part.callID,
    type: "function",
    function: { name: part.tool, arguments: JSON.stringify(part.state?.input ?? {}) },
  }));
  const results = tools.map((part) => ({ role: "tool", tool_call_id: part.callID, content: resultOf(part) }));
  return [{ role: "assistant", content: text, ...(calls.length === 0 ? {} : { tool_calls: calls }) }, ...results];
}

function resultOf({ state }: Part): string {
  if (state?.status === "completed") return state.output ?? "";
  if (state?.status !== "error") return "[Tool execution was interrupted]";
  const { metadata } = state;
  if (isRecord(metadata) && metadata["interrupted"] === true && typeof metadata["output"] === "string") {
    return metadata["output"];
  }
  return state.error ?? "";
}

/** The conversation as text, for its summary. */
export function asConversation(messages: readonly Message[]): string {
  const said = messages.map(({ info, parts }) =>
    parts.flatMap((part) => {
      if (part.type === "text" && part.text) return [`[${info.role === "user" ? "User" : "Assistant"}]: ${part.text}`];
      if (part.type !== "tool" || part.state === undefined) return [];
      const call = `[Assistant tool call]: ${part.tool}(${JSON.stringify(part.state.input)})`;
      return [call, `[Tool result]: ${resultOf(part)}`];
    }),
  );
  const lines = said.filter((one) => one.length > 0).map((one) => one.join("\n"));
  return lines.join("\n\n");
}
