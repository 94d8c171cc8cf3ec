/** A session as a document. */
import { ownAgentOf, ownMarkName, ownMarkOf } from "../../api/own-mark.js";
import { ConflictError, SessionNotFoundError } from "../../errors/index.js";
import type { Message, SessionInfo, SessionUsage } from "../../types/answer.js";
import type { ExportOptions, SessionDescription, SessionDocument } from "../../types/document.js";
import { optionNames } from "../../types/option-names.js";
import { checkOptions } from "../../util/check-options.js";
import { invalidOption } from "../../util/invalid-option.js";
import { withSpending } from "../budget/session-spending.js";
import type { SessionContext } from "../context.js";
import { nonceName } from "../create-session.js";
import { readUsage } from "../history/inspect.js";
import { readMessages } from "../history/read-messages.js";
import { expenseOf } from "../history/usage.js";
import { documentFormat, documentVersion } from "./check-document.js";
import { redactDocument } from "./redact-document.js";

/** What is stored of the session, as it is now. */
export async function exportSession(session: SessionContext, options: ExportOptions): Promise<SessionDocument> {
  checkOptions(options, optionNames.export, "export()");
  const secrets = checkedSecrets(options.redact);
  const { sessionId, connection } = session;
  const { api } = await session.scope();
  const info = await api.sessions.get(sessionId);
  const messages = await readMessages(session, {});
  if (messages.length === 0 && (await api.sessions.beginsWithText(sessionId))) throw stillWaiting(sessionId);
  const document: SessionDocument = {
    format: documentFormat,
    version: documentVersion,
    exportedAt: new Date().toISOString(),
    redacted: false,
    server: connection.protocol,
    session: descriptionOf(await withSpending(session, api, info)),
    rules: info.permission ?? [],
    todos: api.capabilities.keepsTodos ? await api.sessions.todos(sessionId) : [],
    usage: await usageOf(session, messages),
    messages: shownMessages(messages, info.revert),
  };
  return secrets === undefined ? document : redactDocument(document, secrets);
}

/** The document would have nothing of the conversation. */
function stillWaiting(sessionId: string): ConflictError {
  return new ConflictError("the session was imported, and its conversation cannot be read before its first prompt", {
    sessionId,
    hint: "Ask it something first, or import the document that it was made of.",
  });
}

function checkedSecrets(redact: unknown): readonly RegExp[] | undefined {
  if (redact === undefined) return undefined;
  if (redact === true) return [];
  // By its kind: an expression of another realm is none of ours by `instanceof`.
  const isList =
    Array.isArray(redact) && redact.every((one) => Object.prototype.toString.call(one) === "[object RegExp]");
  if (isList) return redact as readonly RegExp[]; // checked
  throw invalidOption("redact", "true or a list of regular expressions", redact);
}

function descriptionOf({ id, title, directory, agent: now, model, metadata, time }: SessionInfo): SessionDescription {
  const { [nonceName]: _nonce, [ownMarkName]: _mark, ...own } = metadata ?? {};
  const agent = ownAgentOf(metadata) ?? now; // 1.x tells that of the last prompt
  const last = model && `${model.providerID}/${model.id}`;
  const mark = last === undefined ? undefined : ownMarkOf(metadata, last);
  const name = mark?.own ?? last;
  // The variant is that of the last prompt's model.
  const variant = mark !== undefined || model?.variant === "default" ? undefined : model?.variant;
  return {
    id,
    title,
    directory,
    ...(agent === undefined ? {} : { agent }),
    ...(name === undefined ? {} : { model: name }),
    ...(variant === undefined ? {} : { variant }),
    ...(Object.keys(own).length === 0 ? {} : { metadata: own }),
    created: time.created,
    updated: time.updated,
  };
}

/** The session of a sub-agent may have been deleted: its part is missing then, and `costKnown` says so. */
async function usageOf(session: SessionContext, messages: readonly Message[]): Promise<SessionUsage> {
  try {
    return await readUsage(session);
  } catch (error) {
    if (!(error instanceof SessionNotFoundError) || error.sessionId === session.sessionId) throw error;
    const { usage, cost } = expenseOf(messages.flatMap(({ info }) => (info.role === "assistant" ? [info] : [])));
    return { ...usage, cost, costKnown: false };
  }
}

/** The next prompt would delete what a revert hides. The server's own form of 2.x messages is left out. */
function shownMessages(messages: readonly Message[], revert: SessionInfo["revert"]): Message[] {
  const at = revert === undefined ? -1 : messages.findIndex(({ info }) => info.id === revert.messageID);
  const shown = at < 0 ? messages : messages.slice(0, at);
  return shown.map(({ info, parts }) => ({ info, parts }) as Message); // fewer fields of the same
}
