/**
 * One event as a 2.x server sends it, under one name for all dialects. Names and fields have moved between the preview, 2.0 and 2.1: both
 * forms are accepted everywhere.
 */
import type { ServerEvent } from "../../types/event.js";
import {
  isRecord,
  type JsonRecord,
  numberProperty,
  parseJson,
  recordProperty,
  stringProperty,
} from "../../util/json.js";

/** An event, whichever dialect wrote it. */
export interface WireEvent {
  /** The name of 2.1. Types that 2.1 does not have keep their own. */
  readonly name: string;
  readonly data: JsonRecord;
  /** `undefined` for events of the whole server. */
  readonly sessionId: string | undefined;
  /** The directory that it is about, if it says so. */
  readonly directory: string | undefined;
  /** Its number in the session's durable log; `undefined` for an event that is not stored. */
  readonly seq: number | undefined;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** As it came. */
  readonly raw: ServerEvent;
}

/** Names that are not those of 2.1, without `next.` and `.v2`. */
const renamed: Readonly<Record<string, string>> = {
  "session.prompt.admitted": "session.inbox.enqueued",
  "session.input.admitted": "session.inbox.enqueued",
  "session.prompted": "session.inbox.delivered",
  "session.input.promoted": "session.inbox.delivered",
  "session.agent.switched": "session.agent.selected",
  "session.model.switched": "session.model.selected",
  "session.context.updated": "session.instructions.updated",
  "session.retried": "session.retry.scheduled",
};

/** `undefined` for what is no event: a stream must not end because of one odd line. */
export function parseWireEvent(text: string): WireEvent | undefined {
  try {
    return wireEventOf(parseJson(text));
  } catch {
    return undefined; // not JSON: the caller is told that something is missing
  }
}

/** The same of a value, for example from the session's log. */
export function wireEventOf(value: unknown): WireEvent | undefined {
  const type = stringProperty(value, "type");
  const data = recordProperty(value, "data") ?? {};
  if (type === undefined || !isRecord(value)) return undefined;
  const durable = recordProperty(value, "durable");
  return {
    name: nameOf(type),
    data,
    sessionId: stringProperty(data, "sessionID") ?? stringProperty(recordProperty(data, "form"), "sessionID"),
    directory: stringProperty(recordProperty(value, "location"), "directory"),
    seq: numberProperty(durable, "seq"),
    time: numberProperty(data, "timestamp") ?? numberProperty(value, "created") ?? Date.now(),
    raw: { id: stringProperty(value, "id"), type, properties: data },
  };
}

function nameOf(type: string): string {
  const plain = type.replace(/^session\.next\./, "session.").replace(/^(permission|question)\.v2\./, "$1.");
  return renamed[plain] ?? plain;
}

/** The message that a step's event is about. */
export function stepMessageId(data: JsonRecord): string | undefined {
  return stringProperty(data, "assistantMessageID");
}

/** The tool call that an event is about: `id` in 2.1, `callID` before. */
export function callIdOf(data: JsonRecord): string | undefined {
  return stringProperty(data, "callID") ?? stringProperty(data, "id");
}

/** The message that was admitted or has become part of the conversation. */
export function inboxIdOf(data: JsonRecord): string | undefined {
  return stringProperty(data, "inboxID") ?? stringProperty(data, "inputID") ?? stringProperty(data, "messageID");
}
