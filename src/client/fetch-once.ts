/** One request and its answer: one try, without judging the answer. */
import { APIConnectionError, APIResponseValidationError, APIStatusError, APITimeoutError } from "../errors/index.js";
import { raceAbort } from "../util/abort.js";
import { monotonic } from "../util/clock.js";
import type { Authorization } from "./auth.js";
import { type BodyFollower, discard, followedBody, readText } from "./body.js";
import type { Liveness } from "./liveness.js";
import { fetchFor } from "./loopback-fetch.js";
import { abortError, type RequestTimer, startRequestTimer, type TimedRequest } from "./request-timer.js";
import { answersText } from "./request-url.js";
import { enter, type Traffic } from "./traffic.js";

/** A request, ready to be sent any number of times. */
export interface WireRequest extends TimedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly maxResponseBytes: number;
  /** True: the body of a successful answer is left to the caller, and the clock stops at the headers. */
  readonly isStream: boolean;
  /** Told of every sign of life. */
  readonly liveness: Liveness;
  readonly traffic: Traffic | undefined;
}

/** An answer. */
export interface WireAnswer {
  readonly response: Response;
  /** The body; empty for a stream. */
  readonly text: string;
  /** The `authorization` it was asked for with. */
  readonly credential: string | undefined;
  /** How the connection broke in the body of a refusal: its text is not whole then, and says nothing. */
  readonly cut?: APIConnectionError | undefined;
}

const maxErrorBytes = 64 * 1024;
const maxRedirects = 5;

/**
 * Sends the request once. Rejects with `APITimeoutError`, `APIAbortError`, `APIConnectionError`, with `APIStatusError` for a
 * redirect that is not followed, and with `APIResponseValidationError` for a body beyond the limit.
 */
export async function fetchOnce(request: WireRequest, authorization: Authorization["header"]): Promise<WireAnswer> {
  const watching = startRequestTimer(request);
  let isHandedOver = false;
  let leave = (): void => {};
  const release = (): void => {
    watching.release();
    leave();
  };
  try {
    watching.signal.throwIfAborted();
    const value = authorization(watching);
    const credential = typeof value === "object" ? await value : value;
    leave = await enter(request.traffic, request, watching.signal);
    watching.phase = "the response headers";
    const began = monotonic();
    const response = await followed(request, credential, watching.signal);
    if (isAlive(response)) request.liveness.beat();
    if (request.isStream && response.ok) {
      isHandedOver = true;
      watching.stopClock();
      return {
        response: followedBody(response, streamFollower(request, watching.signal, release)),
        text: "",
        credential,
      };
    }
    watching.phase = "the response body";
    const body = await bodyText(request, response, watching);
    if (isRead(request)) request.liveness.answered(monotonic() - began);
    return { response, ...body, credential };
  } catch (error) {
    const explained = watching.explain(error);
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
function isAlive({ status }: Response): boolean {
  return status !== 502 && status !== 503 && status !== 504;
}

/** Other requests may be answered only when a run is over. */
function isRead({ method, isStream }: WireRequest): boolean {
  return method === "GET" && !isStream;
}

function streamFollower(request: WireRequest, signal: AbortSignal, release: () => void): BodyFollower {
  return { signal, release, aborted: () => abortError(request, signal.reason) };
}

async function bodyText(
  request: WireRequest,
  response: Response,
  watching: RequestTimer,
): Promise<Pick<WireAnswer, "text" | "cut">> {
  if (response.ok) {
    const { status } = response;
    const garbled = answersText(request.path) ? undefined : () => notUtf8(request, status);
    const limit = { maxBytes: request.maxResponseBytes, tooLong: () => tooLong(request, status), garbled };
    return { text: await readText(response, limit, watching.signal) };
  }
  try {
    return { text: await readText(response, { maxBytes: maxErrorBytes }, watching.signal) };
  } catch (error) {
    if (request.signals.some((signal) => signal?.aborted)) throw error;
    const cut = watching.explain(error);
    if (isCut(cut)) return { text: "", cut };
    return { text: "" }; // the status alone says more than the loss of its explanation
  }
}

function tooLong({ method, path, maxResponseBytes }: WireRequest, status: number): APIResponseValidationError {
  return new APIResponseValidationError(`${method} ${path}: the answer is longer than ${maxResponseBytes} bytes`, {
    method,
    path,
    status,
    hint: "Ask for less (`limit`), or raise `maxResponseBytes`.",
  });
}

function notUtf8({ method, path }: WireRequest, status: number): APIResponseValidationError {
  // Silently repaired it would be a wrong text that looks like a right one (RFC 8259, section 8.1, demands UTF-8).
  return new APIResponseValidationError(`${method} ${path}: ${status} with a body that is not UTF-8`, {
    method,
    path,
    status,
  });
}

/**
 * `fetch` with redirects followed by hand: only reads, only within the origin. `fetch` itself would send our headers, the
 * directory and the prompt among them, wherever a `location` points to.
 */
async function followed(request: WireRequest, credential: string | undefined, signal: AbortSignal): Promise<Response> {
  const { method, headers, body } = request;
  // Unbound: browsers refuse `fetch` as a method of another object.
  const fetch = request.fetch ?? fetchFor(request.origin);
  const init: RequestInit = {
    method,
    headers: credential === undefined ? headers : { authorization: credential, ...headers },
    redirect: "manual",
    signal,
    ...(body === undefined ? {} : { body }),
  };
  let url = request.url;
  for (let hops = 0; ; hops++) {
    const answer = fetch(url, init);
    dropLate(answer, signal);
    const response = await raceAbort(answer, signal);
    const target = redirectTarget(request, response, url);
    if (target === undefined) return response;
    discard(response.body);
    if (hops === maxRedirects || !isFollowed(method, target, request.origin))
      throw redirectError(request, response, target);
    url = target.href;
  }
}

/** A `fetch` that ignores the signal may answer when nobody waits any more: its connection must not stay open. */
function dropLate(answer: Promise<Response>, signal: AbortSignal): void {
  answer.then(
    (response) => signal.aborted && discard(response.body),
    () => {}, // whoever waits for the answer is told
  );
}

function isFollowed(method: string, target: URL, origin: string): boolean {
  return (method === "GET" || method === "HEAD") && target.origin === origin;
}

function redirectTarget(request: WireRequest, response: Response, url: string): URL | undefined {
  if (response.type === "opaqueredirect") {
    const { method, path, origin } = request;
    throw new APIConnectionError(`${method} ${path}: ${origin} redirects elsewhere; a browser does not tell where to`, {
      method,
      path,
      hint: "Use the address it redirects to as `baseUrl`.",
      retryable: false,
    });
  }
  const location = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
  return location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined;
}

function redirectError({ method, path, conceal }: WireRequest, { status }: Response, target: URL): APIStatusError {
  const origin = conceal(target.origin);
  return new APIStatusError(`${method} ${path}: ${status} redirects to ${origin}, which is not followed`, {
    method,
    path,
    status,
    hint: "Only reads are followed, at most 5 times, and within one origin. If it is the server's address, use it as `baseUrl`.",
  });
}
