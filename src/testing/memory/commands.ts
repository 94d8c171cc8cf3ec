/** Commands and shell lines. */
import { isRecord, type JsonRecord, stringProperty } from "../../util/json.js";
import { findAgent } from "./agents.js";
import { modelName, provider } from "./model.js";
import { submitPrompt } from "./prompt.js";
import type { Message, Session } from "./records.js";
import { cleanUpRevert } from "./revert.js";
import { PromptFailure } from "./run-handle.js";
import type { MemoryServer } from "./server.js";

const builtIn: Readonly<Record<string, JsonRecord>> = {
  init: {
    description: "guided AGENTS.md setup",
    template:
      "Create or update `AGENTS.md` for this repository.\n\nUser-provided focus or constraints (honor these):\n$ARGUMENTS",
  },
  review: {
    description: "review changes [commit|branch|pr], defaults to uncommitted",
    template: "You are a code reviewer.\n\nInput: $ARGUMENTS",
    subtask: true,
  },
};

const skills: Readonly<Record<string, JsonRecord>> = {
  "customize-opencode": { description: "Use when opencode itself is to be configured.", source: "skill", template: "" },
};

/** All commands, as `GET /command` lists them. */
export function listCommands({ config }: MemoryServer): JsonRecord[] {
  const own: JsonRecord = isRecord(config.command) ? config.command : {};
  return Object.entries({ ...builtIn, ...own, ...skills }).flatMap(([name, given]) => {
    if (!isRecord(given)) return [];
    const template = String(given["template"] ?? "");
    const hints = [...new Set(template.match(/\$\d+/g))].sort();
    if (template.includes("$ARGUMENTS")) hints.push("$ARGUMENTS");
    return [{ name, source: "command", ...given, template, hints }];
  });
}

/** Runs a command: its template with the arguments is the prompt. */
export async function runCommand(server: MemoryServer, session: Session, body: JsonRecord): Promise<Message> {
  const name = String(body["command"]);
  const commands = listCommands(server);
  const command = commands.find((one) => one["name"] === name);
  if (command === undefined) throw unknownCommand(server, session, name, commands);
  const given = stringProperty(body, "arguments") ?? "";
  const text = fill(String(command["template"]), given);
  const agentName = stringProperty(command, "agent") ?? stringProperty(body, "agent");
  const agent = findAgent(server, agentName);
  const isSubtask = command["subtask"] === true || (agent?.mode === "subagent" && command["subtask"] !== false);
  const model = modelOf(stringProperty(command, "model") ?? stringProperty(body, "model"));
  const used = model ?? { providerID: provider, modelID: modelName };
  const subtask = {
    type: "subtask",
    agent: agent?.name ?? "general",
    description: command["description"] ?? "",
    command: name,
    model: used,
    prompt: text,
  };
  const files = Array.isArray(body["parts"]) ? body["parts"] : [];
  submitPrompt(server, session, {
    messageID: body["messageID"],
    ...(model === undefined ? {} : { model }),
    agent: isSubtask ? body["agent"] : agentName,
    variant: body["variant"],
    parts: isSubtask ? [subtask] : [{ type: "text", text }, ...files],
  });
  const message = await server.ensureRun(session);
  server.tell(session, "command.executed", {
    name,
    sessionID: session.id,
    arguments: given,
    messageID: message.info.id,
  });
  return message;
}

function fill(template: string, given: string): string {
  const words = given.match(/"[^"]*"|'[^']*'|\S+/g)?.map((word) => word.replace(/^["']|["']$/g, "")) ?? [];
  const last = Math.max(0, ...(template.match(/\$(\d+)/g) ?? []).map((place) => Number(place.slice(1))));
  const placed = template.replace(/\$(\d+)/g, (_, number: string) => {
    const at = Number(number);
    return (at === last ? words.slice(at - 1).join(" ") : words[at - 1]) ?? "";
  });
  const takesAll = placed.includes("$ARGUMENTS");
  const filled = placed.replaceAll("$ARGUMENTS", () => given);
  return last === 0 && !takesAll && given.trim() !== "" ? `${filled}\n\n${given}`.trim() : filled.trim();
}

function modelOf(name: string | undefined): JsonRecord | undefined {
  if (name === undefined) return undefined;
  const at = name.indexOf("/");
  return { providerID: name.slice(0, at), modelID: name.slice(at + 1) };
}

function unknownCommand(
  server: MemoryServer,
  session: Session,
  name: string,
  commands: readonly JsonRecord[],
): PromptFailure {
  const known = commands.map((one) => one["name"]).join(", ");
  const message = `Command not found: "${name}". Available commands: ${known}`;
  server.tell(session, "session.error", { sessionID: session.id, error: { name: "UnknownError", data: { message } } });
  return new PromptFailure("UnknownError", message);
}

/** A shell line, which is not run: its output is the line itself. */
export async function runShell(server: MemoryServer, session: Session, body: JsonRecord): Promise<Message> {
  cleanUpRevert(server, session);
  server.setStatus(session, { type: "busy" });
  const agent = String(body["agent"]);
  const user = server.saveInfo(session, {
    id: stringProperty(body, "messageID") ?? server.ids.next("msg"),
    role: "user",
    sessionID: session.id,
    time: { created: Date.now() },
    agent,
    model: { providerID: session.model?.providerID ?? provider, modelID: session.model?.id ?? modelName },
  });
  const text = "The following tool was executed by the user";
  server.addPart(session, user, { type: "text", text, synthetic: true });
  const message = server.saveInfo(session, server.answerTo(session, user.info, agent));
  const input = { command: String(body["command"]) };
  const time = { start: Date.now() };
  const part = server.addPart(session, message, {
    type: "tool",
    tool: "bash",
    callID: server.ids.next("prt").slice(4).toUpperCase(),
    state: { status: "running", time, input },
  });
  const output = "ok";
  part.state = { status: "running", time, input, metadata: { output } };
  server.savePart(session, message, part);
  message.info.time.completed = Date.now();
  server.saveInfo(session, message.info);
  const end = { time: { ...time, end: Date.now() }, title: "", metadata: { output }, output };
  part.state = { status: "completed", input, ...end };
  server.savePart(session, message, part);
  server.setStatus(session, { type: "idle" });
  return message;
}
