/** What a failed answer of the model becomes: an error of the message, a retry, or a compaction. */
import { property, stringProperty } from "../../util/json.js";
import { type ErrorPlan, errorBody } from "../plan.js";
import type { AgentFailure } from "./records.js";

/** How many times a step is tried again. */
export const maxRetries = 5;

const statusTexts: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** A model's failure, as the agent sees it. */
export class ModelFailure extends Error {
  readonly failure: AgentFailure;
  /** Said by the retry's status; `undefined`: not tried again. */
  readonly retry: string | undefined;
  /** What the model asked for, in ms. */
  readonly after: number | undefined;

  constructor(failure: AgentFailure, retry?: string, after?: number) {
    super(failure.name);
    this.failure = failure;
    this.retry = retry;
    this.after = after;
  }

  /** True when the transcript is too long for the model. */
  get isOverflow(): boolean {
    return this.failure.name === "ContextOverflowError";
  }
}

/** An answer with an error status. */
export function httpFailure({ status, body, headers }: ErrorPlan): ModelFailure {
  const message =
    stringProperty(property(body, "error"), "message") ?? `${statusTexts[status] ?? status}: ${JSON.stringify(body)}`;
  const responseBody = JSON.stringify(body);
  if (isTooLong(status, message)) {
    return new ModelFailure({ name: "ContextOverflowError", data: { message, responseBody } });
  }
  const isRetryable = status === 408 || status === 409 || status === 429 || status >= 500;
  const data = {
    message,
    statusCode: status,
    isRetryable,
    responseHeaders: { ...lowerCased(headers), "content-type": "application/json" },
    responseBody,
    metadata: { url: "http://127.0.0.1:1/v1/chat/completions" },
  };
  return new ModelFailure({ name: "APIError", data }, isRetryable ? message : undefined, retryAfter(headers));
}

/** A connection that broke in the middle of an answer. */
export function cutFailure(): ModelFailure {
  const message = "Connection reset by server";
  const data = { message, isRetryable: true, metadata: { code: "ECONNRESET", syscall: "", message: "aborted" } };
  return new ModelFailure({ name: "APIError", data }, message);
}

/** An error inside the stream: tried again when it reads like something that passes. */
export function streamFailure(error: unknown): ModelFailure {
  const value = property(errorBody(error), "error");
  const message = JSON.stringify(value);
  const code = stringProperty(value, "code") ?? "";
  const said = (): string | undefined => {
    if (/exhausted|unavailable/.test(code)) return "Provider is overloaded";
    if (message.includes("too_many_requests")) return "Too Many Requests";
    if (stringProperty(value, "type") === "error") return "Server error.";
    return /overload|rate limit|too many requests|internal server error|\b5\d\d\b/i.test(message) ? message : undefined;
  };
  return new ModelFailure({ name: "UnknownError", data: { message } }, said());
}

/** Before the next try, in ms: what was asked for, otherwise two seconds, doubled each time, and up to a quarter more. */
export function retryDelay(attempt: number, after: number | undefined): number {
  return after ?? Math.floor(2_000 * 2 ** (attempt - 1) * (1 + Math.random() / 4));
}

function isTooLong(status: number, message: string): boolean {
  if (status === 413) return true;
  const tooLong = /maximum context length|context.length.exceeded|context window|prompt is too long|input is too long/i;
  return status === 400 && tooLong.test(message);
}

function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const given = lowerCased(headers);
  const ms = Number(given["retry-after-ms"] ?? Number.NaN);
  if (!Number.isNaN(ms)) return ms;
  const asked = given["retry-after"];
  if (asked === undefined) return undefined;
  const seconds = Number(asked);
  if (!Number.isNaN(seconds)) return Math.ceil(seconds * 1_000);
  const until = Date.parse(asked) - Date.now();
  return until > 0 ? until : undefined;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
