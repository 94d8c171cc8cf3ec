/** Events that need no memory of earlier ones, in our vocabulary. Parts are `part-tracker.ts`. */

import { asPart } from "../api/v1/part.js";
import type { Part, Todo } from "../types/answer.js";
import type { AgentEvent, ServerEvent } from "../types/event.js";
import type { QuestionRequest } from "../types/request.js";
import { numberProperty, property, recordProperty, stringProperty } from "../util/json.js";
import { PartTracker } from "./part-tracker.js";
import { questionsOf } from "./questions.js";
import { parentOf, sessionOf } from "./route.js";

/** How many sessions' parts, and how many user messages, are remembered by {@link createEventMapper}. */
const remembered = 1_000;

/** Two pieces of the same text as one; `undefined` for everything else. `raw` is the first one's. */
export function mergeDeltas(earlier: AgentEvent, later: AgentEvent): AgentEvent | undefined {
  if (earlier.type === "subagent" && later.type === "subagent") {
    if (earlier.sessionId !== later.sessionId || earlier.event === undefined || later.event === undefined)
      return undefined;
    const event = mergeDeltas(earlier.event, later.event);
    return event === undefined ? undefined : { ...earlier, event };
  }
  if (earlier.type !== "text-delta" && earlier.type !== "reasoning-delta") return undefined;
  if (later.type !== earlier.type || later.partId !== earlier.partId) return undefined;
  return { ...earlier, text: earlier.text + later.text };
}

/** What a listener that is far behind can do without. */
export function isMinor({ type }: AgentEvent): boolean {
  return type === "raw" || type === "status";
}

/** Everything but parts and deltas; `undefined` for those and for what has no name in our vocabulary. */
export function toAgentEvent(raw: ServerEvent): AgentEvent | undefined {
  const { type, properties } = raw;
  const base = { sessionId: sessionOf(raw) ?? "", raw };
  switch (type) {
    case "permission.asked":
      return {
        type: "permission-request",
        id: stringProperty(properties, "id") ?? "",
        permission: stringProperty(properties, "permission") ?? "",
        patterns: strings(property(properties, "patterns")),
        metadata: recordProperty(properties, "metadata") ?? {},
        ...callOf(properties),
        ...base,
      };
    case "permission.replied":
      return {
        type: "permission-reply",
        id: stringProperty(properties, "requestID") ?? "",
        reply: replyOf(properties),
        ...base,
      };
    case "question.asked":
      return {
        type: "question",
        id: stringProperty(properties, "id") ?? "",
        ...questionTexts(properties),
        ...callOf(properties),
        ...base,
      };
    case "todo.updated":
      return { type: "todo", todos: todosOf(properties), ...base };
    case "file.edited":
      return { type: "file-edited", file: stringProperty(properties, "file") ?? "", ...base };
    case "session.compacted":
      return { type: "compacted", ...base };
    case "session.created": {
      const parentId = parentOf(raw);
      return parentId === undefined ? undefined : { type: "subagent", parentId, ...base };
    }
    case "session.status":
      return statusEvent(raw, base);
    case "session.error": {
      const error = recordProperty(properties, "error");
      const message = stringProperty(recordProperty(error, "data"), "message") ?? "the run failed";
      return { type: "error", message, serverName: stringProperty(error, "name"), ...base };
    }
    default:
      return undefined;
  }
}

function statusEvent(raw: ServerEvent, base: { sessionId: string; raw: ServerEvent }): AgentEvent | undefined {
  const status = recordProperty(raw.properties, "status");
  const type = stringProperty(status, "type");
  if (type === "retry") {
    return {
      type: "retry",
      attempt: numberProperty(status, "attempt") ?? 0,
      message: stringProperty(status, "message") ?? "",
      next: numberProperty(status, "next") ?? 0,
      ...base,
    };
  }
  return type === "idle" || type === "busy" ? { type: "status", status: type, ...base } : undefined;
}

