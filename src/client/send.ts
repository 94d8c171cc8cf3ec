/**
 * One request, from its first try to its answer. After a failure `p-retry` runs the tries; what is repeated, and after how long, is in
 * `retry-rules.ts`; one try is in `fetch-once.ts`.
 */
import pRetry from "p-retry";
import { type APIStatusError, type ConfigError, OpencodeError } from "../errors/index.js";
import { linkSignals } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { withFacts } from "./answer-facts.js";
import { discard } from "./body.js";
import { fetchOnce, type WireAnswer } from "./fetch-once.js";
import { type HttpAnswer, responseOf } from "./http-answer.js";
import type { PreparedRequest } from "./request.js";
import { abortError } from "./request-timer.js";
import { checkEventStream, decodeAnswer } from "./response.js";
import { isAmbiguous, isNotFoundSuccess, retryAfter, retryDelay, shouldRetry } from "./retry-rules.js";
import { mayBeEmpty } from "./routes.js";
import { statusError } from "./status-error.js";
import type { CallResult } from "./typed.js";

/** Sends a request, repeats it where that is safe, and gives the decoded answer. Rejects with a class of `errors/`. */
export async function send(request: PreparedRequest): Promise<CallResult<unknown>> {
  const tries = new Tries(request);
  let result: CallResult<unknown>;
  try {
    result = await tries.next(1);
  } catch (error) {
    return repeat(request, tries, error);
  }
  const ended = request.signals.find((signal) => signal?.aborted);
  if (ended !== undefined) throw abortError(request, ended.reason);
  return result;
}

/** Repeats a request whose first try has failed. */
async function repeat(request: PreparedRequest, tries: Tries, failed: unknown): Promise<CallResult<unknown>> {
  const isFinal = request.maxRetries === 0 || !shouldRetry(failed, request);
  if (isFinal && failed instanceof OpencodeError) throw failed;
  const { method, path, logger } = request;
  const { signal, release } = linkSignals(...request.signals);
  try {
    return await pRetry((number) => (number === 1 ? Promise.reject(failed) : tries.next(number)), {
      signal,
      retries: request.maxRetries,
      shouldRetry: ({ error }) => shouldRetry(error, request),
      minTimeout: 0, // the whole wait is below: p-retry's own could only be added to what the server asks for
      onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
        if (retriesLeft === 0 || !shouldRetry(error, request)) return;
        if (isAmbiguous(error)) tries.mayHaveHappened = true;
        const wait = retryDelay(attemptNumber, tries.asked);
        const again = `again in ${Math.round(wait)} ms: ${error.message}`;
        logger.info(`${method} ${path}: try ${attemptNumber} failed, ${again}`);
        await delay(wait, signal);
      },
    });
  } catch (error) {
    // Between the tries it is the signal's reason itself, or p-retry's complaint about one that is no error.
    const isReason = signal.aborted && (error === signal.reason || !(error instanceof OpencodeError));
    throw isReason ? abortError(request, signal.reason) : error;
  } finally {
    release();
  }
}

/** The tries of one request. */
class Tries {
  /** What the last answer asked to wait, in ms. */
  asked: number | undefined;
  /** True once a try may have had its effect without our learning of it. */
  mayHaveHappened = false;
  readonly #request: PreparedRequest;

  constructor(request: PreparedRequest) {
    this.#request = request;
  }

  /** Makes the try of this number. */
  async next(number: number): Promise<CallResult<unknown>> {
    const request = this.#request;
    this.asked = undefined;
    const answer = await inTurn(request, number);
    const { response } = answer;
    if (response.ok) return resultOf(decoded(request, answer), response);
    if (response.status === 404 && this.mayHaveHappened && isDoneWhenMissing(request)) {
      const { method, path, logger } = request;
      logger.info(`${method} ${path}: 404 on the repeat, the first try was done`);
      return resultOf(request.shape === undefined && mayBeEmpty(path) ? undefined : true, response);
    }
    this.asked = retryAfter(response.headers);
    throw refusal(request, answer);
  }
}

function decoded(request: PreparedRequest, answer: WireAnswer): unknown {
  try {
    return decodeAnswer(answer.response, answer.text, request);
  } catch (error) {
    throw error instanceof OpencodeError ? withFacts(error, answer, request.conceal) : error;
  }
}

/** The `Response` is made when it is looked at: mostly nobody does. */
function resultOf(data: unknown, answer: HttpAnswer): CallResult<unknown> {
  let response: Response | undefined;
  return {
    data,
    get response() {
      response ??= responseOf(answer, { isRead: true });
      return response;
    },
  };
}

/** Opens an event stream: one try, and the body left to the caller. Rejects as every call of the client does. */
export async function openStream(request: PreparedRequest): Promise<HttpAnswer> {
  const answer = await authorized(request, 1);
  const { response } = answer;
  if (!response.ok) throw refusal(request, answer);
  try {
    checkEventStream(response, request);
    return response;
  } catch (error) {
    discard(response.body);
    throw error;
  }
}

/** When there is a place for it: the time that it waits for one is not counted in its own. */
async function inTurn(request: PreparedRequest, tries: number): Promise<WireAnswer> {
  let leave = request.enter?.();
  if (leave instanceof Promise) {
    leave = await leave.catch((reason: unknown) => Promise.reject(abortError(request, reason)));
  }
  try {
    return await authorized(request, tries);
  } finally {
    leave?.();
  }
}

/** One exchange; a refused token is asked for again once per call. (A 401 says that nothing was done.) */
async function authorized(request: PreparedRequest, tries: number): Promise<WireAnswer> {
  const answer = await exchange(request, tries);
  const isStale = answer.response.status === 401 && request.authorization.renew(answer.credential);
  return isStale ? exchange(request, tries) : answer;
}

function exchange(request: PreparedRequest, tries: number): Promise<WireAnswer> {
  return request.logger.isDebug ? logged(request, tries) : fetchOnce(request);
}

/** Lines for `debug`: method, path, status, time. Never headers, bodies or the query. */
async function logged(request: PreparedRequest, tries: number): Promise<WireAnswer> {
  const { logger, method, path } = request;
  logger.debug(`${method} ${path} (try ${tries})`);
  const started = performance.now();
  const elapsed = (): string => `${Math.round(performance.now() - started)} ms (try ${tries})`;
  try {
    const answer = await fetchOnce(request);
    logger.debug(`${method} ${path} -> ${answer.response.status} in ${elapsed()}`);
    return answer;
  } catch (error) {
    logger.debug(`${method} ${path} -> ${error instanceof Error ? error.name : "failure"} in ${elapsed()}`);
    throw error;
  }
}

function isDoneWhenMissing(request: PreparedRequest): boolean {
  const hasNothingToGive = request.shape === undefined || request.shape === "boolean";
  return hasNothingToGive && isNotFoundSuccess(request);
}

/** The error for an answer that is not a success. */
function refusal(request: PreparedRequest, answer: WireAnswer): APIStatusError | ConfigError {
  const { response, text: bodyText, cut: cause } = answer;
  const { method, path, authorization, headers, conceal } = request;
  const authenticated = authorization.present || headers["authorization"] !== undefined;
  const { status } = response;
  const facts = { status, headers: response.headers, bodyText, method, path, authenticated, conceal, cause };
  return withFacts(statusError(facts), answer, conceal);
}
