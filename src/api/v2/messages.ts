/** Stored messages of 2.x. They can be read; no release of 2.x changes or deletes one. */
import type { OpencodeClient } from "../../client/client.js";
import { MessageNotFoundError, UnsupportedEndpointError } from "../../errors/index.js";
import type { ReadableMessage } from "../../types/answer.js";
import { recordProperty } from "../../util/json.js";
import type { MessagesApi } from "../agent-api.js";
import type { ApiCall } from "../inputs.js";
import { type DialectName, dialectOf } from "./dialects.js";
import { mapMessages } from "./message-map.js";
import { cursorBefore, pageSize, promptBefore, readStored, stepAfter } from "./message-pages.js";
import { type MessageSource, messageSource, newestFirst, oldestFirst, writeStart } from "./message-walk.js";
import { readSession } from "./session-reads.js";
import { below } from "./wire.js";

/** A turn has fewer messages than this: a prompt that is not stored must not be looked for in the whole history. */
const longestTurn = 2_000;

/** The messages of the client's directory. */
export function messagesV2(client: OpencodeClient, dialect: DialectName): MessagesApi {
  const source = messageSource(client, dialectOf(dialect).storesWholeTexts);
  return {
    newest: (sessionId, limit, call) => readNewest(source, sessionId, limit, call),
    find: (sessionId, messageId, call) =>
      getMessage(source, sessionId, messageId, call).catch((error: unknown) => {
        if (error instanceof MessageNotFoundError) return undefined;
        throw error;
      }),
    get: (sessionId, messageId, call) => getMessage(source, sessionId, messageId, call),
    ofTurn: (sessionId, messageId, call) => readTurn(source, sessionId, messageId, call),
    newestFirst: (sessionId, options) => newestFirst(source, sessionId, options),
    oldestFirst: (sessionId) => oldestFirst(source, sessionId),
    before: async (sessionId, messageId) => {
      const { info } = await getMessage(source, sessionId, messageId);
      const place = await cursorBefore(client, sessionId, messageId);
      if (place === undefined) return undefined;
      const { records } = await readStored(client, sessionId, { limit: place.skip + 1, cursor: place.cursor });
      if (records.length <= place.skip) return undefined;
      return { before: writeStart({ ...place, isOver: info.role === "user" }) };
    },
    delete: async (_sessionId, messageId) => unchangeable(`delete ${messageId}`),
    putPart: async ({ id }) => unchangeable(`change ${id}`),
    deletePart: async ({ id }) => unchangeable(`delete ${id}`),
  };
}

function unchangeable(what: string): never {
  throw new UnsupportedEndpointError(`a 2.x server does not change stored messages: it cannot ${what}`, {
    hint: "The nearest thing is revert(): it takes a prompt and everything behind it back.",
  });
}

async function readNewest(
  source: MessageSource,
  sessionId: string,
  limit: number,
  call: ApiCall | undefined,
): Promise<ReadableMessage[]> {
  const found: ReadableMessage[] = [];
  if (limit < 1) return found;
  for await (const message of newestFirst(source, sessionId, { limit, call })) {
    found.push(message);
    if (found.length === limit) break;
  }
  return found.reverse();
}

/** The turn's messages: from its prompt to the newest. */
async function readTurn(
  source: MessageSource,
  sessionId: string,
  messageId: string,
  call: ApiCall | undefined,
): Promise<ReadableMessage[]> {
  const found: ReadableMessage[] = [];
  let isStored = false;
  for await (const message of newestFirst(source, sessionId, { call })) {
    found.push(message);
    if (message.info.id === messageId || found.length >= longestTurn) break;
    // A prompt that is not stored is in none of the pages behind the first.
    if (isStored || found.length < pageSize) continue;
    isStored = await isThere(source.client, sessionId, messageId, call);
    if (!isStored) break;
  }
  return found.reverse();
}

async function isThere(client: OpencodeClient, sessionId: string, messageId: string, call?: ApiCall): Promise<boolean> {
  try {
    await client.request("GET", below(sessionId, `/message/${encodeURIComponent(messageId)}`), call);
    return true;
  } catch (error) {
    if (error instanceof MessageNotFoundError) return false;
    throw error;
  }
}

/** The message with what the messages around it say about it. */
async function getMessage(
  source: MessageSource,
  sessionId: string,
  messageId: string,
  call: ApiCall = {},
): Promise<ReadableMessage> {
  const { client } = source;
  const path = below(sessionId, `/message/${encodeURIComponent(messageId)}`);
  const { data } = await client.request("GET", path, call);
  const record = recordProperty(data, "data") ?? {};
  const near = await readNewest(source, sessionId, pageSize, call);
  const found = near.find(({ info }) => info.id === messageId);
  if (found !== undefined) return found;
  const place = { sessionId, ...(await source.place(call)) };
  const isUser = record["type"] === "user";
  const at = isUser ? undefined : await cursorBefore(client, sessionId, messageId, call);
  const prompt = at === undefined ? undefined : await promptBefore(client, sessionId, at, call);
  const answer = isUser ? await stepAfter(client, sessionId, messageId, call) : undefined;
  const session = isUser && answer === undefined ? await readSession(client, sessionId, call) : undefined;
  const context = { place, storesWholeTexts: source.storesWholeTexts, prompt, answer, session };
  const [message] = mapMessages([record], context);
  if (message !== undefined) return message;
  throw new MessageNotFoundError(
    `the session has no message ${messageId}: it is a mark of type ${String(record["type"])}`,
    {
      sessionId,
      path,
    },
  );
}
