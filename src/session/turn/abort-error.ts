/** What a turn rejects with that was stopped. */
import {
  AbortedError,
  type AgentError,
  type AgentErrorFacts,
  BudgetExceededError,
  IdleTimeoutError,
  ProviderRateLimitError,
  RunawayError,
  TurnTimeoutError,
} from "../../errors/index.js";

/** What a turn rejects with that was stopped from outside, or by one of its limits. */
export function toAbortError(reason: unknown, facts: AgentErrorFacts): AgentError {
  if (reason instanceof TurnTimeoutError)
    return new TurnTimeoutError(reason.message, { ...facts, spent: reason.spent });
  if (reason instanceof IdleTimeoutError) return new IdleTimeoutError(reason.message, facts);
  if (reason instanceof ProviderRateLimitError) {
    return new ProviderRateLimitError(reason.message, { ...facts, retryAt: reason.retryAt, hint: reason.hint });
  }
  if (reason instanceof BudgetExceededError) {
    const { limit, scope, used, max, hint } = reason;
    return new BudgetExceededError(reason.message, { ...facts, limit, scope, used, max, hint });
  }
  if (reason instanceof RunawayError) {
    const { tool, input, count, firstCallId, lastCallId } = reason;
    return new RunawayError(reason.message, { ...facts, tool, input, count, firstCallId, lastCallId });
  }
  return new AbortedError("the turn was aborted", { ...facts, cause: reason });
}
