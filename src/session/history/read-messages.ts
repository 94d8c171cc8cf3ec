/** The stored messages of a session, for `Session.messages()`, `history()` and `deleteMessage()`. */
import type { AgentApi } from "../../api/agent-api.js";
import { APIResponseValidationError, NotFoundError } from "../../errors/index.js";
import type { Message } from "../../types/answer.js";
import { optionNames } from "../../types/option-names.js";
import type { HistoryOptions, MessagesOptions } from "../../types/session-options.js";
import { checkOptions } from "../../util/check-options.js";
import { knownRecord, noteSpending } from "../budget/session-spending.js";
import type { SessionContext } from "../context.js";
import { readNewest } from "./newest.js";

/** How many `messages({ before })` gives at most. */
const newestMessages = 50;
/** More than this is read with `history()`, which holds one page. */
const mostMessages = 100_000;

/** All messages, oldest first, or the newest `limit` of those before the message `before`. */
export async function readMessages(session: SessionContext, options: MessagesOptions): Promise<Message[]> {
  checkOptions(options, optionNames.messages, "messages()");
  const { sessionId } = session;
  const { limit, before } = options;
  const { api } = await session.scope();
  if (limit === undefined && before === undefined) return collect(api.messages.oldestFirst(sessionId));
  const from = before === undefined ? {} : await api.messages.before(sessionId, before);
  return from === undefined ? [] : readNewest(api, sessionId, { ...from, limit: limit ?? newestMessages });
}

/** Iterates all messages, and holds one page. */
export async function* iterateMessages(session: SessionContext, options: HistoryOptions): AsyncGenerator<Message> {
  checkOptions(options, optionNames.history, "history()");
  const { sessionId } = session;
  const { messages } = (await session.scope()).api;
  yield* options.order === "oldest" ? messages.oldestFirst(sessionId) : messages.newestFirst(sessionId);
}

/** Deletes one message. Rejects with `MessageNotFoundError` for an unknown id. */
export async function deleteMessage(session: SessionContext, messageId: string): Promise<void> {
  const { sessionId, scope } = session;
  const { api } = await scope();
  await requireMessage(api, sessionId, messageId);
  if ((await knownRecord(session, api)) !== undefined) await noteSpending(session, api);
  await api.messages.delete(sessionId, messageId);
}

/** The server takes a message that does not exist, and answers 200. `undefined`: it is there, but cannot be read. */
export async function requireMessage(
  { messages }: AgentApi,
  sessionId: string,
  messageId: string,
): Promise<Message["info"] | undefined> {
  const answer = await messages.get(sessionId, messageId).catch((error: unknown) => {
    if (error instanceof NotFoundError) throw error;
  });
  return answer?.info;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    if (all.length === mostMessages) {
      throw new APIResponseValidationError(`the session has more than ${mostMessages} messages`, {
        hint: "Read them with history(), which holds one page at a time.",
      });
    }
    all.push(item);
  }
  return all;
}
