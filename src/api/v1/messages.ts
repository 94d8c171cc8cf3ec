/** Stored messages of 1.x: page by page, newest first, as the server keeps them. */
import type { OpencodeClient } from "../../client/client.js";
import { BadRequestError } from "../../errors/index.js";
import type { Part, ReadableMessage } from "../../types/answer.js";
import type { MessagesApi } from "../agent-api.js";
import type { ApiCall } from "../inputs.js";
import { pageSize, readMessage, readPage } from "./message-page.js";
import { messagesBefore, newestFirst, oldestFirst } from "./message-walk.js";

/** A turn has fewer messages than this: a prompt that is not stored must not be looked for in the whole history. */
const longestTurn = 2_000;

/** The messages of the client's directory. */
export function messagesV1(client: OpencodeClient): MessagesApi {
  return {
    newest: async (sessionId, limit, call) => (await readPage(client, sessionId, { limit, call })).messages,
    find: (sessionId, messageId, call) => readMessage(client, sessionId, messageId, call),
    get: async (sessionID, messageID, call) => {
      const params = { path: { sessionID, messageID } };
      return (await client.GET("/session/{sessionID}/message/{messageID}", { ...call, params })).data;
    },
    ofTurn: (sessionId, messageId, call) => readTurn(client, sessionId, messageId, call),
    newestFirst: (sessionId, options) => newestFirst(client, sessionId, options),
    oldestFirst: (sessionId) => oldestFirst(client, sessionId),
    before: (sessionId, messageId) => messagesBefore(client, sessionId, messageId),
    delete: async (sessionID, messageID) => {
      await client.DELETE("/session/{sessionID}/message/{messageID}", { params: { path: { sessionID, messageID } } });
    },
    putPart: async (part) => {
      const params = { path: placeOf(part) };
      await client.PATCH("/session/{sessionID}/message/{messageID}/part/{partID}", { params, body: part });
    },
    deletePart: async (part) => {
      const params = { path: placeOf(part) };
      await client.DELETE("/session/{sessionID}/message/{messageID}/part/{partID}", { params });
    },
  };
}

function placeOf({ sessionID, messageID, id }: Pick<Part, "sessionID" | "messageID" | "id">): {
  sessionID: string;
  messageID: string;
  partID: string;
} {
  return { sessionID, messageID, partID: id };
}

/**
 * The messages of a turn: from its user message to the newest, oldest first. A page that the server cannot list is read
 * message by message until the one that is in the way, which is the turn's own prompt for structured output.
 */
export async function readTurn(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  call: ApiCall | undefined,
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