/** Maps every event of a stream, of whatever sessions, to at least one: what says nothing in our vocabulary becomes `raw`. */
export function createEventMapper(): ((raw: ServerEvent) => AgentEvent[]) & { gap(): void } {
  const trackers = new Map<string, PartTracker>();
  /** Those whose texts are nobody's answer: prompts, and the summaries of compactions. */
  const unspoken = new Set<string>();
  const trackerOf = (sessionId: string): PartTracker => {
    const tracker = trackers.get(sessionId) ?? new PartTracker(sessionId);
    if (!trackers.has(sessionId)) tracker.gap(); // what is running now began unseen
    // The one used last goes to the end: a forgotten session's text would come a second time when its part ends.
    trackers.delete(sessionId);
    trackers.set(sessionId, tracker);
    forgetOldest(trackers);
    return tracker;
  };
  const mapped = (raw: ServerEvent, sessionId: string): AgentEvent[] => {
    const part = partOf(raw);
    if (part !== undefined) return unspoken.has(part.messageID) ? [] : trackerOf(sessionId).part(part, raw);
    const delta = deltaOf(raw);
    if (delta !== undefined) {
      if (unspoken.has(delta.messageId)) return [];
      return trackerOf(sessionId).delta(delta.messageId, delta.partId, delta.text, raw);
    }
    if (raw.type === "message.part.removed")
      return trackerOf(sessionId).removed(stringProperty(raw.properties, "partID") ?? "");
    if (raw.type === "message.removed")
      return trackerOf(sessionId).removedMessage(stringProperty(raw.properties, "messageID") ?? "");
    const event = toAgentEvent(raw);
    return event === undefined ? [] : [event];
  };
  const map = (raw: ServerEvent): AgentEvent[] => {
    const sessionId = sessionOf(raw) ?? "";
    const info = raw.type === "message.updated" ? recordProperty(raw.properties, "info") : undefined;
    const isUnspoken = stringProperty(info, "role") === "user" || property(info, "summary") === true;
    const id = isUnspoken ? stringProperty(info, "id") : undefined;
    if (id !== undefined) {
      unspoken.delete(id);
      unspoken.add(id);
      forgetOldest(unspoken);
    }
    const events = mapped(raw, sessionId);
    return events.length > 0 ? events : [{ type: "raw", sessionId, raw }];
  };
  return Object.assign(map, {
    gap: () => {
      for (const tracker of trackers.values()) tracker.gap();
    },
  });
}

function forgetOldest(collection: {
  size: number;
  keys(): IterableIterator<string>;
  delete(key: string): boolean;
}): void {
  if (collection.size <= remembered) return;
  const oldest = collection.keys().next();
  if (!oldest.done) collection.delete(oldest.value);
}

/** The part of a `message.part.updated` event, if it has the fields that every part has. */
function partOf({ type, properties }: ServerEvent): Part | undefined {
  if (type !== "message.part.updated") return undefined;
  return asPart(properties["part"]);
}

/** The text of a `message.part.delta` event. Reasoning deltas look the same: the part's type tells them apart. */
export function deltaOf({
  type,
  properties,
}: ServerEvent): { messageId: string; partId: string; text: string } | undefined {
  if (type !== "message.part.delta" || properties["field"] !== "text") return undefined;
  const { messageID, partID, delta } = properties;
  if (typeof messageID !== "string" || typeof partID !== "string" || typeof delta !== "string") return undefined;
  return { messageId: messageID, partId: partID, text: delta };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function replyOf(properties: ServerEvent["properties"]): "once" | "always" | "reject" {
  const reply = properties["reply"] ?? properties["response"];
  return reply === "once" || reply === "always" ? reply : "reject";
}

function questionTexts(properties: ServerEvent["properties"]): {
  questions: string[];
  details: QuestionRequest["questions"];
} {
  const details = questionsOf(properties["questions"]);
  return { questions: details.map(({ question }) => question), details };
}

/** The tool call that asks, where one does. */
function callOf(properties: ServerEvent["properties"]): { callId?: string } {
  const callId = stringProperty(recordProperty(properties, "tool"), "callID");
  return callId === undefined ? {} : { callId };
}

function todosOf(properties: ServerEvent["properties"]): Todo[] {
  const todos = properties["todos"];
  if (!Array.isArray(todos)) return [];
  return todos.map((todo) => ({
    content: stringProperty(todo, "content") ?? "",
    status: stringProperty(todo, "status") ?? "",
    priority: stringProperty(todo, "priority") ?? "",
  }));
}
