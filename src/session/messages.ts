/** Reading stored messages: page by page, newest first, as the server keeps them. */
import type { CallOptions, OpencodeClient } from "../client/client.js";
import { APIResponseValidationError, BadRequestError } from "../errors.js";
import { asPart } from "../events/agent-event.js";
import { isRecord, stringProperty } from "../internal/json.js";
import type { AssistantMessage, Message, UserMessage } from "../types/answer.js";

/** Messages per request: enough for a turn with many steps, small enough for long sessions. */
const pageSize = 50;

/** A turn has fewer messages than this: a prompt that is not stored must not be looked for in the whole history. */
const longestTurn = 2_000;

/** Pages of one list: five million messages. A server that always has another one must not be followed for ever. */
const mostPages = 100_000;

/** One page, oldest first, and the cursor of the page before it. */
export interface MessagePage {
  readonly messages: Message[];
  readonly before: string | undefined;
}

export interface PageOptions {
  readonly limit?: number | undefined;
  readonly before?: string | undefined;
  readonly call?: CallOptions | undefined;
}

/** Reads one page. Throws `BadRequestError` when it holds a prompt for structured output: the server cannot list those. */
export async function readPage(client: OpencodeClient, sessionId: string, options: PageOptions): Promise<MessagePage> {
  const query: { limit: number; before?: string } = { limit: options.limit ?? pageSize };
  if (options.before !== undefined) query.before = options.before;
  const params = { path: { sessionID: sessionId }, query };
  const { data, response } = await client
    .GET("/session/{sessionID}/message", { ...options.call, params })
    .catch((error: unknown) => {
      throw error instanceof BadRequestError && options.before === undefined ? unreadable(error, sessionId) : error;
    });
  const cursor = response.headers.get("x-next-cursor");
  return { messages: data.map(toMessage), before: cursor === null || cursor === "" ? undefined : cursor };
}

function unreadable(error: BadRequestError, sessionId: string): BadRequestError {
  return new BadRequestError(`the server cannot list the messages of this session: ${error.message}`, {
    status: 400,
    method: error.method,
    path: error.path,
    body: error.body,
    sessionId,
    cause: error,
    hint: "A prompt for structured output in it is the usual reason: the server cannot read those back.",
  });
}

/** The cursor of the page before a message: base64url of its id and time (1.18.33). Throws `MessageNotFoundError`. */
export async function cursorBefore(client: OpencodeClient, sessionId: string, messageId: string): Promise<string> {
  const path = { sessionID: sessionId, messageID: messageId };
  const { data } = await client.GET("/session/{sessionID}/message/{messageID}", { params: { path } });
  const text = JSON.stringify({ id: messageId, time: data.info.time.created });
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** All messages, newest first; at most one page is held. */
export async function* newestFirst(
  client: OpencodeClient,
  sessionId: string,
  call: CallOptions = {},
): AsyncGenerator<Message> {
  let before: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await readPage(client, sessionId, { before, call });
    yield* page.messages.reverse();
    before = nextCursor(page, before, pages);
    if (before === undefined) return;
  }
}

/** All messages, oldest first. The server pages from the newest, so the pages are walked twice; only cursors are kept. */
export async function* oldestFirst(client: OpencodeClient, sessionId: string): AsyncGenerator<Message> {
  const cursors: (string | undefined)[] = [];
  let before: string | undefined;
  do {
    cursors.push(before);
    before = nextCursor(await readPage(client, sessionId, { before }), before, cursors.length);
  } while (before !== undefined);
  for (const cursor of cursors.reverse()) yield* (await readPage(client, sessionId, { before: cursor })).messages;
}

/** The cursor of the page before this one. Throws `APIResponseValidationError` when the list leads nowhere. */
function nextCursor(page: MessagePage, current: string | undefined, pages: number): string | undefined {
  if (page.before === undefined) return undefined;
  const isStuck = page.before === current || page.messages.length === 0;
  if (!isStuck && pages < mostPages) return page.before;
  throw new APIResponseValidationError(
    isStuck ? "a page of messages refers to itself or is empty" : `a list of messages has more than ${mostPages} pages`,
  );
}

/**
 * The messages of a turn: from its user message to the newest, oldest first. A page that the server cannot list is read
 * message by message until the one that is in the way, which is the turn's own prompt for structured output.
 */
export async function readTurn(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  call: CallOptions,
): Promise<Message[]> {
  const found: Message[] = [];
  let before: string | undefined;
  let limit = pageSize;
  while (found.length < longestTurn) {
    const page = await readPage(client, sessionId, { limit, before, call }).catch((error: unknown) => {
      if (error instanceof BadRequestError && error.status === 400) return undefined;
      throw error;
    });
    if (page === undefined) {
      if (limit === 1) return found.reverse();
      limit = 1;
      continue;
    }
    for (const message of page.messages.reverse()) {
      found.push(message);
      if (message.info.id === messageId) return found.reverse();
    }
    // A turn's messages are never older than its prompt.
    if (page.before === undefined || page.messages.length === 0) return found.reverse();
    before = page.before;
  }
  return found.reverse();
}

/** The message, `"unreadable"` when it is stored but cannot be read, `undefined` when it is not stored. */
export async function readMessage(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  call: CallOptions,
): Promise<Message | "unreadable" | undefined> {
  try {
    const path = { sessionID: sessionId, messageID: messageId };
    const { data } = await client.GET("/session/{sessionID}/message/{messageID}", { ...call, params: { path } });
    return toMessage(data);
  } catch (error) {
    if (isMessageMissing(error)) return undefined;
    if (error instanceof BadRequestError) return "unreadable";
    throw error;
  }
}

function isMessageMissing(error: unknown): boolean {
  return error instanceof Error && error.name === "MessageNotFoundError";
}

/** Drops parts without the fields that every part has; a message without a head is not one. */
function toMessage(value: unknown): Message {
  const info = isRecord(value) ? value["info"] : undefined;
  const parts = isRecord(value) ? value["parts"] : undefined;
  if (stringProperty(info, "id") === undefined || stringProperty(info, "role") === undefined || !Array.isArray(parts)) {
    throw new APIResponseValidationError("a stored message has no id, role or parts");
  }
  return {
    info: info as UserMessage | AssistantMessage, // told apart by the role that was checked
    parts: parts.map(asPart).filter((part) => part !== undefined),
  };
}
