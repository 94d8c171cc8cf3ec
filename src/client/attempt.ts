/** One try of a prepared request: credentials, log lines, and the error for a refusal. */
import type { APIStatusError, ConfigError } from "../errors/index.js";
import type { LevelLogger } from "../util/logger.js";
import type { Authorization } from "./auth.js";
import type { Leave } from "./concurrency-limit.js";
import { fetchOnce, type WireAnswer, type WireRequest } from "./fetch-once.js";
import type { Expectation } from "./response.js";
import { statusError } from "./status-error.js";

/** A request, and what is needed to see it through. */
export interface PreparedRequest extends WireRequest, Expectation {
  readonly authorization: Authorization;
  readonly maxRetries: number;
  /** Resolves when it may be sent; the result is called when it is over. `undefined`: at once. */
  readonly enter: (() => Leave | Promise<Leave>) | undefined;
  readonly logger: LevelLogger;
}

/** What one call remembers from try to try. */
export interface RetryState {
  tries: number;
  /** Why the last try failed. */
  failed: unknown;
  /** What the last answer asked to wait, in ms. */
  retryAfter: number | undefined;
  /** True once a try may have had its effect without our learning of it. */
  mayHaveHappened: boolean;
  hasNewToken: boolean;
}

/** Nothing has been tried yet. */
export function start(): RetryState {
  return { tries: 0, failed: undefined, retryAfter: undefined, mayHaveHappened: false, hasNewToken: false };
}

/** One exchange; a refused token is asked for again once per call. (A 401 says that nothing was done.) */
export async function authorized(request: PreparedRequest, progress: RetryState): Promise<WireAnswer> {
  progress.tries += 1;
  progress.retryAfter = undefined;
  const answer = await logged(request, progress);
  if (answer.response.status !== 401 || progress.hasNewToken) return answer;
  if (!request.authorization.renew(answer.credential)) return answer;
  progress.hasNewToken = true;
  return logged(request, progress);
}

/** Lines for `debug`: method, path, status, time. Never headers, bodies or the query. */
async function logged(request: PreparedRequest, { tries }: RetryState): Promise<WireAnswer> {
  const { logger, method, path, authorization } = request;
  if (!logger.isDebug) return fetchOnce(request, authorization.header);
  logger.debug(`${method} ${path} (try ${tries})`);
  const started = performance.now();
  const elapsed = (): string => `${Math.round(performance.now() - started)} ms (try ${tries})`;
  try {
    const answer = await fetchOnce(request, authorization.header);
    logger.debug(`${method} ${path} -> ${answer.response.status} in ${elapsed()}`);
    return answer;
  } catch (error) {
    logger.debug(`${method} ${path} -> ${error instanceof Error ? error.name : "failure"} in ${elapsed()}`);
    throw error;
  }
}

/** The error for an answer that is not a success. */
export function failure(
  request: PreparedRequest,
  { response, text: bodyText, cut: cause }: Pick<WireAnswer, "response" | "text" | "cut">,
): APIStatusError | ConfigError {
  const { method, path, authorization, headers } = request;
  const authenticated = authorization.present || headers["authorization"] !== undefined;
  const { status } = response;
  const { conceal } = request;
  return statusError({ status, headers: response.headers, bodyText, method, path, authenticated, conceal, cause });
}
