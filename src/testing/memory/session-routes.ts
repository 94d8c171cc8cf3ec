/** Routes of sessions and of their stored messages. */
import { stringProperty } from "../../util/json.js";
import { changeSession, createSession, removeMessage, removeSession, statuses } from "./actions.js";
import { type Call, idleSession, type Routes, sessionOf } from "./call.js";
import { checkFields, checkNewSession, checkSessionChange } from "./check-body.js";
import { checkReadable, forkSession, listSessions, readPage, shown } from "./messages.js";
import { json, notFound, plainBadRequest, tagged } from "./replies.js";
import { revert, unrevert } from "./revert.js";

/** By method and path. */
export const sessionRoutes: Routes = {
  "GET /session": ({ server, directory, query }) => json(listSessions(server, directory, query)),
  "POST /session": ({ server, directory, body }) => json(createSession(server, directory, checkNewSession(body))),
  "GET /session/status": ({ server, directory }) => json(statuses(server, directory)),
  "GET /session/{sessionID}": (call) => json(sessionOf(call)),
  "PATCH /session/{sessionID}": (call) => {
    const session = sessionOf(call);
    changeSession(call.server, session, checkSessionChange(call.body));
    return json(session);
  },
  "DELETE /session/{sessionID}": (call) => {
    removeSession(call.server, sessionOf(call));
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
    removeMessage(call.server, session, call.ids[1] ?? "");
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
