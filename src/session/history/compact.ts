/**
 * Replaces older messages by a summary. The server answers when it is done, which may take longer than a connection lives:
 * after a lost answer, or a late one, it is looked for in the messages, and asked for again only when it is not there.
 */
import type { AgentApi } from "../../api/agent-api.js";
import { isOutcomeUnknown, type ReadOptions, type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import { AgentError, APITimeoutError, ConfigError } from "../../errors/index.js";
import type { AssistantMessage, Part } from "../../types/answer.js";
import type { CompactOptions } from "../../types/session-options.js";
import { Stopwatch } from "../../util/clock.js";
import { mintId } from "../../util/ids.js";
import { recordProperty } from "../../util/json.js";
import { settled, settledBefore } from "../../util/settled.js";
import { knownRecord, noteSpending } from "../budget/session-spending.js";
import type { SessionContext } from "../context.js";
import { failureOf } from "../turn/agent-error.js";
import { parseModel } from "../turn/prompt.js";
import { readNewest } from "./newest.js";

/** ms between looks. */
const late = 2_000;
/** Newest messages that are looked through: a compaction writes two or three. */
const newest = 10;

/**
 * The model of the options, the session or its last turn makes the summary. Resolves when the summary is stored. Where none was made the server answers as if there were one, and tries again
 * in front of every prompt, which fails with it (1.18.33): what is left of the try is deleted, and the error of the model is thrown.
 * @param made is called with each summary that was made.
 * @throws AgentError and its subclasses.
 */
export async function compact(
  session: SessionContext,
  options: CompactOptions,
  made: (summary: AssistantMessage) => void,
): Promise<void> {
  const { connection, sessionId, defaults } = session;
  const { api, names } = await session.scope();
  const model = parseModel(options.model ?? defaults.model ?? (await lastModel(api, sessionId)));
  const { lifetime: signal, reconnectTimeout: retryTimeout } = connection;
  await names.validate({ model: `${model.providerID}/${model.modelID}` }, signal, { sessionId });
  const given: RetryOptions = { signal, retryTimeout, liveness: api.liveness };
  const summaries = async (call: ReadOptions): Promise<Summary[]> => {
    const messages = await readNewest(api, sessionId, { limit: newest, call });
    return messages.flatMap(({ info, parts }) => {
      const isSummary = info.role === "assistant" && info.summary === true && info.time.completed !== undefined;
      return isSummary ? [{ info, parts }] : [];
    });
  };
  const compaction = { ...model, messageId: mintId("msg") };
  const before = new Set((await retryTransient(summaries, given)).map(({ info }) => info.id));
  const look = async (): Promise<Summary | undefined> => {
    const found = (await retryTransient(summaries, given)).findLast(({ info }) => !before.has(info.id));
    if (found !== undefined) made(found.info);
    return found;
  };
  const post = () => settled(api.prompts.compact(sessionId, compaction, { signal }));
  const idle = new Stopwatch();
  let outcome = post();
  for (;;) {
    const result = await settledBefore(outcome, late, signal);
    if (result?.ok === true) return check(session, api, await look());
    if (result !== undefined && !isOutcomeUnknown(result.error)) throw result.error;
    const statuses = await retryTransient((call) => api.sessions.statuses(call), given);
    const isRunning = recordProperty(statuses, sessionId) !== undefined;
    const summary = isRunning ? undefined : await look();
    if (summary !== undefined) return check(session, api, summary);
    if (isRunning) idle.restart();
    else if (idle.lap(retryTimeout / 2) >= retryTimeout) throw result?.error ?? unanswered(sessionId, retryTimeout);
    else if (result !== undefined) outcome = post();
  }
}

/** An ended message that was to hold a summary. */
interface Summary {
  readonly info: AssistantMessage;
  readonly parts: readonly Part[];
}

/** Throws when there is no summary in it. `undefined`: the session had nothing to be summarized. */
async function check(session: SessionContext, api: AgentApi, message: Summary | undefined): Promise<void> {
  if (message === undefined) return;
  const { sessionId } = session;
  const { id, error, parentID } = message.info;
  const isEmpty = !message.parts.some((part) => part.type === "text" && part.text.trim() !== "");
  if (error === undefined && !isEmpty) return;
  const asked = await api.messages.get(sessionId, parentID);
  if (asked.parts.some(({ type }) => type === "compaction")) {
    // The try has cost something all the same.
    if ((await knownRecord(session, api)) !== undefined) await noteSpending(session, api);
    for (const messageId of [id, parentID]) await api.messages.delete(sessionId, messageId);
  }
  const hint = "The session is as it was. Try it with another model: compact({ model }).";
  if (error !== undefined) throw failureOf(error, { sessionId, hint });
  throw new AgentError("the model has written no summary", { sessionId, hint });
}

function unanswered(sessionId: string, retryTimeout: number): APITimeoutError {
  return new APITimeoutError(`the server has not begun to compact the session within ${retryTimeout} ms`, {
    sessionId,
  });
}

/** The model of the session's last turn, otherwise the server's default. Throws `ConfigError` when there is none. */
async function lastModel(api: AgentApi, sessionId: string): Promise<string> {
  for await (const { info } of api.messages.newestFirst(sessionId)) {
    if (info.role === "assistant") return `${info.providerID}/${info.modelID}`;
  }
  const { model } = await api.catalog.config();
  if (model !== undefined) return model;
  throw new ConfigError("there is no model to make the summary with", {
    sessionId,
    hint: "Give one: compact({ model }).",
  });
}
