/** From the body of a prompt to a stored message. */
import { isRecord, type JsonRecord, stringProperty } from "../../util/json.js";
import { findAgent } from "./agents.js";
import { modelName, provider } from "./model.js";
import type { Info, Message, ModelName, Part, Session } from "./records.js";
import { cleanUpRevert } from "./revert.js";
import { PromptFailure } from "./run-handle.js";
import type { MemoryServer } from "./server.js";

/** Stores the prompt. Throws `PromptFailure` for an agent that there is not. */
export function submitPrompt(server: MemoryServer, session: Session, body: JsonRecord): Message {
  cleanUpRevert(server, session);
  const agent = findAgent(server, stringProperty(body, "agent"));
  if (agent === undefined) throw unknownAgent(server, session, String(body["agent"]));
  const model = modelOf(server, session, body["model"] ?? agent.model, stringProperty(body, "variant"));
  const used = { id: model.modelID, providerID: model.providerID, variant: model.variant ?? "default" };
  if (session.agent !== agent.name || JSON.stringify(session.model) !== JSON.stringify(used)) {
    session.agent = agent.name;
    session.model = used;
    server.saved(session);
  }
  const id = stringProperty(body, "messageID") ?? server.ids.next("msg");
  const info: Info = {
    id,
    role: "user",
    sessionID: session.id,
    time: { created: Date.now() },
    tools: isRecord(body["tools"]) ? (body["tools"] as Record<string, boolean>) : undefined,
    agent: agent.name,
    model,
    system: stringProperty(body, "system"),
    format: isRecord(body["format"]) ? storedFormat(body["format"]) : undefined,
  };
  const owner = ownerOf(server, session, id);
  const message = server.saveInfo(owner, info, session);
  const parts = Array.isArray(body["parts"]) ? body["parts"].filter(isRecord) : [];
  for (const part of parts.flatMap(storedParts)) {
    // What a prompt brings is stored as it is, fields of later releases included.
    const stored = { id: server.ids.next("prt"), ...part, messageID: id, sessionID: session.id } as unknown as Part;
    server.savePart(session, message, stored);
  }
  server.saved(session);
  if (info.tools !== undefined) restrict(server, session, info.tools);
  return message;
}

/** The session that has the message: an id that is used again in another session changes the first one's. */
function ownerOf(server: MemoryServer, session: Session, id: string): Session {
  const known = server.findMessage(id);
  return (known !== undefined && server.sessions.get(known.info.sessionID)) || session;
}

function modelOf(server: MemoryServer, session: Session, given: unknown, variant: string | undefined): ModelName {
  const chosen = isRecord(given) ? given : undefined;
  const names =
    chosen !== undefined
      ? { providerID: String(chosen["providerID"]), modelID: String(chosen["modelID"]) }
      : session.model !== undefined
        ? { providerID: session.model.providerID, modelID: session.model.id }
        : defaultModel(server);
  return variant === undefined ? names : { ...names, variant };
}

function defaultModel({ config }: MemoryServer): ModelName {
  const [providerID, ...rest] = (config.model ?? `${provider}/${modelName}`).split("/");
  return { providerID: providerID ?? provider, modelID: rest.join("/") };
}

function storedFormat(format: JsonRecord): JsonRecord {
  const { type, schema, retryCount = 2 } = format;
  return type === "json_schema" ? { type, schema, retryCount } : format;
}

/** A text file is read into the prompt, as if the model had read it. */
function storedParts(part: JsonRecord): JsonRecord[] {
  const text = (value: string): JsonRecord => ({ type: "text", synthetic: true, text: value });
  if (part["type"] === "agent") {
    const order = ` Use the above message and context to generate a prompt and call the task tool with subagent: ${part["name"]}`;
    return [part, text(order)];
  }
  if (part["type"] !== "file") return [part];
  const url = String(part["url"]);
  const called = text(
    `Called the Read tool with the following input: ${JSON.stringify({ filePath: part["filename"] ?? url })}`,
  );
  if (part["mime"] !== "text/plain") return [part];
  const read = textOfData(url);
  return read === undefined ? [part] : [called, text(read), part];
}

function textOfData(url: string): string | undefined {
  const [, base64, data] = /^data:text\/plain[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (data === undefined) return undefined;
  if (base64 === undefined) return decodeURIComponent(data);
  return new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)));
}

/** What a prompt says about tools is from then on the session's. */
function restrict(server: MemoryServer, session: Session, tools: Readonly<Record<string, boolean>>): void {
  const rules = Object.entries(tools).map(([permission, allowed]) => ({
    permission,
    action: allowed ? "allow" : "deny",
    pattern: "*",
  }));
  session.permission = rules;
  server.saved(session);
}

function unknownAgent(server: MemoryServer, session: Session, name: string): PromptFailure {
  const known = [...server.agents.values()].filter((agent) => agent["hidden"] !== true).map((agent) => agent.name);
  const message = `Agent not found: "${name}". Available agents: ${known.join(", ")}`;
  server.tell(session, "session.error", { sessionID: session.id, error: { name: "UnknownError", data: { message } } });
  return new PromptFailure("UnknownError", "UnknownError");
}
