/**
 * Replaces older messages by a summary. The server answers when it is done, which may take longer than a connection lives:
 * after a lost answer, or a late one, it is looked for in the messages, and asked for again only when it is not there.
 */
import type { OpencodeClient } from "../client/client.js";
import { APITimeoutError } from "../errors.js";
import { Stopwatch } from "../internal/clock.js";
import { recordProperty } from "../internal/json.js";
import { settled, settledWithin } from "../internal/settled.js";
import { readNewest } from "./history.js";
import { isLost, type Patience, persist, type ReadOptions } from "./patience.js";

/** ms between looks. */
const late = 2_000;
/** Newest messages that are looked through: a compaction writes two or three. */
const newest = 10;

/** `model` makes the summary. Resolves when it is there, or has failed: the server does not tell them apart. */
export async function compactSession(
  client: OpencodeClient,
  sessionId: string,
  model: { readonly providerID: string; readonly modelID: string },
  given: Patience,
): Promise<void> {
  const { signal, patience } = given;
  const params = { path: { sessionID: sessionId } };
  const summaries = async (call: ReadOptions): Promise<string[]> => {
    const messages = await readNewest(client, sessionId, { limit: newest, call });
    return messages.flatMap(({ info }) =>
      info.role === "assistant" && info.summary === true && info.time.completed !== undefined ? [info.id] : [],
    );
  };
  const before = new Set(await persist(summaries, given));
  const post = () =>
    settled(client.POST("/session/{sessionID}/summarize", { params, body: model, timeout: 0, signal }));
  const idle = new Stopwatch();
  let outcome = post();
  for (;;) {
    const result = await settledWithin(outcome, late, signal);
    if (result?.ok === true) return;
    if (result !== undefined && !isLost(result.error)) throw result.error;
    const { data } = await persist((call) => client.GET("/session/status", call), given);
    const isRunning = recordProperty(data, sessionId) !== undefined;
    if (!isRunning && (await persist(summaries, given)).some((id) => !before.has(id))) return;
    if (isRunning) idle.restart();
    else if (idle.lap(patience / 2) >= patience) throw result?.error ?? unanswered(sessionId, patience);
    else if (result !== undefined) outcome = post();
  }
}

function unanswered(sessionId: string, patience: number): APITimeoutError {
  return new APITimeoutError(`the server has not begun to compact the session within ${patience} ms`, { sessionId });
}
