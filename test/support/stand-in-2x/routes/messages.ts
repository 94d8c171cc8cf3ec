/** Stored messages, and what the files of a turn were changed by. */
import { invalidRequest, messageNotFound } from "../http/failure.js";
import { isAscending, limitOf, pageOf, readCursor } from "../http/page.js";
import type { ApiRequest, Route } from "../http/router.js";
import { idsFrom } from "../run/revert.js";
import { diffsOf, mergedChanges } from "../run/snapshots.js";
import { contextOf } from "../run/transcript.js";
import type { SessionRecord } from "../types.js";
import { recordOf } from "./sessions.js";

/** Types that can be asked for. `idle` is not among them. */
const types =
  "user assistant synthetic system skill shell compaction agent-switched model-switched location-switched".split(" ");

export const messageRoutes: readonly Route[] = [
  { method: "GET", path: "/session/{s}/message", query: ["limit", "order", "cursor", "type"], handle: listMessages },
  {
    method: "GET",
    path: "/session/{s}/message/{msg}",
    handle: (request) => {
      const { info, messages } = recordOf(request);
      const message = messages.find(({ id }) => id === request.params["msg"]);
      if (message === undefined) throw messageNotFound(info.id, request.params["msg"] ?? "");
      return { data: message };
    },
  },
  { method: "GET", path: "/session/{s}/context", handle: (request) => ({ data: contextOf(recordOf(request)) }) },
  { method: "GET", path: "/session/{s}/diff", query: ["from", "to", "context"], handle: diff },
];

function listMessages(request: ApiRequest): unknown {
  const { query } = request;
  const cursor = query.get("cursor");
  if (cursor !== null && query.has("order")) {
    throw invalidRequest("cursor and order exclude each other", "Query");
  }
  const place = cursor === null ? undefined : readCursor(cursor);
  const wanted = query.getAll("type");
  const unknown = wanted.find((type) => !types.includes(type));
  if (unknown !== undefined) throw invalidRequest(`Unknown type of message: ${unknown}`, "Query");
  const order = place?.filters["order"] ?? query.get("order") ?? "desc";
  const messages = recordOf(request).messages.filter(({ type }) => wanted.length === 0 || wanted.includes(type));
  const items = isAscending(order) ? messages : messages.reverse();
  return pageOf(items, ({ id }) => id, limitOf(query, 200), place, { order });
}

/** Of the turns from `from` to `to`; without `from` of the newest. A turn goes to the next idle marker. */
function diff(request: ApiRequest): unknown {
  const record = recordOf(request);
  const { query } = request;
  const context = query.has("context") ? Number(query.get("context")) : undefined;
  const from = query.get("from") ?? newestTurn(record);
  if (from === undefined) return { data: [] };
  const to = query.get("to") ?? from;
  const behind = idsFrom(record, to);
  const end = record.messages.find(({ id, type }) => type === "idle" && behind.includes(id))?.id;
  const ids = idsFrom(record, from);
  const wanted = end === undefined ? ids : ids.slice(0, ids.indexOf(end));
  return { data: diffsOf(mergedChanges(record, wanted), context) };
}

function newestTurn({ messages }: SessionRecord): string | undefined {
  const last = messages.findLastIndex(({ type }) => type === "user");
  const idle = messages.slice(0, Math.max(last, 0)).findLastIndex(({ type }) => type === "idle");
  return messages.slice(idle + 1).find(({ type }) => type === "user")?.id;
}
