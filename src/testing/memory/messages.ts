/** Reading stored messages: pages of them, and what the server itself cannot read. */
import type { JsonRecord } from "../../util/json.js";
import { type Message, noTokens, type Session } from "./records.js";
import { badRequest, internalError, plainBadRequest } from "./replies.js";
import type { MemoryServer } from "./server.js";
import { copyUsage } from "./usage.js";

/** A page, oldest first, and the cursor of the one before it. */
export interface Page {
  readonly messages: readonly Message[];
  readonly next: string | undefined;
}

/** The newest `limit` messages of those before the cursor. */
export function readPage(list: readonly Message[], limit: string | null, before: string | null): Page {
  const count = limit === null ? undefined : Number(limit);
  if (count !== undefined && !Number.isInteger(count))
    throw badRequest(`Expected an integer, got ${count}\n  at ["limit"]`, "Query");
  if (count !== undefined && count < 0) {
    throw badRequest(`Expected a value greater than or equal to 0, got ${count}\n  at ["limit"]`, "Query");
  }
  if (before !== null && count === undefined) throw plainBadRequest();
  const end = before === null ? list.length : positionOf(list, before);
  if (count === undefined) return { messages: list, next: undefined };
  const start = Math.max(end - count, 0);
  const messages = list.slice(start, end);
  const [oldest] = messages;
  if (start === 0 || oldest === undefined) return { messages, next: undefined };
  return { messages, next: btoa(JSON.stringify({ id: oldest.info.id, time: oldest.info.time.created })) };
}

function positionOf(list: readonly Message[], cursor: string): number {
  try {
    const { id, time }: { id: unknown; time: unknown } = JSON.parse(atob(cursor));
    if (typeof id !== "string" || typeof time !== "number") throw plainBadRequest();
    const at = list.findIndex(({ info }) => info.id === id);
    if (at >= 0) return at;
    const later = list.findIndex(({ info }) => info.time.created >= time);
    return later < 0 ? list.length : later;
  } catch {
    throw plainBadRequest();
  }
}

/** Throws the 400 of a list in which a prompt asked for structured output: the server cannot write it. */
export function checkReadable(messages: readonly Message[], at?: string): void {
  const wrong = messages.findIndex(({ info }) => info.format !== undefined);
  const format = messages[wrong]?.info.format;
  if (format === undefined) return;
  const kind = format["type"] === "json_schema" ? "OutputFormatJsonSchema" : "OutputFormatText";
  throw badRequest(
    `Expected ${kind}, got ${JSON.stringify(format)}\n  at ${at ?? `[${wrong}]`}["info"]["format"]`,
    "Body",
  );
}

/** The messages from one on, to the end; none when it is not there. */
export function sinceRevert(server: MemoryServer, session: Session, id: string): readonly Message[] {
  const list = server.messagesOf(session);
  const at = list.findIndex(({ info }) => info.id === id);
  return at < 0 ? [] : list.slice(at);
}

/** What `GET /session` lists: of one directory, the one that was used last first. */
export function listSessions(server: MemoryServer, directory: string, query: URLSearchParams): Session[] {
  const search = query.get("search")?.toLowerCase();
  const start = Number(query.get("start") ?? 0);
  const found = [...server.sessions.values()].filter(
    (session) =>
      session.directory === directory &&
      (query.get("roots") !== "true" || session.parentID === undefined) &&
      (search === undefined || session.title.toLowerCase().includes(search)) &&
      session.time.updated >= start,
  );
  found.sort((one, other) => other.time.updated - one.time.updated || (one.id < other.id ? 1 : -1));
  return found.slice(0, Number(query.get("limit") ?? 100));
}

/** A copy of a session with ids of its own: all messages, or those before one. */
export function forkSession(server: MemoryServer, session: Session, before: string | undefined): Session {
  const list = server.messagesOf(session);
  const at = before === undefined ? -1 : list.findIndex(({ info }) => info.id === before);
  const copied = at < 0 ? list : list.slice(0, at);
  const [, base = session.title, count = "0"] = /^(.*?)(?: \(fork #(\d+)\))?$/s.exec(session.title) ?? [];
  const title = `${base} (fork #${Number(count) + 1})`;
  const copy = server.createSession({ directory: session.directory, title, metadata: session.metadata });
  const fresh = { ...copy, tokens: noTokens() };
  // The server has made the copy when it finds that it cannot read what it is to copy.
  if (copied.some(({ info }) => info.format !== undefined)) throw internalError();
  const ids = new Map<string, string>();
  for (const { info, parts } of copied) {
    const id = server.ids.next("msg");
    ids.set(info.id, id);
    const parentID = info.parentID === undefined ? undefined : (ids.get(info.parentID) ?? info.parentID);
    copyUsage(copy, info);
    const message = server.saveInfo(copy, { ...structuredClone(info), id, sessionID: copy.id, parentID });
    for (const { id: _, messageID: __, sessionID: ___, ...part } of parts) {
      server.addPart(copy, message, structuredClone(part));
    }
  }
  return fresh;
}

/** A message as it is sent. */
export function shown({ info, parts }: Message): JsonRecord {
  return { info, parts };
}
