/** Which failures of a model are a reason to go on with another one: one table, which `docs/errors.md` has in words. */
import { type AgentError, isOpencodeError } from "../../errors/index.js";
import type { FallbackReason } from "../../types/event.js";

/** One row. A failure of one of the classes, or an `AgentError` of which one of the others holds. */
interface ReasonRow {
  readonly reason: FallbackReason;
  /** Names of error classes. */
  readonly errors: readonly AgentError["name"][];
  /** HTTP status of the provider's answer: from, to. */
  readonly statuses?: readonly (readonly [number, number])[];
  /** Words of the failure. */
  readonly words?: RegExp;
  /** Also a call of the model that was not answered: no status. */
  readonly isUnanswered?: true;
}

/** In order: the first row that fits counts. */
export const fallbackReasons: readonly ReasonRow[] = [
  { reason: "rate-limit", errors: ["ProviderRateLimitError"] },
  { reason: "auth", errors: ["ProviderAuthError"], statuses: [[402, 402]] },
  { reason: "context-overflow", errors: ["ContextOverflowError"], statuses: [[413, 413]] },
  { reason: "content-filter", errors: ["ContentFilterError"] },
  {
    reason: "outage",
    errors: [],
    statuses: [
      [408, 408],
      [500, 599],
    ],
    // Sent inside of the answer, it has no status (1.18.33).
    words:
      /overloaded|server_error|service.?unavailable|temporarily unavailable|at capacity|(connection|socket) (was )?(reset|closed|refused)|ECONN(RESET|REFUSED)/i,
    isUnanswered: true,
  },
];

/** The reason; `undefined` for a failure that another model would not cure, and for an end that was wanted. */
export function reasonOf(failure: unknown): FallbackReason | undefined {
  if (!isOpencodeError(failure)) return undefined;
  return fallbackReasons.find((row) => fits(row, failure as AgentError))?.reason; // asked for its name only
}

function fits({ errors, statuses = [], words, isUnanswered }: ReasonRow, failure: AgentError): boolean {
  if (errors.includes(failure.name)) return true;
  if (failure.name !== "AgentError") return false;
  const { status, serverName, retryable, message } = failure;
  if (status !== undefined) return statuses.some(([from, to]) => status >= from && status <= to);
  if (isUnanswered === true && serverName === "APIError" && retryable) return true;
  return words !== undefined && serverName !== undefined && words.test(message);
}
