/** Steers of a run that was stopped: they are taken out of the conversation, so that the next prompt is not answered with them. */
import { isTransient } from "../../client/retry-transient.js";
import { ConflictError } from "../../errors/index.js";
import { linkSignals } from "../../util/abort.js";
import { delay } from "../../util/delay.js";
import { messageOf } from "../../util/error-message.js";
import type { DirectoryContext, SessionContext } from "../context.js";
import type { PromptBody } from "./prompt.js";

/** How long it is tried, in ms. The conversation is in order without it, too. */
const longest = 5_000;
const between = 100;

/** Takes steers back that the model was not asked with. Never rejects. */
export async function dropSteers(session: SessionContext, steers: readonly PromptBody[]): Promise<void> {
  if (steers.length === 0) return;
  const { client, lifetime } = session.connection;
  const limit = linkSignals(lifetime);
  const timer = setTimeout(() => limit.abort(), longest);
  try {
    const scope = await session.scope();
    for (const body of steers) await dropSteer(scope, session.sessionId, body, limit.signal);
  } catch (error) {
    client.logger.debug(`a steer could not be taken back: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
    limit.release();
  }
}

/** One that has arrived after the end of the run has begun another, which is ended first. */
async function dropSteer(
  { api }: DirectoryContext,
  sessionId: string,
  body: PromptBody,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await api.prompts.dropSteer(sessionId, body, { signal });
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof ConflictError || isTransient(error))) throw error;
      if (error instanceof ConflictError) await api.prompts.abort(sessionId, { signal });
      await delay(between, signal);
    }
  }
}
