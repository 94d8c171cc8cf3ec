/** Errors of requests: connections, HTTP statuses, and invalid responses. */
import { type ErrorFacts, OpencodeError } from "./base.js";

/** Names of {@link APIConnectionError} and its subclasses. */
export type APIConnectionErrorName = "APIConnectionError" | "APITimeoutError";
/** Codes of {@link APIConnectionError} and its subclasses. */
export type APIConnectionErrorCode = "api_connection" | "api_timeout";

/** The request got no response: the connection was refused, reset or cut, or the host is unknown. `cause` is the network error. */
export class APIConnectionError extends OpencodeError {
  override readonly name: APIConnectionErrorName = "APIConnectionError";
  override readonly code: APIConnectionErrorCode = "api_connection";
  static override readonly hint: string | undefined =
    "Is the server running, and is `baseUrl` its address? `cause` is the network's error.";
  static override readonly retryable: boolean = true;
}

/** The response was not complete within the limit of one request: `requestTimeout`, or a client's `timeout`. */
export class APITimeoutError extends APIConnectionError {
  override readonly name = "APITimeoutError";
  override readonly code = "api_timeout";
  static override readonly hint: string | undefined =
    "The server is busy, or the request is large: try again later, or raise `requestTimeout`.";
  static override readonly retryable: boolean = true;
}

/** The caller's `signal` aborted a request or stream; `cause` is its reason. The abort of a turn is an {@link AbortedError}. */
export class APIAbortError extends OpencodeError {
  override readonly name = "APIAbortError";
  override readonly code = "api_abort";
}

/** The response does not match the route: no JSON, no body, or JSON of another basic type. */
export class APIResponseValidationError extends OpencodeError {
  override readonly name = "APIResponseValidationError";
  override readonly code = "api_response_validation";
  static override readonly hint: string | undefined =
    "Something else than an opencode server may answer there: check `baseUrl`, and what is in front of the server.";
}

/**
 * The server has no such route: it answers unknown paths and methods with 200 and its web page (1.18.33). Usual causes are a
 * `baseUrl` with a path, and a server of another release.
 */
export class UnsupportedEndpointError extends OpencodeError {
  override readonly name = "UnsupportedEndpointError";
  override readonly code = "unsupported_endpoint";
  static override readonly hint: string | undefined =
    "Is there a path in `baseUrl` that does not belong there? Otherwise the server is of another release.";
}

/** Names of {@link APIStatusError} and its subclasses. */
export type APIStatusErrorName =
  | "APIStatusError"
  | "BadRequestError"
  | "AuthenticationError"
  | "PermissionDeniedError"
  | "NotFoundError"
  | "SessionNotFoundError"
  | "MessageNotFoundError"
  | "ConflictError"
  | "SessionBusyError"
  | "UnprocessableEntityError"
  | "RateLimitError"
  | "InternalServerError";
/** Codes of {@link APIStatusError} and its subclasses. */
export type APIStatusErrorCode =
  | "api_status"
  | "bad_request"
  | "authentication"
  | "permission_denied"
  | "not_found"
  | "session_not_found"
  | "message_not_found"
  | "conflict"
  | "session_busy"
  | "unprocessable_entity"
  | "rate_limit"
  | "internal_server";

/** The server responded with a status of 400 or more. Common statuses have subclasses. */
export class APIStatusError extends OpencodeError {
  override readonly name: APIStatusErrorName = "APIStatusError";
  override readonly code: APIStatusErrorCode = "api_status";
  static override readonly hint: string | undefined = "`body` has what the server said.";
  /** HTTP status of the response. */
  declare readonly status: number;
}

/** Status 400: the request is malformed. */
export class BadRequestError extends APIStatusError {
  override readonly name = "BadRequestError";
  override readonly code = "bad_request";
  static override readonly hint: string | undefined = "`body` says what is wrong with the request.";
}

/** Status 401: missing or wrong credentials for the opencode server. A model provider's refusal is a {@link ProviderAuthError}. */
export class AuthenticationError extends APIStatusError {
  override readonly name = "AuthenticationError";
  override readonly code = "authentication";
  static override readonly hint: string | undefined =
    "Give the server's password as `password`, or a gateway's `token`.";
}

