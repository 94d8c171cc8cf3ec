/**
 * The budget of a copy. It begins with what its original has left, whatever of the messages it has, and counts for itself from then on.
 * With a budget of its own it begins with all of it.
 */
import type { AgentApi } from "../../api/agent-api.js";
import type { SessionInfo } from "../../types/answer.js";
import type { BudgetLimits, Spending } from "../../types/budget.js";
import type { SessionContext } from "../context.js";
import { newRecord } from "./budget-record.js";
import { requireMetadata } from "./require-metadata.js";
import { noteSpending, readSpending, storeRecord } from "./session-spending.js";
import { minus, nothing } from "./spending.js";

/**
 * Called before the copy is made; the result is called with the copy.
 * @throws UnsupportedEndpointError for a budget of its own where the server cannot keep one.
 */
export async function copyBudget(
  session: SessionContext,
  api: AgentApi,
  original: SessionInfo,
  budget: BudgetLimits | undefined,
): Promise<(copy: SessionInfo) => Promise<void>> {
  if (budget !== undefined) requireMetadata(api, "fork({ budget })");
  const has = session.connection.budgets.records.learn(original) !== undefined;
  if (!has && budget === undefined) return async () => {};
  const { record, spent } = has ? await noteSpending(session, api) : { record: undefined, spent: nothing };
  const limits = budget ?? record?.limits ?? {};
  const before: Spending = budget === undefined ? spent : nothing;
  return async (copy) => {
    const context = { ...session, sessionId: copy.id };
    const scope = session.connection.scope(copy.directory);
    session.connection.budgets.records.set(copy.id, newRecord(limits));
    const { record: seen, spent: stored } = await readSpending({ ...context, scope: async () => scope }, scope.api);
    const copied = minus(stored, seen?.gone ?? nothing);
    const fresh = { limits, gone: minus(before, copied), seen: seen?.seen ?? { at: 0, ...copied } };
    await storeRecord(context, scope.api, fresh);
  };
}
