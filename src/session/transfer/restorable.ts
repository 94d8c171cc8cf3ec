/** Messages of a document in the form in which a server can store them. */
import type { AssistantMessage, Message, Part, ReadableMessage, ToolPart, UserMessage } from "../../types/answer.js";

const lost = "(The server of this conversation could not read this prompt.)";
const cut = "Tool execution aborted";

/**
 * The messages in their order, each with the id of a prompt before it as its parent and no time before that of the last one. Nothing in
 * them refers to the other server: no snapshots, which a revert would take for the state of files here, and no sub-agents. A run that was
 * cut by the export is over.
 */
export function restorableMessages(messages: readonly Message[], now: number): ReadableMessage[] {
  const restorable: ReadableMessage[] = [];
  const prompts = new Set<string>();
  let prompt: string | undefined;
  let time = 0;
  const next = (created: number): number => {
    time = Math.min(Math.max(time, created), now);
    return time;
  };
  const who = whoOf(messages);
  for (const [index, { info, parts }] of messages.entries()) {
    if (info.role === "unreadable" || (info.role === "assistant" && prompt === undefined)) {
      const id = info.role === "unreadable" ? (info.id ?? `msg_lost${index}`) : info.parentID;
      const created = next(info.role === "unreadable" ? time : info.time.created);
      restorable.push(lostPrompt(id, created, who));
      prompts.add(id);
      prompt = id;
    }
    if (info.role === "user") {
      const { format: _format, ...head } = info; // a server cannot read a first prompt that has it (1.18.33)
      restorable.push({ info: { ...head, time: { created: next(info.time.created) } }, parts: keptParts(parts, now) });
      prompts.add(info.id);
      prompt = info.id;
    } else if (info.role === "assistant") {
      const parentID = prompts.has(info.parentID) ? info.parentID : (prompt ?? "");
      restorable.push({ info: finished(info, parentID, next(info.time.created), now), parts: keptParts(parts, now) });
    }
  }
  return restorable;
}

/** For prompts that are lost. */
function whoOf(messages: readonly Message[]): Pick<UserMessage, "agent" | "model"> {
  for (const { info } of messages) {
    if (info.role === "user") return { agent: info.agent, model: info.model };
    if (info.role === "assistant") {
      return { agent: info.agent, model: { providerID: info.providerID, modelID: info.modelID } };
    }
  }
  return { agent: "build", model: { providerID: "", modelID: "" } };
}

function lostPrompt(id: string, created: number, who: Pick<UserMessage, "agent" | "model">): ReadableMessage {
  return {
    info: { id, sessionID: "", role: "user", time: { created }, ...who },
    parts: [{ id: `prt_${id}`, sessionID: "", messageID: id, type: "text", text: lost, synthetic: true }],
  };
}

function finished(info: AssistantMessage, parentID: string, created: number, now: number): AssistantMessage {
  const completed = Math.min(Math.max(info.time.completed ?? created, created), now);
  return { ...info, parentID, time: { created, completed: Math.trunc(completed) } };
}

function keptParts(parts: readonly Part[], now: number): Part[] {
  return parts.flatMap((part): Part[] => {
    switch (part.type) {
      case "patch":
      case "snapshot":
        return [];
      case "step-start":
      case "step-finish": {
        const { snapshot: _snapshot, ...kept } = part;
        return [kept];
      }
      case "tool":
        return [{ ...part, state: endedState(part, now) }];
      default:
        return [part];
    }
  });
}

function endedState({ tool, state }: ToolPart, now: number): ToolPart["state"] {
  if (state.status === "pending" || state.status === "running") {
    const start = state.status === "running" ? Math.min(state.time.start, now) : now;
    return { status: "error", input: state.input, error: cut, time: { start, end: now } };
  }
  if (tool !== "task" || state.metadata === undefined) return state;
  const { sessionId: _elsewhere, ...metadata } = state.metadata;
  return { ...state, metadata };
}
