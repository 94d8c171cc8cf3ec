/** The events of 1.x (seen in 1.18.33) in our own terms: the one place that knows their types and fields. */

import { isAssistant } from "../../client/answer-checks.js";
import { knownEvents } from "../../generated/events.js";
import type { ServerEvent } from "../../types/event.js";
import { numberProperty, property, recordProperty, stringProperty } from "../../util/json.js";
import type { ApiEvent, MessageHead } from "../api-event.js";
import { toTodos } from "../todo-list.js";
import { parentOf, sessionOf } from "./event-session.js";
import { asPart } from "./part.js";
import { openPermission, openQuestion } from "./request-shapes.js";

type Properties = ServerEvent["properties"];
type Base = Pick<ApiEvent, "sessionId" | "raw">;

/** Never throws, whatever the fields hold. */
export function toApiEvent(raw: ServerEvent): ApiEvent {
  const base: Base = { sessionId: sessionOf(raw), raw };
  const { type, properties } = raw;
  if (type.startsWith("message.")) return messageEvent(type, properties, base);
  if (type.startsWith("session.")) return sessionEvent(raw, base);
  if (type.startsWith("permission.") || type.startsWith("question.")) return requestEvent(type, properties, base);
  switch (type) {
    case "server.connected":
      return { type: "connected", ...base };
    case "server.heartbeat":
      return { type: "heartbeat", ...base };
    case "server.instance.disposed":
      return { type: "instance-disposed", ...base };
    case "todo.updated":
      return { type: "todo", todos: toTodos(properties["todos"]), ...base };
    case "file.edited":
      return { type: "file-edited", file: stringProperty(properties, "file") ?? "", ...base };
    default:
      return other(base);
  }
}

function other(base: Base): ApiEvent {
  return { type: "other", isKnown: knownEvents.has(base.raw.type), ...base };
}

function messageEvent(type: string, properties: Properties, base: Base): ApiEvent {
  const unreadable: ApiEvent = { type: "unreadable", ...base };
  const messageId = stringProperty(properties, "messageID");
  const partId = stringProperty(properties, "partID");
  switch (type) {
    case "message.updated": {
      const message = headOf(properties["info"]);
      return message === undefined ? unreadable : { type: "message-stored", message, ...base };
    }
    case "message.removed":
      return { type: "message-removed", messageId: messageId ?? "", ...base };
    case "message.part.updated": {
      const part = asPart(properties["part"]);
      return part === undefined ? unreadable : { type: "part-stored", part, ...base };
    }
    case "message.part.removed":
      return { type: "part-removed", messageId: messageId ?? "", partId: partId ?? "", ...base };
    case "message.part.delta": {
      // Reasoning deltas look the same: the part's type tells them apart.
      const text = properties["field"] === "text" ? stringProperty(properties, "delta") : undefined;
      if (messageId === undefined || partId === undefined || text === undefined) return unreadable;
      return { type: "part-delta", messageId, partId, text, ...base };
    }
    default:
      return other(base);
  }
}

function headOf(info: unknown): MessageHead | undefined {
  const id = stringProperty(info, "id");
  if (id === undefined) return undefined;
  if (stringProperty(info, "role") === "user") {
    return { role: "user", id, createdAt: numberProperty(recordProperty(info, "time"), "created") };
  }
  const isSummary = property(info, "summary") === true;
  return { role: "assistant", id, isSummary, info: isAssistant(info) ? info : undefined };
}

function sessionEvent(raw: ServerEvent, base: Base): ApiEvent {
  switch (raw.type) {
    case "session.created":
      return { type: "session-created", parentId: parentOf(raw), ...madeOf(raw), ...base };
    case "session.status":
      return statusEvent(raw.properties["status"], base);
    case "session.idle":
      return { type: "session-idle", ...base };
    case "session.error": {
      const error = recordProperty(raw.properties, "error");
      const announced = { name: stringProperty(error, "name"), data: recordProperty(error, "data") ?? {} };
      return { type: "session-error", error: announced, ...base };
    }
    case "session.compacted":
      return { type: "compacted", ...base };
    default:
      return other(base);
  }
}

function statusEvent(status: unknown, base: Base): ApiEvent {
  const type = stringProperty(status, "type");
  if (type === "idle" || type === "busy") return { type: "session-status", status: type, ...base };
  if (type !== "retry") return other(base);
  return {
    type: "retry",
    attempt: numberProperty(status, "attempt") ?? 0,
    message: stringProperty(status, "message") ?? "",
    next: numberProperty(status, "next") ?? 0,
    ...base,
  };
}

function requestEvent(type: string, properties: Properties, base: Base): ApiEvent {
  const requestId = stringProperty(properties, "requestID") ?? "";
  switch (type) {
    case "permission.asked": {
      const request = openPermission(properties);
      return request === undefined ? { type: "unreadable", ...base } : { type: "permission-asked", request, ...base };
    }
    case "permission.replied":
      return { type: "permission-answered", requestId, reply: replyOf(properties), ...base };
    case "question.asked": {
      const request = openQuestion(properties);
      return request === undefined ? { type: "unreadable", ...base } : { type: "question-asked", request, ...base };
    }
    case "question.replied":
    case "question.rejected":
      return { type: "question-answered", requestId, ...base };
    default:
      return other(base);
  }
}

/** Older releases (1.1) name the field `response`. */
function replyOf(properties: Properties): "once" | "always" | "reject" {
  const reply = properties["reply"] ?? properties["response"];
  return reply === "once" || reply === "always" ? reply : "reject";
}

function madeOf(raw: ServerEvent): { title: string | undefined; agent: string | undefined } {
  const info = recordProperty(raw.properties, "info");
  return { title: stringProperty(info, "title"), agent: stringProperty(info, "agent") };
}
