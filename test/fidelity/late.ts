/**
 * The server writes an event some time after it has happened, and from the object that it still works on: under load an
 * event of a message's beginning shows its end. This takes away what an event may show too early, and what then is said twice.
 */

import type { ServerEvent } from "../../src/types/event.js";
import { isRecord, type JsonRecord, property, stringProperty } from "../../src/util/json.js";

/** What only the end of an assistant message has. */
const endOfMessage = ["cost", "tokens", "finish", "error", "structured"];
/** What is counted beside the run: an update may tell it a step late, or not. */
const counted = ["cost", "tokens", "summary"];

/** The same events, each as it would be without load. */
export function asHappened(events: readonly ServerEvent[]): ServerEvent[] {
  const begun = new Set<string>();
  return inOrder(events).map((event) => {
    const { type, properties } = event;
    const info = property(properties, "info");
    if (type === "session.updated") return withInfo(event, without(info, counted));
    if (type !== "message.updated" || stringProperty(info, "role") !== "assistant") return event;
    const id = stringProperty(info, "id") ?? "";
    if (begun.has(id)) return event;
    begun.add(id);
    const shown = without(info, endOfMessage);
    return withInfo(event, { ...shown, time: without(shown["time"], ["completed"]) });
  });
}

function withInfo(event: ServerEvent, info: JsonRecord): ServerEvent {
  return { ...event, properties: { ...event.properties, info } };
}

/**
 * A tool begins as soon as the model has called it, the event that says so comes when the stream is read: what it asks or
 * does may be told before. Each new piece that it tells is told by the same event: here once. And the tools of
 * a step end in any order, also before the text in front of them: here all of them before the step's end.
 */
function inOrder(events: readonly ServerEvent[]): ServerEvent[] {
  const running = new Map<string, ServerEvent>();
  for (const event of events) if (statusOf(event) === "running") running.set(partOf(event), event);
  const steps = new Set(events.filter(isStepEnd).map(messageOf));
  const called = new Set<string>();
  let ends: ServerEvent[] = [];
  return effectsAfterCalls(events).flatMap((event) => {
    const part = partOf(event);
    const status = statusOf(event);
    const told = running.get(part);
    if (isStepEnd(event)) {
      const ready = ends.filter((end) => messageOf(end) === messageOf(event));
      ends = ends.filter((end) => !ready.includes(end));
      return [...ready.sort((a, b) => (partOf(a) < partOf(b) ? -1 : 1)), event];
    }
    if ((status === "completed" || status === "error") && steps.has(messageOf(event))) {
      ends.push(event);
      return [];
    }
    if (told === undefined || (status !== "running" && status !== "pending")) return [event];
    if (called.has(part)) return [];
    called.add(part);
    return status === "pending" ? [event, told] : [told]; // a shell line is never pending
  });
}

/**
 * Puts what a tool asks or writes down behind the event that calls it. An answer stays behind everything that was asked before it,
 * also where that was asked by another tool.
 */
function effectsAfterCalls(events: readonly ServerEvent[]): ServerEvent[] {
  const calls = events.filter((event) => statusOf(event) === "pending");
  const seen = new Set<ServerEvent>();
  const told = new Set<ServerEvent>();
  const asked = new Map<unknown, ServerEvent>();
  let held: { readonly event: ServerEvent; readonly call: ServerEvent; readonly isAnswer: boolean }[] = [];
  const release = (): ServerEvent[] => {
    const released: ServerEvent[] = [];
    let isWaiting = false;
    held = held.filter(({ event, call, isAnswer }) => {
      const isFree = seen.has(call) && !(isAnswer && isWaiting);
      if (isFree) released.push(event);
      else if (!isAnswer) isWaiting = true;
      return !isFree;
    });
    return released;
  };
  return events.flatMap((event) => {
    if (calls.includes(event)) {
      seen.add(event);
      return [event, ...release()];
    }
    const { id, requestID } = event.properties;
    const answered = asked.get(requestID);
    const call = answered ?? calls.find((other) => !told.has(other) && isEffectOf(event, other));
    if (call === undefined) return [event];
    told.add(call);
    if (id !== undefined) asked.set(id, call);
    held.push({ event, call, isAnswer: answered !== undefined });
    return release();
  });
}

function isEffectOf({ type, properties }: ServerEvent, call: ServerEvent): boolean {
  const part = property(call.properties, "part");
  if (type === "todo.updated") return property(part, "tool") === "todowrite";
  if (type !== "permission.asked" && type !== "question.asked") return false;
  return property(property(properties, "tool"), "callID") === property(part, "callID");
}

function isStepEnd({ properties }: ServerEvent): boolean {
  return property(property(properties, "part"), "type") === "step-finish";
}

function messageOf({ properties }: ServerEvent): string {
  return stringProperty(property(properties, "part"), "messageID") ?? "";
}

function statusOf({ properties }: ServerEvent): unknown {
  return property(property(property(properties, "part"), "state"), "status");
}

function partOf({ properties }: ServerEvent): string {
  return stringProperty(property(properties, "part"), "id") ?? "";
}

function without(value: unknown, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(isRecord(value) ? value : {}).filter(([key]) => !keys.includes(key)));
}
