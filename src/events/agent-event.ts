/** Events that need no memory of earlier ones, in our vocabulary. Parts are `part-tracker.ts`. */

import type { ApiEvent, OpenPermission } from "../api/api-event.js";
import type { AgentEvent } from "../types/event.js";
import type { Growing } from "../util/async-queue.js";
import { GrowingText } from "../util/growing-text.js";
import { stringProperty } from "../util/json.js";
import { PartTracker } from "./part-tracker.js";

/** How many sessions' parts, and how many user messages, are remembered by {@link createEventMapper}. */
const remembered = 1_000;
/** Characters of an output that are held for a reader that is behind. */
export const longestOutput = 1_000_000;

/** A piece of text that later pieces of the same text are added to; `undefined` for every other event. `raw` is the first one's. */
export function growDelta(first: AgentEvent): Growing<AgentEvent> | undefined {
  if (first.type === "subagent") return growSubAgent(first);
  if (first.type === "tool-progress") return growProgress(first);
  if (first.type !== "text-delta" && first.type !== "reasoning-delta") return undefined;
  let text: GrowingText | undefined;
  return {
    add: (later) => {
      if (later.type !== first.type || later.partId !== first.partId) return false;
      text ??= new GrowingText(first.text);
      text.add(later.text);
      return true;
    },
    get value() {
      return text === undefined ? first : { ...first, text: text.toString() };
    },
  };
}

/** Pieces of an output, joined for a reader that is behind: the end of it. */
function growProgress(first: Extract<AgentEvent, { type: "tool-progress" }>): Growing<AgentEvent> {
  let value = first;
  return {
    add: (later) => {
      if (later.type !== "tool-progress" || later.callId !== first.callId) return false;
      value = { ...later, text: (value.text + later.text).slice(-longestOutput) };
      return true;
    },
    get value() {
      return value;
    },
  };
}

function growSubAgent(first: Extract<AgentEvent, { type: "subagent" }>): Growing<AgentEvent> | undefined {
  const growing = first.event === undefined ? undefined : growDelta(first.event);
  if (growing === undefined) return undefined;
  return {
    add: (later) =>
      later.type === "subagent" &&
      later.sessionId === first.sessionId &&
      later.event !== undefined &&
      growing.add(later.event),
    get value() {
      return growing.value === first.event ? first : { ...first, event: growing.value };
    },
  };
}

/** What a listener that is far behind can do without. */
export function isMinor({ type }: AgentEvent): boolean {
  return type === "raw" || type === "status";
}

/** The event of a run; `undefined` for parts and deltas, and for events without a name in our vocabulary. */
export function toAgentEvent(event: ApiEvent): AgentEvent | undefined {
  const base = { sessionId: event.sessionId ?? "", raw: event.raw };
  switch (event.type) {
    case "permission-asked": {
      const { id, permission, patterns, metadata, call } = event.request;
      return { type: "permission-request", id, permission, patterns, metadata, ...callOf(call), ...base };
    }
    case "permission-answered":
      return { type: "permission-reply", id: event.requestId, reply: event.reply, ...base };
    case "question-asked": {
      const { id, questions, call } = event.request;
      const texts = questions.map(({ question }) => question);
      return { type: "question", id, questions: texts, details: questions, ...callOf(call), ...base };
    }
    case "todo":
      return { type: "todo", todos: event.todos, ...base };
    case "file-edited":
      return { type: "file-edited", file: event.file, ...base };
    case "compacted":
      return { type: "compacted", ...base };
    case "session-created":
      return event.parentId === undefined ? undefined : { type: "subagent", parentId: event.parentId, ...base };
    case "session-status":
      return { type: "status", status: event.status, ...base };
    case "retry":
      return { type: "retry", attempt: event.attempt, message: event.message, next: event.next, ...base };
    case "session-error": {
      const { name, data } = event.error;
      return { type: "error", message: stringProperty(data, "message") ?? "the run failed", serverName: name, ...base };
    }
    default:
      return undefined;
  }
}

function callOf({ callId }: OpenPermission["call"]): { callId?: string } {
  return callId === undefined ? {} : { callId };
}

/** Maps every event of a stream, of whatever sessions, to at least one: what says nothing in our vocabulary becomes `raw`. */
export function createEventMapper(): ((event: ApiEvent) => AgentEvent[]) & { gap(): void } {
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
  const mapped = (event: ApiEvent, sessionId: string): AgentEvent[] => {
    switch (event.type) {
      case "part-stored":
        return unspoken.has(event.part.messageID) ? [] : trackerOf(sessionId).part(event.part, event.raw);
      case "part-delta":
        if (unspoken.has(event.messageId)) return [];
        return trackerOf(sessionId).delta(event.messageId, event.partId, event.text, event.raw);
      case "part-removed":
        return trackerOf(sessionId).removed(event.partId);
      case "message-removed":
        return trackerOf(sessionId).removedMessage(event.messageId);
      default: {
        const agentEvent = toAgentEvent(event);
        return agentEvent === undefined ? [] : [agentEvent];
      }
    }
  };
  const map = (event: ApiEvent): AgentEvent[] => {
    const sessionId = event.sessionId ?? "";
    if (event.type === "message-stored" && (event.message.role === "user" || event.message.isSummary)) {
      unspoken.delete(event.message.id);
      unspoken.add(event.message.id);
      forgetOldest(unspoken);
    }
    const events = mapped(event, sessionId);
    return events.length > 0 ? events : [{ type: "raw", sessionId, raw: event.raw }];
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
