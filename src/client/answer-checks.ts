/**
 * The fields of answers that the layers above read without looking. Checked here, so that an answer of another program, or of
 * another release, is one error with a name and not a `TypeError` somewhere else. Everything else in an answer is passed on as
 * it is: the server sends more than it documents, and older releases send less.
 */
import type { AssistantMessage } from "../types/answer.js";
import { isRecord } from "../util/json.js";
import { amount, anyList, anyObject, type Check, fields, optional, text } from "./check.js";

/** A session by itself. */
export const session: Check = fields({ id: text, directory: text });
/** A session in a list of them. */
export const listedSession: Check = fields({ id: text, directory: text, time: anyObject });
/** A permission request or a question. */
export const agentRequest: Check = fields({ id: text, sessionID: text, tool: optional(fields({ messageID: text })) });

const anyInfo = fields({ id: text, role: text, time: fields({ created: amount }) });
const assistant = fields({
  parentID: text,
  providerID: text,
  modelID: text,
  time: fields({ created: amount, completed: optional(amount) }),
  cost: amount,
  finish: optional(text),
  tokens: fields({
    input: amount,
    output: amount,
    reasoning: optional(amount),
    total: optional(amount),
    cache: optional(fields({ read: optional(amount), write: optional(amount) })),
  }),
});

/** The head of a message: with all that is read of one from the assistant. */
const info: Check = (value, at) =>
  anyInfo(value, at) ?? (isRecord(value) && value["role"] === "assistant" ? assistant(value, at) : undefined);

/** A message with its parts. */
export const message: Check = fields({ info, parts: anyList });

/** The head of an assistant message, wherever it comes from, with the fields that are read without a check elsewhere. */
export function isAssistant(value: unknown): value is AssistantMessage {
  return isRecord(value) && value["role"] === "assistant" && info(value, "") === undefined;
}

/** A release goes into messages: no text of any length, and nothing that a terminal would obey. */
export const release: Check = (value, at) =>
  typeof value !== "string" || /^[\w.+-]{1,100}$/.test(value) ? undefined : `something else than a release at ${at}`;