/** Status 403: something in front of the server forbids the request. */
export class PermissionDeniedError extends APIStatusError {
  override readonly name = "PermissionDeniedError";
  override readonly code = "permission_denied";
  static override readonly hint: string | undefined =
    "Something in front of the server forbids it: ask those who run that.";
}

/** Names of {@link NotFoundError} and its subclasses. */
export type NotFoundErrorName = "NotFoundError" | "SessionNotFoundError" | "MessageNotFoundError";
/** Codes of {@link NotFoundError} and its subclasses. */
export type NotFoundErrorCode = "not_found" | "session_not_found" | "message_not_found";

/** Status 404: the server has no such resource. */
export class NotFoundError extends APIStatusError {
  override readonly name: NotFoundErrorName = "NotFoundError";
  override readonly code: NotFoundErrorCode = "not_found";
  static override readonly hint: string | undefined =
    "What the path names is not there: was it deleted, or does it belong to another server?";
}

/** Status 404: no session has this id. */
export class SessionNotFoundError extends NotFoundError {
  override readonly name = "SessionNotFoundError";
  override readonly code = "session_not_found";
  static override readonly hint: string | undefined =
    "It was deleted, or belongs to a server with other data: sessions() lists those that are there.";
}

/** Status 404: no message of the session has this id. */
export class MessageNotFoundError extends NotFoundError {
  override readonly name = "MessageNotFoundError";
  override readonly code = "message_not_found";
  static override readonly hint: string | undefined = "messages() lists those that the session has.";
}

/** Names of {@link ConflictError} and its subclasses. */
export type ConflictErrorName = "ConflictError" | "SessionBusyError";
/** Codes of {@link ConflictError} and its subclasses. */
export type ConflictErrorCode = "conflict" | "session_busy";

/**
 * Status 409: the request conflicts with stored data. `revert()` and `unrevert()` also throw it, without any change, if they would
 * overwrite changes of others.
 */
export class ConflictError extends APIStatusError {
  override readonly name: ConflictErrorName = "ConflictError";
  override readonly code: ConflictErrorCode = "conflict";
  static override readonly hint: string | undefined = "Look at what is stored; a new prompt needs a new `messageId`.";
  /** Files with changes of others, as paths relative to the root of the repository. Only `revert()` and `unrevert()` set it. */
  declare readonly files: readonly string[] | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly files?: readonly string[] | undefined } = {}) {
    super(message, facts);
  }
}

/** Status 409: the session is running, and the operation needs an idle one. `whenBusy: "reject"` throws it before anything is sent. */
export class SessionBusyError extends ConflictError {
  override readonly name = "SessionBusyError";
  override readonly code = "session_busy";
  static override readonly hint: string | undefined = "Wait with waitUntilIdle(), or end what runs with abort().";
  static override readonly retryable: boolean = true;
}

/** Status 422: the request is well-formed, and its content is invalid. */
export class UnprocessableEntityError extends APIStatusError {
  override readonly name = "UnprocessableEntityError";
  override readonly code = "unprocessable_entity";
  static override readonly hint: string | undefined = "`body` says what is wrong with the request.";
}

/** Status 429 of the server or a gateway in front of it. A model provider's limit is a {@link ProviderRateLimitError}. */
export class RateLimitError extends APIStatusError {
  override readonly name = "RateLimitError";
  override readonly code = "rate_limit";
  static override readonly hint: string | undefined = "Wait until `retryAt`, or for a while where it is not known.";
  static override readonly retryable: boolean = true;
  /** Earliest time of the next attempt, from `retry-after`; `undefined` if unknown. */
  declare readonly retryAt: Date | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly retryAt?: Date | undefined } = {}) {
    super(message, facts);
  }
}

/** Status 500 or more: the server failed. */
export class InternalServerError extends APIStatusError {
  override readonly name = "InternalServerError";
  override readonly code = "internal_server";
  static override readonly hint: string | undefined = "The server's own log has the reason.";
  static override readonly retryable: boolean = true;
  /** Key (`err_…`) of the failure in the server's own log. */
  declare readonly ref: string | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly ref?: string | undefined } = {}) {
    super(message, facts);
  }
}
