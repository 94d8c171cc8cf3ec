/** Reading stored messages: page by page, newest first, as the server keeps them. */
import { asPart } from "../../api/v1/part.js";
import type { CallOptions, OpencodeClient } from "../../client/client.js";
import { APIResponseValidationError, BadRequestError } from "../../errors/index.js";
import type { AssistantMessage, ReadableMessage, UserMessage } from "../../types/answer.js";
import { isRecord, stringProperty } from "../../util/json.js";

/** Messages per request: enough for a turn with many steps, small enough for long sessions. */
export const pageSize = 50;

/** A turn has fewer messages than this: a prompt that is not stored must not be looked for in the whole history. */
const longestTurn = 2_000;

/** One page, oldest first, and the cursor of the page before it. */
export interface MessagePage {
  readonly messages: ReadableMessage[];
  readonly before: string | undefined;
}

export interface PageOptions {
  readonly limit?: number | undefined;
  readonly before?: string | undefined;
  readonly call?: CallOptions | undefined;
}

/** Reads one page. Throws `BadRequestError` when the server cannot list it; see `history.ts`. */
export async function readPage(client: OpencodeClient, sessionId: string, options: PageOptions): Promise<MessagePage> {
  const query: { limit: number; before?: string } = { limit: options.limit ?? pageSize };
  if (options.before !== undefined) query.before = options.before;
  const params = { path: { sessionID: sessionId }, query };
  const { data, response } = await client.GET("/session/{sessionID}/message", { ...options.call, params });
  const cursor = response.headers.get("x-next-cursor");
  return { messages: data.map(toMessage), before: cursor === null || cursor === "" ? undefined : cursor };
}

/** The cursor of the page before a message: base64url of its id and time (1.18.33). */
export function cursorOf(id: string, time: number): string {
  return btoa(JSON.stringify({ id, time })).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
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
): Promise<ReadableMessage[]> {
  const found: ReadableMessage[] = [];
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
): Promise<ReadableMessage | "unreadable" | undefined> {
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
function toMessage(value: unknown): ReadableMessage {
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
