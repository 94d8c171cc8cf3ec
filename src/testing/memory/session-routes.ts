/** Routes of sessions and of their stored messages. */
import { isRecord, type JsonRecord, stringProperty } from "../../util/json.js";
import { type Call, idleSession, type Routes, sessionOf } from "./call.js";
import { checkFields, checkNewSession, checkSessionChange } from "./check-body.js";
import { checkReadable, forkSession, listSessions, readPage, shown } from "./messages.js";
import type { Rule, Session } from "./records.js";
import { json, notFound, plainBadRequest, tagged } from "./replies.js";
import { revert, unrevert } from "./revert.js";
import type { MemoryServer } from "./server.js";
import { removeUsage } from "./usage.js";

/** By method and path. */
export const sessionRoutes: Routes = {
  "GET /session": ({ server, directory, query }) => json(listSessions(server, directory, query)),
  "POST /session": ({ server, directory, body }) => json(createSession(server, directory, checkNewSession(body))),
  "GET /session/status": ({ server, directory }) => {
    const here = [...server.status.entries()].filter(([, one]) => one.directory === directory);
    return json(Object.fromEntries(here.map(([id, { status }]) => [id, status])));
  },
  "GET /session/{sessionID}": (call) => json(sessionOf(call)),
  "PATCH /session/{sessionID}": (call) => {
    const session = sessionOf(call);
    change(call.server, session, checkSessionChange(call.body));
    return json(session);
  },
  "DELETE /session/{sessionID}": (call) => {
    const session = sessionOf(call);
    remove(call.server, session);
    return json(true);
  },
  "GET /session/{sessionID}/children": (call) => {
    const { id } = sessionOf(call);
    return json([...call.server.sessions.values()].filter(({ parentID }) => parentID === id));
  },
  "GET /session/{sessionID}/todo": (call) => json(call.server.todos.get(sessionOf(call).id) ?? []),
  "GET /session/{sessionID}/diff": () => json([]),
  "GET /session/{sessionID}/message": listMessages,
  "GET /session/{sessionID}/message/{messageID}": (call) => {
    const { server, ids } = call;
    const id = ids[1] ?? "";
    const session = server.sessions.get(ids[0] ?? "");
    const message = session && server.messagesOf(session).find(({ info }) => info.id === id);
    if (message === undefined) throw notFound("Message", id);
    checkReadable([message], "");
    return json(shown(message));
  },
  "DELETE /session/{sessionID}/message/{messageID}": (call) => {
    const session = idleSession(call);
    const [, messageID = ""] = call.ids;
    const list = call.server.messagesOf(session);
    const at = list.findIndex(({ info }) => info.id === messageID);
    const [removed] = at < 0 ? [] : list.splice(at, 1);
    if (removed !== undefined) removeUsage(session, removed.info);
    call.server.tell(session, "message.removed", { sessionID: session.id, messageID }, session.id);
    return json(true);
  },
  "DELETE /session/{sessionID}/message/{messageID}/part/{partID}": (call) => {
    const session = sessionOf(call);
    const [, messageID = "", partID = ""] = call.ids;
    const parts = call.server.messagesOf(session).find(({ info }) => info.id === messageID)?.parts ?? [];
    const at = parts.findIndex(({ id }) => id === partID);
    if (at >= 0) parts.splice(at, 1);
    call.server.tell(session, "message.part.removed", { sessionID: session.id, messageID, partID }, session.id);
    return json(true);
  },
  "POST /session/{sessionID}/fork": (call) => {
    const session = sessionOf(call);
    return json(forkSession(call.server, session, stringProperty(call.body, "messageID")));
  },
  "POST /session/{sessionID}/revert": (call) => {
    sessionOf(call);
    const body = checkFields(call.body, ["messageID"]);
    const session = idleSession(call);
    revert(call.server, session, String(body["messageID"]));
    return json(session);
  },
  "POST /session/{sessionID}/unrevert": (call) => {
    const session = idleSession(call);
    unrevert(call.server, session);
    return json(session);
  },
  "POST /session/{sessionID}/share": (call) => {
    sessionOf(call);
    throw tagged(500, "InternalServerError"); // sharing is disabled
  },
  "DELETE /session/{sessionID}/share": (call) => {
    const session = sessionOf(call);
    call.server.saved(session);
    return json(session);
  },
};

function createSession(server: MemoryServer, directory: string, body: JsonRecord): Session {
  const names = ["title", "parentID", "permission", "metadata", "agent", "model"];
  const given = names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]);
  return server.createSession({ directory, ...Object.fromEntries(given) });
}

/** One event for each thing that changes, as the server does. */
function change(server: MemoryServer, session: Session, body: JsonRecord): void {
  const { title, metadata, permission, time } = body;
  if (typeof title === "string") {
    session.title = title;
    server.saved(session);
  }
  if (metadata !== undefined) {
    session.metadata = metadata;
    server.saved(session);
  }
  if (Array.isArray(permission)) {
    session.permission = [...(session.permission ?? []), ...(permission as Rule[])]; // appended, never replaced
    server.saved(session);
  }
  if (isRecord(time) && typeof time["archived"] === "number") {
    session.time.archived = time["archived"];
    server.saved(session);
  }
}

/** What runs in it goes on: so it does with the real one. */
function remove(server: MemoryServer, session: Session): void {
  for (const child of server.sessions.values()) if (child.parentID === session.id) remove(server, child);
  server.sessions.delete(session.id);
  server.messages.delete(session.id);
  server.saved(session, false, "session.deleted");
}

function listMessages(call: Call): Response {
  const { server, query, url } = call;
  const session = sessionOf(call);
  const before = query.get("before");
  const limit = query.get("limit");
  const { messages, next } = readPage(server.messagesOf(session), limit, before);
  if (before !== null && limit === null) throw plainBadRequest();
  checkReadable(messages);
  if (next === undefined) return json(messages.map(shown));
  const link = new URL(url);
  link.searchParams.set("before", next);
  return json(messages.map(shown), 200, {
    "access-control-expose-headers": "Link, X-Next-Cursor",
    link: `<${link.href}>; rel="next"`,
    "x-next-cursor": next,
  });
}
