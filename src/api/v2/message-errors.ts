/** Failures of steps, as 2.x stores them, as the errors of 1.x messages. */
import type { AssistantMessage } from "../../types/answer.js";
import { numberProperty, parseJson, property, recordProperty, stringProperty } from "../../util/json.js";

/** The error of an assistant message. */
export type MessageError = NonNullable<AssistantMessage["error"]>;

/** How the preview reports a model's refusal: `Provider request failed with HTTP 401: {…}`. */
const httpFailure = /\bHTTP (\d{3})(?::\s*([\s\S]*))?$/;
/** No answer came at all (2.0 preview 1.18.18: `HTTP transport failed`). */
const transportFailure = /^HTTP transport failed/;
const contextOverflow = /context (length|window|limit)|maximum context|too many tokens|prompt is too long/i;
/** The text of the preview, and of 2.1, for a run that was interrupted. */
const interrupted = /^(Provider turn|Step|Tool execution) interrupted/;

/** `model` is `"provider/model"`. */
export function messageError(error: unknown, providerID: string, model: string): MessageError {
  const type = stringProperty(error, "type") ?? "unknown";
  const message = stringProperty(error, "message") || "the step failed without a message";
  if (type === "aborted" || (type === "unknown" && interrupted.test(message))) return aborted(message);
  if (type === "provider.no-route")
    return { name: "UnknownError", data: { message: `Model not found: ${model}. ${message}` } };
  if (type === "provider.content-filter") return { name: "ContentFilterError", data: { message } };
  const http = httpFailure.exec(message);
  const status = numberProperty(error, "status") ?? (http === null ? undefined : Number(http[1]));
  const body = bodyOf(error) ?? http?.[2];
  const said = wordsOf(body) ?? message;
  if (
    /context/.test(type) ||
    (contextOverflow.test(said) && (status === undefined || status === 400 || status === 413))
  )
    return {
      name: "ContextOverflowError",
      data: { message: said, ...(body === undefined ? {} : { responseBody: body }) },
    };
  if (type === "provider.auth") return { name: "ProviderAuthError", data: { message: said, providerID } };
  if (status === undefined && !type.startsWith("provider.") && !transportFailure.test(message))
    return { name: "UnknownError", data: { message } };
  const isRetryable = status === undefined || status === 408 || status === 429 || status >= 500;
  return {
    name: "APIError",
    data: {
      message: said,
      isRetryable,
      ...(status === undefined ? {} : { statusCode: status }),
      ...(body === undefined ? {} : { responseBody: body }),
    },
  };
}

/** The error of a run that was interrupted. */
export function aborted(message: string): MessageError {
  return { name: "MessageAbortedError", data: { message } };
}

function bodyOf(error: unknown): string | undefined {
  const body = property(recordProperty(error, "response"), "body");
  if (body === undefined || body === null) return undefined;
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** The provider's own words in its answer. */
function wordsOf(body: string | undefined): string | undefined {
  if (body === undefined || body === "") return undefined;
  try {
    const value = parseJson(body);
    return stringProperty(recordProperty(value, "error"), "message") ?? stringProperty(value, "message") ?? body;
  } catch {
    return body;
  }
}
