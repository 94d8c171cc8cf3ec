/** A request with its repeats: the loop around one try, and the wait between two. */
import pRetry from "p-retry";
import { linkSignals } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { authorized, failure, type PreparedRequest, type RetryState, start } from "./attempt.js";
import type { WireAnswer } from "./fetch-once.js";
import { abortError } from "./request-timer.js";
import { mayBeEmpty } from "./request-url.js";
import { decodeAnswer } from "./response.js";
import { isAmbiguous, isNotFoundSuccess, retryAfter, retryDelay, shouldRetry } from "./retry-rules.js";
import type { CallResult } from "./typed.js";

/** Sends a request, repeats it where that is safe, and gives the decoded answer. Rejects with a class of `errors.ts`. */
export function sendWithRetries(request: PreparedRequest): Promise<CallResult<unknown>> {
  const progress = start();
  return pRetry(() => tryOnce(request, progress), {
    retries: request.maxRetries,
    minTimeout: 0, // the wait is ours: p-retry's knows neither `retry-after` nor this jitter
    shouldRetry: ({ error }) => shouldRetry(error, request),
  });
}

async function tryOnce(request: PreparedRequest, progress: RetryState): Promise<CallResult<unknown>> {
  if (progress.failed !== undefined) await waitAfter(progress.failed, request, progress);
  try {
    return await tryNow(request, progress);
  } catch (error) {
    progress.failed = error;
    throw error;
  }
}

async function tryNow(request: PreparedRequest, progress: RetryState): Promise<CallResult<unknown>> {
  const answer = await inTurn(request, progress);
  const { response, text } = answer;
  if (response.ok) return { data: decodeAnswer(response, text, request), response };
  if (response.status === 404 && isDone(request, progress)) {
    request.logger.info(`${request.method} ${request.path}: 404 on the repeat, the first try was done`);
    return { data: request.shape === undefined && mayBeEmpty(request.path) ? undefined : true, response };
  }
  progress.retryAfter = retryAfter(response.headers);
  throw failure(request, answer);
}

/** When there is a place for it: the time that it waits for one is not counted in its own. */
async function inTurn(request: PreparedRequest, progress: RetryState): Promise<WireAnswer> {
  let leave = request.enter?.();
  if (leave instanceof Promise) {
    leave = await leave.catch((reason: unknown) => Promise.reject(abortError(request, reason)));
  }
  try {
    return await authorized(request, progress);
  } finally {
    leave?.();
  }
}

function isDone(request: PreparedRequest, progress: RetryState): boolean {
  const hasNothingToGive = request.shape === undefined || request.shape === "boolean";
  return progress.mayHaveHappened && hasNothingToGive && isNotFoundSuccess(request);
}

/** The wait before a repeat. Rejects with `APIAbortError` as soon as a signal ends it. */
async function waitAfter(error: unknown, request: PreparedRequest, progress: RetryState): Promise<void> {
  if (isAmbiguous(error)) progress.mayHaveHappened = true;
  const { method, path, logger, signals } = request;
  const wait = retryDelay(progress.tries, progress.retryAfter);
  const why = error instanceof Error ? error.message : String(error);
  logger.info(`${method} ${path}: try ${progress.tries} failed, again in ${Math.round(wait)} ms: ${why}`);
  const linked = linkSignals(...signals);
  try {
    await delay(wait, linked.signal);
  } catch (reason) {
    throw abortError(request, reason);
  } finally {
    linked.release();
  }
}
