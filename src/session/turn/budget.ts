/** What a turn may use: checked after every model step, sub-agents' included. */
import { BudgetExceededError } from "../../errors/index.js";
import type { AssistantMessage } from "../../types/answer.js";
import { sumUsage } from "../history/usage.js";

/** The limits; an absent one is none. */
export interface Budget {
  /** USD, by the server's price list. */
  readonly maxCost?: number | undefined;
  /** Model steps. */
  readonly maxSteps?: number | undefined;
  /** Tokens of all kinds. */
  readonly maxTokens?: number | undefined;
}

/** True when there is a limit at all. */
export function hasBudget({ maxCost, maxSteps, maxTokens }: Budget): boolean {
  return maxCost !== undefined || maxSteps !== undefined || maxTokens !== undefined;
}

/** A call that the provider refused was no use. */
export function answeredCalls(infos: readonly AssistantMessage[]): AssistantMessage[] {
  return infos.filter(({ error }) => error?.name !== "APIError");
}

/** The error for the first limit that is reached, given the messages of a run that goes on; `undefined` when none is. */
export function overBudget(budget: Budget, infos: readonly AssistantMessage[]): BudgetExceededError | undefined {
  const { maxCost, maxSteps, maxTokens } = budget;
  const cost = infos.reduce((sum, info) => sum + info.cost, 0);
  if (maxCost !== undefined && cost > maxCost) return exceeded("maxCost", cost, maxCost, "USD");
  const { total } = sumUsage(infos);
  if (maxTokens !== undefined && total > maxTokens) return exceeded("maxTokens", total, maxTokens, "tokens");
  const steps = infos.filter(({ summary, time }) => summary !== true && time.completed !== undefined).length;
  if (maxSteps !== undefined && steps >= maxSteps) return exceeded("maxSteps", steps, maxSteps, "model steps");
  return undefined;
}

function exceeded(limit: BudgetExceededError["limit"], used: number, max: number, unit: string): BudgetExceededError {
  const text = `the run was aborted: it has used ${used} ${unit} and was going on, with ${limit} ${max}`;
  return new BudgetExceededError(text, { limit, used, max });
}
