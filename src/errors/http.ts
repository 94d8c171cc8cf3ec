/** Requests to the server that failed: on their way, by their status, or by their answer. */
import { type ErrorFacts, OpencodeError } from "./base.js";

/** Of {@link APIConnectionError} and the classes below it. */
export type APIConnectionErrorName = "APIConnectionError" | "APITimeoutError";
/** Of {@link APIConnectionError} and the classes below it. */
export type APIConnectionErrorCode = "api_connection" | "api_timeout";

/** The request got no answer: connection refused, reset, cut, or no such host. `cause` is the network's error. */
export class APIConnectionError extends OpencodeError {
  override readonly name: APIConnectionErrorName = "APIConnectionError";
  override readonly code: APIConnectionErrorCode = "api_connection";
  static override readonly hint: string | undefined =
    "Is the server running, and is `baseUrl` its address? `cause` is the network's error.";
  static override readonly retryable: boolean = true;
}

/** No complete answer within `timeout` ms. */
export class APITimeoutError extends APIConnectionError {
  override readonly name = "APITimeoutError";
  override readonly code = "api_timeout";
  static override readonly hint: string | undefined =
    "The server is busy, or the request is large: try again later, or raise `requestTimeout`.";
  static override readonly retryable: boolean = true;
}

/** The caller's `signal` ended one request or stream; `cause` is its reason. An abort of a whole turn is {@link AbortedError}. */
export class APIAbortError extends OpencodeError {
  override readonly name = "APIAbortError";
  override readonly code = "api_abort";
}

/** The answer is not what the route promises: no JSON, no body, or another basic shape. */
export class APIResponseValidationError extends OpencodeError {
  override readonly name = "APIResponseValidationError";
  override readonly code = "api_response_validation";
  static override readonly hint: string | undefined =
    "Something else than an opencode server may answer there: check `baseUrl`, and what is in front of the server.";
}

/**
 * The server has no such route: it answers unknown paths and methods with 200 and its web page. Usual causes: a base
 * URL with a path in it, or a server of another release.
 */
export class UnsupportedEndpointError extends OpencodeError {
  override readonly name = "UnsupportedEndpointError";
  override readonly code = "unsupported_endpoint";
  static override readonly hint: string | undefined =
    "Is there a path in `baseUrl` that does not belong there? Otherwise the server is of another release.";
}

/** Of {@link APIStatusError} and the classes below it. */
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
/** Of {@link APIStatusError} and the classes below it. */
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

/** The server answered with a status of 400 or more. The subclasses are by status. */
export class APIStatusError extends OpencodeError {
  override readonly name: APIStatusErrorName = "APIStatusError";
  override readonly code: APIStatusErrorCode = "api_status";
  static override readonly hint: string | undefined = "`body` has what the server said.";
  declare readonly status: number;
}

/** 400: the request is malformed. */
export class BadRequestError extends APIStatusError {
  override readonly name = "BadRequestError";
  override readonly code = "bad_request";
  static override readonly hint: string | undefined = "`body` says what is wrong with the request.";
}

/** 401: no or wrong credentials for the opencode server (not for a model provider: that is {@link ProviderAuthError}). */
export class AuthenticationError extends APIStatusError {
  override readonly name = "AuthenticationError";
  override readonly code = "authentication";
  static override readonly hint: string | undefined =
    "Give the server's password as `password`, or a gateway's `token`.";
}

/** 403: something in front of the server forbids the request. */
export class PermissionDeniedError extends APIStatusError {
  override readonly name = "PermissionDeniedError";
  override readonly code = "permission_denied";
  static override readonly hint: string | undefined =
    "Something in front of the server forbids it: ask those who run that.";
}

/** Of {@link NotFoundError} and the classes below it. */
export type NotFoundErrorName = "NotFoundError" | "SessionNotFoundError" | "MessageNotFoundError";
/** Of {@link NotFoundError} and the classes below it. */
export type NotFoundErrorCode = "not_found" | "session_not_found" | "message_not_found";

/** 404. */
export class NotFoundError extends APIStatusError {
  override readonly name: NotFoundErrorName = "NotFoundError";
  override readonly code: NotFoundErrorCode = "not_found";
  static override readonly hint: string | undefined =
    "What the path names is not there: was it deleted, or does it belong to another server?";
}

/** 404: no session has this id. */
export class SessionNotFoundError extends NotFoundError {
  override readonly name = "SessionNotFoundError";
  override readonly code = "session_not_found";
  static override readonly hint: string | undefined =
    "It was deleted, or belongs to a server with other data: sessions() lists those that are there.";
}

/** 404: no message of the session has this id. */
export class MessageNotFoundError extends NotFoundError {
  override readonly name = "MessageNotFoundError";
  override readonly code = "message_not_found";
  static override readonly hint: string | undefined = "messages() lists those that the session has.";
}

/** Of {@link ConflictError} and the classes below it. */
export type ConflictErrorName = "ConflictError" | "SessionBusyError";
/** Of {@link ConflictError} and the classes below it. */
export type ConflictErrorCode = "conflict" | "session_busy";

/**
 * 409: the request conflicts with what is stored. Also thrown by `revert()` and `unrevert()`, before anything is done, when they
 * would overwrite what somebody else has changed.
 */
export class ConflictError extends APIStatusError {
  override readonly name: ConflictErrorName = "ConflictError";
  override readonly code: ConflictErrorCode = "conflict";
  static override readonly hint: string | undefined = "Look at what is stored; a new prompt needs a new `messageId`.";
  /** Of `revert()` and `unrevert()`: the files, as paths from the root of the repository on. */
  declare readonly files: readonly string[] | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly files?: readonly string[] | undefined } = {}) {
    super(message, facts);
  }
}

/** 409: the session is running and this operation needs it idle. Also thrown by `whenBusy: "reject"` before anything is sent. */
export class SessionBusyError extends ConflictError {
  override readonly name = "SessionBusyError";
  override readonly code = "session_busy";
  static override readonly hint: string | undefined = "Wait with waitUntilIdle(), or end what runs with abort().";
  static override readonly retryable: boolean = true;
}

/** 422. */
export class UnprocessableEntityError extends APIStatusError {
  override readonly name = "UnprocessableEntityError";
  override readonly code = "unprocessable_entity";
  static override readonly hint: string | undefined = "`body` says what is wrong with the request.";
}

/** 429 from the server or a gateway in front of it (not from a model provider: that is {@link ProviderRateLimitError}). */
export class RateLimitError extends APIStatusError {
  override readonly name = "RateLimitError";
  override readonly code = "rate_limit";
  static override readonly hint: string | undefined = "Wait until `retryAt`, or for a while where it is not known.";
  static override readonly retryable: boolean = true;
  /** When the server says it may be tried again. */
  declare readonly retryAt: Date | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly retryAt?: Date | undefined } = {}) {
    super(message, facts);
  }
}

/** 500 and above. */
export class InternalServerError extends APIStatusError {
  override readonly name = "InternalServerError";
  override readonly code = "internal_server";
  static override readonly hint: string | undefined = "The server's own log has the reason.";
  static override readonly retryable: boolean = true;
  /** The key (`err_…`) under which the server's own log has the reason. */
  declare readonly ref: string | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly ref?: string | undefined } = {}) {
    super(message, facts);
  }
}
