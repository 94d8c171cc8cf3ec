/** The tool `subagent`: a child session that works on a task. */
import type { JsonRecord } from "../../../../src/util/json.js";
import { flag, object, optional, text } from "../http/shape.js";
import { createSession } from "../run/create-session.js";
import { ToolFailure } from "../run/endings.js";
import { admit } from "../run/inbox.js";
import type { SessionRecord } from "../types.js";
import { parameters, type Tool, type ToolCall, type ToolResult, textResult } from "./tool.js";

export const subagentTool: Tool = {
  name: "subagent",
  action: "subagent",
  description: "Gives a task to another agent.",
  parameters: parameters({
    agent: { type: "string" },
    description: { type: "string" },
    prompt: { type: "string" },
    "background?": { type: "boolean" },
    "sessionID?": { type: "string" },
  }),
  shape: object({
    agent: text,
    description: text,
    prompt: text,
    background: optional(flag),
    sessionID: optional(text),
  }),
  async run(input, call) {
    const { world, record, directory } = call;
    const agent = String(input["agent"]);
    if (world.locations.agent(directory, agent) === undefined) throw new ToolFailure(`Agent not found: ${agent}`);
    await call.require({ action: "subagent", resources: [agent], save: [agent] });
    const child = childOf(input, call);
    call.progress({ sessionID: child.info.id });
    if (input["background"] !== true) return foreground(child, input, call);
    world.runs.putInBackground(child.info.id);
    admit(world, child, { type: "user", payload: { text: String(input["prompt"]) } });
    void report(child, record, call);
    return textResult(`Started in the background as ${child.info.id}`, { sessionID: child.info.id });
  },
};

async function foreground(child: SessionRecord, input: JsonRecord, { world, signal }: ToolCall): Promise<ToolResult> {
  const interrupt = (): void => void world.runs.interrupt(child, false);
  signal.addEventListener("abort", interrupt);
  try {
    admit(world, child, { type: "user", payload: { text: String(input["prompt"]) } });
    await world.runs.idle(child.info.id);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
  signal.throwIfAborted();
  const metadata = { sessionID: child.info.id };
  if (child.info.outcome === "succeeded") return textResult(lastText(child), metadata);
  throw new ToolFailure(`The subagent was not successful: ${child.info.outcome}`, "tool.execution", { metadata });
}

/** A background child reports to its parent, which wakes up. */
async function report(child: SessionRecord, parent: SessionRecord, { world }: ToolCall): Promise<void> {
  await world.runs.idle(child.info.id);
  if (world.store.find(parent.info.id) === undefined) return;
  const payload = { text: `Subagent ${child.info.id}: ${lastText(child)}`, description: "Background subagent" };
  admit(world, parent, { type: "synthetic", payload });
}

/** Rules and metadata are those of the parent at this moment. */
function childOf(input: JsonRecord, { world, record }: ToolCall): SessionRecord {
  const known = input["sessionID"];
  if (typeof known === "string") return world.store.get(known);
  const { id, location, metadata, permissions, model } = record.info;
  return createSession(world, {
    parentID: id,
    title: String(input["description"]),
    agent: String(input["agent"]),
    location: { ...location },
    ...(model === undefined ? {} : { model }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(permissions === undefined ? {} : { permissions }),
  });
}

function lastText({ messages }: SessionRecord): string {
  const last = messages.findLast((message) => message.type === "assistant");
  return last?.type === "assistant" ? last.content.map((part) => (part.type === "text" ? part.text : "")).join("") : "";
}
