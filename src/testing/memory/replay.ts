/** A session that is given as the events that wrote it. Each is stored, and none is told to clients (1.18.33). */
import { isRecord, type JsonRecord, numberProperty, recordProperty, stringProperty } from "../../util/json.js";
import { checkFields } from "./check-body.js";
import { type Info, insertPart, noTokens, type Part, type Session } from "./records.js";
import { badRequest, internalError } from "./replies.js";
import type { MemoryServer } from "./server.js";

/** Stores the events of one session, in order; those that it has are left out. What was stored before a wrong one stays. */
export function replay(server: MemoryServer, body: unknown): object {
  const { events } = checkFields(body, ["directory"]);
  if (events === undefined) throw badRequest('Missing key\n  at ["events"]', "Payload");
  if (!Array.isArray(events))
    throw badRequest(`Expected array, got ${JSON.stringify(events)}\n  at ["events"]`, "Payload");
  if (events.length === 0) throw badRequest('Missing key\n  at ["events"][0]', "Payload");
  const sessionID = stringProperty(events[0], "aggregateID") ?? "";
  for (const event of events as unknown[]) {
    if (stringProperty(event, "aggregateID") !== sessionID) throw internalError();
    const next = server.replayed.get(sessionID) ?? 0;
    const seq = numberProperty(event, "seq") ?? -1;
    if (seq >= 0 && seq < next) continue;
    const write = writers[stringProperty(event, "type") ?? ""];
    const data = recordProperty(event, "data");
    if (seq !== next || write === undefined || data === undefined) throw internalError();
    write(server, sessionID, data);
    server.replayed.set(sessionID, next + 1);
  }
  return { sessionID };
}

type Writer = (server: MemoryServer, sessionID: string, data: JsonRecord) => void;

const saveSession: Writer = (server, id, data) => {
  const info = recordProperty(data, "info");
  if (info?.["id"] !== id || !isRecord(info["time"])) throw internalError();
  // The sums begin anew: the server counts the steps of its own runs only (1.18.33).
  const session = { cost: 0, tokens: noTokens(), ...structuredClone(info) } as unknown as Session;
  server.sessions.set(id, session);
};

/** By the type of an event, with its version. */
const writers: Readonly<Record<string, Writer | undefined>> = {
  "session.created.1": (server, id, data) => {
    if (server.sessions.has(id)) throw internalError();
    saveSession(server, id, data);
  },
  "session.updated.1": (server, id, data) => {
    if (!server.sessions.has(id)) throw internalError();
    saveSession(server, id, data);
  },
  "message.updated.1": (server, id, data) => {
    const session = server.sessions.get(id);
    const info = recordProperty(data, "info");
    if (session === undefined || info?.["sessionID"] !== id || typeof info["id"] !== "string") throw internalError();
    const list = server.messagesOf(session);
    const at = list.findIndex((message) => message.info.id === info["id"]);
    const message = { info: structuredClone(info) as unknown as Info, parts: list[at]?.parts ?? [] };
    list.splice(at < 0 ? list.length : at, 1, message);
  },
  "message.part.updated.1": (server, id, data) => {
    const part = recordProperty(data, "part");
    const owner = stringProperty(part, "messageID");
    const message = server.messages.get(id)?.find(({ info }) => info.id === owner);
    if (message === undefined || typeof part?.["id"] !== "string") throw internalError();
    insertPart(message, structuredClone(part) as unknown as Part);
  },
};
