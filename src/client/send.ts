/** A request with its repeats: the loop around {@link exchange}, with credentials, statuses and log lines. */
import pRetry from "p-retry";
import type { APIStatusError, ConfigError } from "../errors.js";
import { linkedController } from "../internal/abort.js";
import { delay } from "../internal/delay.js";
import type { LevelLogger } from "../internal/logger.js";
import type { Authorization } from "./auth.js";
import { discard } from "./body.js";
import { checkEventStream, decodeAnswer, type Expectation } from "./decode.js";
import { exchange, type WireAnswer, type WireRequest } from "./exchange.js";
import { isDoneWhenMissing, mayHaveHappened, retryAfter, retryDelay, shouldRepeat } from "./retry.js";
import { mayBeEmpty } from "./route.js";
import { statusError } from "./status-error.js";
import type { CallResult } from "./typed.js";
import { abortError } from "./watch.js";

/** A request, and what is needed to see it through. */
export interface PreparedRequest extends WireRequest, Expectation {
  readonly authorization: Authorization;
  readonly maxRetries: number;
  readonly logger: LevelLogger;
}

/** What one call remembers from try to try. */
interface Progress {
  tries: number;
  /** What the last answer asked to wait, in ms. */
  retryAfter: number | undefined;
  /** True once a try may have had its effect without our learning of it. */
  mayHaveHappened: boolean;
  hasNewToken: boolean;
}

const start = (): Progress => ({ tries: 0, retryAfter: undefined, mayHaveHappened: false, hasNewToken: false });

/** Sends a request, repeats it where that is safe, and gives the decoded answer. Rejects with a class of `errors.ts`. */
export function send(request: PreparedRequest): Promise<CallResult<unknown>> {
  const progress = start();
  return pRetry(() => tryOnce(request, progress), {
    retries: request.maxRetries,
    minTimeout: 0, // the wait is ours: p-retry's knows neither `retry-after` nor this jitter
    shouldRetry: ({ error }) => waitToRepeat(error, request, progress),
  });
}

/** Opens an event stream: one try, and the body left to the caller. Rejects as {@link send} does. */
export async function openStream(request: PreparedRequest): Promise<Response> {
  const { response, text } = await authorized(request, start());
  if (!response.ok) throw failure(request, response, text);
  try {
    checkEventStream(response, request);
    return response;
  } catch (error) {
    discard(response.body);
    throw error;
  }
}

async function tryOnce(request: PreparedRequest, progress: Progress): Promise<CallResult<unknown>> {
  const { response, text } = await authorized(request, progress);
  if (response.ok) return { data: decodeAnswer(response, text, request), response };
  if (response.status === 404 && isDone(request, progress)) {
    request.logger.info(`${request.method} ${request.path}: 404 on the repeat, the first try was done`);
    return { data: request.shape === undefined && mayBeEmpty(request.path) ? undefined : true, response };
  }
  progress.retryAfter = retryAfter(response.headers);
  throw failure(request, response, text);
}

function isDone(request: PreparedRequest, progress: Progress): boolean {
  const hasNothingToGive = request.shape === undefined || request.shape === "boolean";
  return progress.mayHaveHappened && hasNothingToGive && isDoneWhenMissing(request);
}

/** One exchange; a refused token is asked for again once per call. (A 401 says that nothing was done.) */
async function authorized(request: PreparedRequest, progress: Progress): Promise<WireAnswer> {
  progress.tries += 1;
  progress.retryAfter = undefined;
  const answer = await logged(request, progress);
  if (answer.response.status !== 401 || progress.hasNewToken) return answer;
  if (!request.authorization.renew(answer.credential)) return answer;
  progress.hasNewToken = true;
  return logged(request, progress);
}

/** Lines for `debug`: method, path, status, time. Never headers, bodies or the query. */
async function logged(request: PreparedRequest, { tries }: Progress): Promise<WireAnswer> {
  const { logger, method, path, authorization } = request;
  if (!logger.isDebug) return exchange(request, authorization.header);
  logger.debug(`${method} ${path} (try ${tries})`);
  const started = performance.now();
  const elapsed = (): string => `${Math.round(performance.now() - started)} ms (try ${tries})`;
  try {
    const answer = await exchange(request, authorization.header);
    logger.debug(`${method} ${path} -> ${answer.response.status} in ${elapsed()}`);
    return answer;
  } catch (error) {
    logger.debug(`${method} ${path} -> ${error instanceof Error ? error.name : "failure"} in ${elapsed()}`);
    throw error;
  }
}

function failure(request: PreparedRequest, response: Response, bodyText: string): APIStatusError | ConfigError {
  const { method, path, authorization, headers } = request;
  const authenticated = authorization.present || headers["authorization"] !== undefined;
  return statusError({ status: response.status, headers: response.headers, bodyText, method, path, authenticated });
}

/** False when the failure is final; otherwise true, after the wait. Rejects with `APIAbortError` as soon as a signal ends it. */
async function waitToRepeat(error: Error, request: PreparedRequest, progress: Progress): Promise<boolean> {
  if (!shouldRepeat(error, request)) return false;
  if (mayHaveHappened(error)) progress.mayHaveHappened = true;
  const { method, path, logger, signals } = request;
  const wait = retryDelay(progress.tries, progress.retryAfter);
  logger.info(`${method} ${path}: try ${progress.tries} failed, again in ${Math.round(wait)} ms: ${error.message}`);
  const linked = linkedController(...signals);
  try {
    await delay(wait, linked.signal);
    return true;
  } catch (reason) {
    throw abortError(request, reason);
  } finally {
    linked.release();
  }
}
