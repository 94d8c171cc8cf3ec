/**
 * What is repeated, and when: rules without I/O. The loop that follows them is in `send.ts`, the POSTs that may be repeated are in
 * `routes.ts`.
 *
 * A request is repeated when doing it twice does no harm. A message, a command or a shell line is never among them,
 * whatever the answer: whoever sends one looks first whether it was stored. 409 is not repeated either: waiting some
 * hundred milliseconds does not make a busy session idle, and the session layer knows when it is.
 */
import { APIConnectionError, APIStatusError, APITimeoutError } from "../errors/index.js";
import { wasNeverSent } from "./network-error.js";
import { postRetry } from "./routes.js";

const repeatableMethods = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/** Of 5xx, 501 and 505 say that the server will never do it. */
function isRepeatableStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** How a request can be told apart for the rules. */
export interface RequestKind {
  readonly method: string;
  readonly path: string;
}

/** True when doing the request twice does no harm. */
export function isRetryable({ method, path }: RequestKind): boolean {
  if (repeatableMethods.has(method)) return true;
  return method === "POST" && postRetry(path) !== undefined;
}

/** True when the request should be sent again after this failure. */
export function shouldRetry(error: unknown, request: RequestKind): boolean {
  if (error instanceof APIConnectionError && !(error instanceof APITimeoutError) && wasNeverSent(error)) return true;
  if (!isRetryable(request)) return false;
  if (error instanceof APIConnectionError) return true;
  if (!(error instanceof APIStatusError)) return false;
  if (wasCut(error)) return true;
  if (isDatabaseLocked(error)) return true;
  // The server answers a POST with 500 for mistakes of the client too (an unknown model): again is the same again.
  return isRepeatableStatus(error.status) && !(error.status === 500 && request.method === "POST");
}

/** The connection broke in the answer: what the server had to say is not known. */
export function wasCut({ cause }: APIStatusError): boolean {
  return cause instanceof APIConnectionError;
}

/** Two servers on one database: the other one is writing. */
function isDatabaseLocked({ status, message }: APIStatusError): boolean {
  return (status === 400 || status === 500) && message.includes("database is locked");
}

/** True when the failed try may nevertheless have had its effect: it reached the server, which did not turn it away. */
export function isAmbiguous(error: unknown): boolean {
  if (error instanceof APIStatusError) return error.status >= 500;
  return error instanceof APITimeoutError || !wasNeverSent(error);
}

/**
 * True when a 404 on the repeat of the request says that the first try has worked: the ask was answered, the thing is
 * gone. On a first try a 404 is a 404.
 */
export function isNotFoundSuccess({ method, path }: RequestKind): boolean {
  return method === "DELETE" || (method === "POST" && postRetry(path) === "reply");
}

const firstWait = 500;
const longestWait = 8_000;
const longestObeyedWait = 60_000;

/**
 * How long to wait after the `attempt`th try, in ms: what the server asks for, at most 60 s; otherwise 500 ms, doubling up
 * to 8 s, less up to a quarter at random so that clients do not come back in step.
 */
export function retryDelay(attempt: number, asked: number | undefined, random: number = Math.random()): number {
  if (asked !== undefined) return Math.min(asked, longestObeyedWait);
  return Math.min(firstWait * 2 ** (attempt - 1), longestWait) * (1 - random / 4);
}

/**
 * What the headers ask to wait, in ms: `retry-after-ms`, then `retry-after` as seconds or as an HTTP date (RFC 9110,
 * section 10.2.3). `undefined` when they say nothing that can be understood.
 */
export function retryAfter(headers: Pick<Headers, "get">, now: number = Date.now()): number | undefined {
  const milliseconds = duration(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) return milliseconds;
  const text = headers.get("retry-after");
  const seconds = duration(text);
  if (seconds !== undefined) return seconds * 1000;
  // All three forms of an HTTP date begin with the day of the week; `Date.parse` alone takes "-5" for a date.
  const date = text !== null && /^\s*(?:mon|tue|wed|thu|fri|sat|sun)/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function duration(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
