/** A compaction within the budgets of its session and client. */
import { optionNames } from "../../types/option-names.js";
import type { CompactOptions } from "../../types/session-options.js";
import { checkOptions } from "../../util/check-options.js";
import { mintId } from "../../util/ids.js";
import type { SessionContext } from "../context.js";
import { compact } from "../history/compact.js";
import { turnBudgets } from "./turn-budgets.js";

/** Compacts. Rejects with `BudgetExceededError` before a model is called when nothing is left. */
export async function compactSession(session: SessionContext, options: CompactOptions): Promise<void> {
  checkOptions(options, optionNames.compact, "compact()");
  const { lifetime: signal, reconnectTimeout: retryTimeout } = session.connection;
  const scope = await session.scope();
  const retryOptions = { signal, retryTimeout, liveness: scope.api.liveness };
  const budgets = await turnBudgets({ session, scope, retryOptions }, { messageId: mintId("msg") }, false);
  await compact(session, options, (summary) => budgets.report([summary]));
}
