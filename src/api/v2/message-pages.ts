/** Pages of stored messages of 2.x, as the server sends them, and the places in them. */
import type { OpencodeClient } from "../../client/client.js";
import { type JsonRecord, parseJson, property, recordProperty, stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { messageIdOf } from "./message-parts.js";
import { below, records } from "./wire.js";

/** Messages per request, and how many the server gives at most (2.0 preview 1.18.18). */
export const pageSize = 50;
const longestPage = 200;
/** Records behind a prompt in which its first step is looked for. */
const nearby = 10;
/** Pages that are read for one place: a hundred thousand messages. */
const mostPages = 2_000;

/** One page in the order in which it was asked for. */
export interface StoredPage {
  readonly records: JsonRecord[];
  /** The cursor of the page behind it; the last page may have one, too. */
  readonly next: string | undefined;
}

/** Which page. A cursor knows its order. */
interface PageRequest {
  readonly limit?: number | undefined;
  readonly order?: "asc" | "desc" | undefined;
  readonly cursor?: string | undefined;
  readonly call?: ApiCall | undefined;
}

/** Newest first unless the order says otherwise. Records without an id are left out. */
export async function readStored(
  client: OpencodeClient,
  sessionId: string,
  { limit = pageSize, order, cursor, call }: PageRequest = {},
): Promise<StoredPage> {
  const path = below(sessionId, "/message");
  const size = Math.min(Math.max(limit, 1), longestPage);
  const query = cursor === undefined ? { limit: size, order: order ?? "desc" } : { limit: size, cursor };
  const { data } = await client.request("GET", path, { ...call, query });
  const stored = records(property(data, "data"), path).filter((record) => messageIdOf(record) !== "");
  return { records: stored, next: stringProperty(recordProperty(data, "cursor"), "next") };
}

/** The pages, from the given one on. Ends at an empty one, at one without a successor, and at one that leads to itself. */
export async function* storedPages(
  client: OpencodeClient,
  sessionId: string,
  request: PageRequest,
): AsyncGenerator<StoredPage & { readonly cursor: string | undefined }> {
  let { cursor } = request;
  for (let count = 0; count < mostPages; count += 1) {
    const page = await readStored(client, sessionId, { ...request, cursor });
    if (page.records.length === 0) return;
    yield { ...page, cursor };
    if (page.next === undefined || page.next === cursor) return;
    cursor = page.next;
  }
}

/** The newest prompt behind a cursor of the order newest first, `skip` records after it; `undefined` when there is none. */
export async function promptBefore(
  client: OpencodeClient,
  sessionId: string,
  { cursor, skip = 0 }: { readonly cursor: string | undefined; readonly skip?: number },
  call?: ApiCall,
): Promise<string | undefined> {
  let left = skip;
  for await (const { records } of storedPages(client, sessionId, { cursor, call })) {
    const prompt = records.slice(left).find(({ type }) => type === "user");
    if (prompt !== undefined) return messageIdOf(prompt);
    left = 0;
  }
  return undefined;
}

/**
 * The cursor of what is older than a message. Cursors of the preview are base64url of a JSON with the id of a message: when those of
 * this server are, too, one is made; otherwise the pages are walked. `skip`: records at the beginning of the page that are not older.
 */
export async function cursorBefore(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  call?: ApiCall,
): Promise<{ readonly cursor: string | undefined; readonly skip: number } | undefined> {
  const sample = await readStored(client, sessionId, { limit: 1, call });
  const made = madeCursor(sample, messageId);
  if (made !== undefined) return { cursor: made, skip: 0 };
  for await (const { records, cursor } of storedPages(client, sessionId, { call })) {
    const at = records.findIndex((record) => messageIdOf(record) === messageId);
    if (at >= 0) return { cursor, skip: at + 1 };
  }
  return undefined;
}

/** The first step behind a prompt; `undefined` when none is near, or cursors cannot be made. */
export async function stepAfter(
  client: OpencodeClient,
  sessionId: string,
  promptId: string,
  call?: ApiCall,
): Promise<JsonRecord | undefined> {
  const sample = await readStored(client, sessionId, { limit: 1, order: "asc", call });
  const cursor = madeCursor(sample, promptId);
  if (cursor === undefined) return undefined;
  const { records: near } = await readStored(client, sessionId, { limit: nearby, cursor, call });
  return near.find(({ type }) => type === "assistant");
}

function madeCursor({ records, next }: StoredPage, messageId: string): string | undefined {
  const [last] = records;
  if (last === undefined || next === undefined) return undefined;
  try {
    const value = parseJson(atob(next.replaceAll("-", "+").replaceAll("_", "/")));
    if (stringProperty(value, "id") !== messageIdOf(last)) return undefined;
    const text = JSON.stringify({ ...(value as object), id: messageId });
    return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  } catch {
    return undefined; // of another form, or an id that is no Latin text
  }
}
