/**
 * Redirects are followed by hand: only reads, only within the origin. `fetch` itself would send our headers, the directory and the
 * prompt among them, wherever a `location` points to.
 */
import { APIConnectionError, APIStatusError } from "../errors/index.js";
import { onAbort } from "../util/abort.js";
import { discard } from "./body.js";
import type { HttpAnswer } from "./http-answer.js";
import { fetchFor, type Transport } from "./loopback-fetch.js";
import type { PreparedRequest } from "./request.js";

const maxRedirects = 5;

/** Sends the request with this `authorization`, unless its headers have one. Rejects with `APIStatusError` for a redirect that is not followed. */
export async function fetchFollowing(
  request: PreparedRequest,
  credential: string | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { method, headers, body } = request;
  // Unbound: browsers refuse `fetch` as a method of another object.
  const fetch: Transport = request.fetch ?? fetchFor(request.origin);
  const init = {
    method,
    headers: credential === undefined ? headers : { authorization: credential, ...headers },
    redirect: "manual" as const,
    signal,
    ...(body === undefined ? undefined : { body }),
  };
  let url = request.url;
  for (let hops = 0; ; hops++) {
    const response = await raceAnswer(fetch(url, init), signal);
    const target = redirectTarget(request, response, url);
    if (target === undefined) return response;
    discard(response.body);
    if (hops === maxRedirects || !isFollowed(method, target, request.origin))
      throw redirectError(request, response, target);
    url = target.href;
  }
}

/**
 * As `raceAbort`. A `fetch` that ignores the signal may answer when nobody waits any more: its connection must not stay open.
 */
function raceAnswer(answer: Promise<HttpAnswer>, signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => reject(signal.reason));
    answer.then(
      (response) => {
        forget();
        if (signal.aborted) discard(response.body);
        resolve(response);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
}

function isFollowed(method: string, target: URL, origin: string): boolean {
  return (method === "GET" || method === "HEAD") && target.origin === origin;
}

function redirectTarget(request: PreparedRequest, response: HttpAnswer, url: string): URL | undefined {
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

function redirectError(
  { method, path, conceal }: PreparedRequest,
  { status }: HttpAnswer,
  target: URL,
): APIStatusError {
  const origin = conceal(target.origin);
  return new APIStatusError(`${method} ${path}: ${status} redirects to ${origin}, which is not followed`, {
    method,
    path,
    status,
    hint: "Only reads are followed, at most 5 times, and within one origin. If it is the server's address, use it as `baseUrl`.",
  });
}
