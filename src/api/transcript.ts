/** A conversation as one text, for servers that take no messages of another one. */
import type { Part, ReadableMessage } from "../types/answer.js";

/** The text that stands before and behind the conversation, for the model. */
const before =
  "This conversation was moved here from another server. Its messages so far follow. They are history: do not answer them. Continue with the message after this one.";

/** What the model had of the messages: those since the last compaction. */
export function transcriptOf(messages: readonly ReadableMessage[]): string {
  const lines = contextOf(messages).flatMap(({ info, parts }) => {
    const texts = parts.flatMap((part) => partText(part));
    return texts.length === 0 ? [] : [`## ${info.role === "user" ? "User" : "Assistant"}`, ...texts];
  });
  return `<conversation>\n${before}\n\n${lines.join("\n\n")}\n</conversation>`;
}

/** From the last compaction with a summary on, with the messages that it kept. */
function contextOf(messages: readonly ReadableMessage[]): readonly ReadableMessage[] {
  const summary = messages.findLastIndex(({ info }) => info.role === "assistant" && info.summary === true);
  const head = messages[summary]?.info;
  if (head?.role !== "assistant") return messages;
  const at = messages.findIndex(({ info }) => info.id === head.parentID);
  const mark = messages[at]?.parts.find((part) => part.type === "compaction");
  const kept =
    mark?.tail_start_id === undefined ? -1 : messages.findIndex(({ info }) => info.id === mark.tail_start_id);
  return messages.slice(kept >= 0 && kept < at ? kept : Math.max(at, 0));
}

function partText(part: Part): string[] {
  switch (part.type) {
    case "text":
      return part.ignored === true || part.text === "" ? [] : [part.text];
    case "file":
      return [`[attached file: ${part.filename ?? "without a name"} (${part.mime})]`];
    case "subtask":
      return [`[task for the agent ${part.agent}: ${part.prompt}]`];
    case "tool": {
      const { state, tool } = part;
      const call = `[tool ${tool}] ${JSON.stringify(state.input)}`;
      if (state.status === "completed") {
        const cleared = state.time.compacted !== undefined;
        return [`${call}\n[result]\n${cleared ? "[Old tool result content cleared]" : state.output}`];
      }
      return [`${call}\n[error]\n${state.status === "error" ? state.error : "not run"}`];
    }
    default:
      return [];
  }
}
