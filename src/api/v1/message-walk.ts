/**
 * A session's messages, page by page, also where the server cannot read one of them.
 *
 * A page that has another one before it comes through whatever is in it. The last one, which holds the session's oldest
 * messages, is answered with 400 when a prompt for structured output is among them (1.18.33). Smaller pages get all of it but
 * for the very first message of the session, when that is such a prompt: nothing reads it, and it stands in the list as
 * unreadable.
 */
import type { OpencodeClient } from "../../client/client.js";
import { APIResponseValidationError, BadRequestError } from "../../errors/index.js";
import type { Message, ReadableMessage, UnreadableMessage } from "../../types/answer.js";
import { property, recordProperty } from "../../util/json.js";
import type { ApiCall, WalkOptions } from "../inputs.js";
import { cursorOf, type MessagePage, pageSize, readMessage, readPage } from "./message-page.js";

/** Pages of one list: five million messages. A server that always has another one must not be followed for ever. */
const mostPages = 100_000;

/** Prompts without a message of their own that are tried: answers of deleted prompts stay. */
const mostCandidates = 5;

interface Page {
  /** Oldest first. */
  readonly messages: Message[];
  /** To read it again; `undefined` for a page that cannot be read. */
  readonly position: { readonly limit: number; readonly before: string | undefined } | undefined;
}

/** All messages, newest first; at most one page is held. */
export async function* newestFirst(
  client: OpencodeClient,
  sessionId: string,
  options: WalkOptions = {},
): AsyncGenerator<Message> {
  for await (const { messages } of pages(client, sessionId, options)) yield* messages.reverse();
}

/**
 * All messages, oldest first. The server pages from the newest, so the pages are walked twice; only cursors are kept, and
 * the last page. Messages that come meanwhile are not among them.
 */
export async function* oldestFirst(client: OpencodeClient, sessionId: string): AsyncGenerator<Message> {
  const newer: Page["position"][] = [];
  let oldest: Page | undefined;
  let end: string | undefined;
  for await (const page of pages(client, sessionId, {})) {
    end ??= cursorAfter(page.messages.at(-1));
    if (oldest !== undefined) newer.push(oldest.position);
    oldest = page;
  }
  if (oldest !== undefined) yield* oldest.messages;
  for (const position of newer.reverse()) {
    if (position === undefined) continue; // what cannot be read is the last, which is held
    yield* (await readPage(client, sessionId, { limit: position.limit, before: position.before ?? end })).messages;
  }
}

/** Where the messages before a stored one are; `undefined` for the first of the session. Throws `MessageNotFoundError`. */
export async function messagesBefore(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
): Promise<Pick<WalkOptions, "before" | "asked"> | undefined> {
  const message = await readMessage(client, sessionId, messageId);
  if (message !== undefined && message !== "unreadable") return walkFrom(message);
  if (message === "unreadable") {
    for await (const { info } of newestFirst(client, sessionId)) {
      if (info.id === messageId) return info.role === "unreadable" ? undefined : walkFrom({ info });
    }
  }
  // The server's own words for it.
  await client.GET("/session/{sessionID}/message/{messageID}", {
    params: { path: { sessionID: sessionId, messageID: messageId } },
  });
  return undefined;
}

function walkFrom({ info }: Pick<ReadableMessage, "info">): Pick<WalkOptions, "before" | "asked"> {
  const asked = info.role === "assistant" ? [info.parentID] : [];
  return { before: cursorOf(info.id, info.time.created), asked };
}

/** The cursor of the page that ends with this message. */
function cursorAfter(message: Message | undefined): string | undefined {
  if (message === undefined || message.info.role === "unreadable") return undefined;
  return cursorOf(`${message.info.id}~`, message.info.time.created);
}

/** Newest first. */
async function* pages(client: OpencodeClient, sessionId: string, options: WalkOptions): AsyncGenerator<Page> {
  const unseen = new Set(options.asked); // prompts, the last that was found last
  let { limit = pageSize, before } = options;
  let left: number | undefined; // at most so many messages are there, once the end of the list could not be read
  for (let count = 1; ; count += 1) {
    const page = await readOrNothing(client, sessionId, { limit, before, call: options.call });
    if (page === undefined) {
      if (limit === 1) {
        yield { messages: [await unreadable(client, sessionId, [...unseen], options.call)], position: undefined };
        return;
      }
      left = limit;
      limit = Math.ceil(limit / 2);
      continue;
    }
    note(unseen, page);
    yield { messages: page.messages, position: { limit, before } };
    before = nextCursor(page, before, count);
    if (before === undefined) return;
    if (left === undefined) continue;
    left -= limit;
    limit = Math.max(1, Math.ceil(left / 2));
  }
}

/** `undefined` for the end of a list that the server cannot read. Other failures, a wrong cursor among them, are thrown. */
async function readOrNothing(
  client: OpencodeClient,
  sessionId: string,
  options: Parameters<typeof readPage>[2],
): Promise<MessagePage | undefined> {
  return readPage(client, sessionId, options).catch((error: unknown) => {
    if (error instanceof BadRequestError && property(recordProperty(error.body, "data"), "kind") === "Body")
      return undefined;
    throw error;
  });
}

/** Answers name their prompt. */
function note(unseen: Set<string>, { messages }: MessagePage): void {
  for (const { info } of messages.toReversed()) {
    if (info.role === "user") unseen.delete(info.id);
    else {
      unseen.delete(info.parentID);
      unseen.add(info.parentID);
    }
  }
}

async function unreadable(
  client: OpencodeClient,
  sessionID: string,
  unseen: readonly string[],
  call: ApiCall = {},
): Promise<UnreadableMessage> {
  let id: string | undefined;
  for (const candidate of unseen.slice(-mostCandidates).reverse()) {
    if ((await readMessage(client, sessionID, candidate, call)) !== "unreadable") continue; // deleted
    id = candidate;
    break;
  }
  return { info: { role: "unreadable", id, sessionID }, parts: [] };
}

/** The cursor of the page before this one. Throws `APIResponseValidationError` when the list leads nowhere. */
function nextCursor(page: MessagePage, current: string | undefined, count: number): string | undefined {
  if (page.before === undefined) return undefined;
  const isStuck = page.before === current || page.messages.length === 0;
  if (!isStuck && count < mostPages) return page.before;
  throw new APIResponseValidationError(
    isStuck ? "a page of messages refers to itself or is empty" : `a list of messages has more than ${mostPages} pages`,
  );
}
