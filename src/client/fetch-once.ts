/** One request and its answer: one try, without judging the answer. */
import { APIConnectionError, APIResponseValidationError, APITimeoutError } from "../errors/index.js";
import { monotonic } from "../util/clock.js";
import { type BodyFollower, followedBody, readText } from "./body.js";
import type { HttpAnswer } from "./http-answer.js";
import { fetchFollowing } from "./redirects.js";
import type { PreparedRequest } from "./request.js";
import { abortError, type RequestTimer, startRequestTimer } from "./request-timer.js";
import { answersText } from "./routes.js";
import { enter } from "./traffic.js";

/** An answer. */
export interface WireAnswer {
  readonly response: HttpAnswer;
  /** The body; empty for a stream. */
  readonly text: string;
  /** The `authorization` it was asked for with. */
  readonly credential: string | undefined;
  /** How the connection broke in the body of a refusal: its text is not whole then, and says nothing. */
  readonly cut?: APIConnectionError | undefined;
}

const maxErrorBytes = 64 * 1024;

/**
 * Sends the request once. Rejects with `APITimeoutError`, `APIAbortError`, `APIConnectionError`, with `APIStatusError` for a
 * redirect that is not followed, and with `APIResponseValidationError` for a body beyond the limit.
 */
export async function fetchOnce(request: PreparedRequest): Promise<WireAnswer> {
  const timer = startRequestTimer(request);
  let isHandedOver = false;
  let leave = (): void => {};
  const release = (): void => {
    timer.release();
    leave();
  };
  try {
    timer.signal.throwIfAborted();
    const value = request.authorization.header(timer);
    const credential = typeof value === "object" ? await value : value;
    const entered = enter(request.traffic, request, timer.signal);
    leave = typeof entered === "function" ? entered : await entered;
    timer.phase = "the response headers";
    const began = monotonic();
    const response = await fetchFollowing(request, credential, timer.signal);
    if (isAlive(response)) request.liveness.beat();
    if (request.isStream && response.ok) {
      isHandedOver = true;
      timer.stopClock();
      return {
        response: followedBody(response, streamFollower(request, timer.signal, release)),
        text: "",
        credential,
      };
    }
    timer.phase = "the response body";
    const body = await bodyText(request, response, timer);
    if (isRead(request)) request.liveness.answered(monotonic() - began);
    return { response, ...body, credential };
  } catch (error) {
    const explained = timer.explain(error);
    if (explained instanceof APITimeoutError && isRead(request)) request.liveness.late(request.timeout);
    else if (isCut(explained)) request.liveness.lost();
    if (isCut(explained) && request.liveness.ended !== undefined) throw request.liveness.ended;
    throw explained;
  } finally {
    if (!isHandedOver) release();
  }
}

/** The connection itself failed, not the time limit for it. */
function isCut(error: unknown): error is APIConnectionError {
  return error instanceof APIConnectionError && !(error instanceof APITimeoutError);
}

/** A gateway answers these for a server that does not. */
function isAlive({ status }: HttpAnswer): boolean {
  return status !== 502 && status !== 503 && status !== 504;
}

/** Other requests may be answered only when a run is over. */
function isRead({ method, isStream }: PreparedRequest): boolean {
  return method === "GET" && !isStream;
}

function streamFollower(request: PreparedRequest, signal: AbortSignal, release: () => void): BodyFollower {
  return { signal, release, aborted: () => abortError(request, signal.reason) };
}

async function bodyText(
  request: PreparedRequest,
  response: HttpAnswer,
  timer: RequestTimer,
): Promise<Pick<WireAnswer, "text" | "cut">> {
  if (response.ok) {
    const { status } = response;
    const garbled = answersText(request.path) ? undefined : () => notUtf8(request, status);
    const limit = { maxBytes: request.maxResponseBytes, tooLong: () => tooLong(request, status), garbled };
    return { text: await readText(response, limit, timer.signal) };
  }
  try {
    return { text: await readText(response, { maxBytes: maxErrorBytes }, timer.signal) };
  } catch (error) {
    if (request.signals.some((signal) => signal?.aborted)) throw error;
    const cut = timer.explain(error);
    if (isCut(cut)) return { text: "", cut };
    return { text: "" }; // the status alone says more than the loss of its explanation
  }
}

function tooLong({ method, path, maxResponseBytes }: PreparedRequest, status: number): APIResponseValidationError {
  return new APIResponseValidationError(`${method} ${path}: the answer is longer than ${maxResponseBytes} bytes`, {
    method,
    path,
    status,
    hint: "Ask for less (`limit`), or raise `maxResponseBytes`.",
  });
}

function notUtf8({ method, path }: PreparedRequest, status: number): APIResponseValidationError {
  // Silently repaired it would be a wrong text that looks like a right one (RFC 8259, section 8.1, demands UTF-8).
  return new APIResponseValidationError(`${method} ${path}: ${status} with a body that is not UTF-8`, {
    method,
    path,
    status,
  });
}
