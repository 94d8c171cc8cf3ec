/** Copies a session on the server. */
import type { SessionInfo } from "../types/answer.js";
import { optionNames } from "../types/option-names.js";
import type { ForkOptions } from "../types/session-options.js";
import { checkOptions } from "../util/check-options.js";
import { checkBudget } from "./budget/check-budget.js";
import { copyBudget } from "./budget/copy-budget.js";
import type { SessionContext } from "./context.js";
import { forkFailure } from "./fork-error.js";

/** A copy up to before `messageId`, or of all of it, with its rules and tools. */
export async function forkSession(session: SessionContext, options: ForkOptions): Promise<SessionInfo> {
  const { connection, sessionId, scope } = session;
  checkOptions(options, optionNames.fork, "fork()");
  const { messageId, budget } = options;
  checkBudget(budget);
  const { api } = await scope();
  const original = await api.sessions.get(sessionId);
  const handOn = await copyBudget(session, api, original, budget);
  const copy = await api.sessions
    .fork(sessionId, messageId)
    .catch(async (error: unknown) => Promise.reject(await forkFailure(api, sessionId, messageId, error)));
  const { sessions } = connection.scope(copy.directory).api;
  try {
    // The server's copy has none of the session's rules (1.18.33): it would do unasked what the session may not do.
    const { permission: addedRules } = original;
    if (addedRules !== undefined) {
      const removedRules = api.capabilities.handsOnRules ? ("all" as const) : undefined; // there it may have them
      await sessions.update(copy.id, { addedRules, removedRules });
    }
    await handOn(copy);
  } catch (error) {
    // Nobody is to find a copy that may do or spend more than its original.
    await sessions.delete(copy.id).catch((failure: unknown) => {
      api.logger.warn(
        `the copy ${copy.id} has not all that its original has, and cannot be deleted: ${String(failure)}`,
      );
    });
    throw error;
  }
  connection.tools?.share(sessionId, copy.id);
  connection.permissionContext.borrowed.share(sessionId, copy.id);
  return copy;
}
