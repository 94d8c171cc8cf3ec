/** One page of stored messages, and one message, of 1.x. */
import type { OpencodeClient } from "../../client/client.js";
import { APIResponseValidationError, BadRequestError } from "../../errors/index.js";
import type { AssistantMessage, ReadableMessage, UserMessage } from "../../types/answer.js";
import { isRecord, stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { asPart } from "./part.js";

/** Messages per request: enough for a turn with many steps, small enough for long sessions. */
export const pageSize = 50;

/** One page, oldest first, and the cursor of the page before it. */
export interface MessagePage {
  readonly messages: ReadableMessage[];
  readonly before: string | undefined;
}

export interface PageOptions {
  readonly limit?: number | undefined;
  readonly before?: string | undefined;
  readonly call?: ApiCall | undefined;
}

/** Reads one page. Throws `BadRequestError` when the server cannot list it; see `message-walk.ts`. */
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

/** The message, `"unreadable"` when it is stored but cannot be read, `undefined` when it is not stored. */
export async function readMessage(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  call: ApiCall = {},
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
