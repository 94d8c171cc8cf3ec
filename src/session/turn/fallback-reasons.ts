/** Which failures of a model are a reason to go on with another one: one table, which `docs/errors.md` has in words. */
import { type AgentError, isOpencodeError, type ProviderRateLimitError } from "../../errors/index.js";
import type { AgentEvent, FallbackReason } from "../../types/event.js";

/** Words of an outage that the provider sends inside of the answer: such a failure has no status (1.18.33). */
const outageWords =
  /overloaded|server.error|service.?unavailable|temporarily unavailable|bad gateway|gateway time-?out|at capacity|(connection|socket) (was )?(reset|closed|refused)|ECONN(RESET|REFUSED)/i;
const limitWords = /\b429\b|rate.?limit|too many|quota|exhausted|usage limit/i;

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

type RetryEvent = Extract<AgentEvent, { readonly type: "retry" }>;

/** A wait of the server before it calls the model again, longer than `maxRetryWait`. */
export interface LongWait {
  readonly retry: Pick<RetryEvent, "sessionId" | "attempt" | "message" | "next">;
  /** From now on, in ms. */
  readonly wait: number;
  /** The failure of a turn that has no other model. */
  readonly error: ProviderRateLimitError;
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
    words: outageWords,
    isUnanswered: true,
  },
];

/** The reason; `undefined` for a failure that another model would not cure, and for an end that was wanted. */
export function reasonOf(failure: unknown): FallbackReason | undefined {
  if (!isOpencodeError(failure)) return undefined;
  return fallbackReasons.find((row) => fits(row, failure as AgentError))?.reason; // asked for its name only
}

/**
 * Returns true if the model is out of order, false if its rate limit is reached. The server tells only words of the failure. Where they are of neither kind, its own back-off tells an outage (two seconds, doubled each time,
 * and up to a quarter more; 1.18.33): a longer wait was asked for by the provider.
 */
export function isOutageWait({ retry: { attempt, message }, wait }: LongWait): boolean {
  if (limitWords.test(message)) return false;
  return outageWords.test(message) || wait <= 2_000 * 2 ** (attempt - 1) * 1.25;
}

function fits({ errors, statuses = [], words, isUnanswered }: ReasonRow, failure: AgentError): boolean {
  if (errors.includes(failure.name)) return true;
  if (failure.name !== "AgentError") return false;
  const { status, serverName, retryable, message } = failure;
  if (status !== undefined) return statuses.some(([from, to]) => status >= from && status <= to);
  if (isUnanswered === true && serverName === "APIError" && retryable) return true;
  return words !== undefined && serverName !== undefined && words.test(message);
}
