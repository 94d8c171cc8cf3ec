/** Every error as one union, discriminated on `code`. */
import type {
  AbortedError,
  AgentError,
  AgentNotFoundError,
  BudgetExceededError,
  ContentFilterError,
  ContextOverflowError,
  IdleTimeoutError,
  ModelNotFoundError,
  ProviderAuthError,
  ProviderRateLimitError,
  RunawayError,
  StructuredOutputError,
  TurnTimeoutError,
} from "./agent.js";
import type { ApprovalPendingError } from "./approval.js";
import { isOfThisPackage, type OpencodeError } from "./base.js";
import type {
  APIAbortError,
  APIConnectionError,
  APIResponseValidationError,
  APIStatusError,
  APITimeoutError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  MessageNotFoundError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  SessionBusyError,
  SessionNotFoundError,
  UnprocessableEntityError,
  UnsupportedEndpointError,
} from "./http.js";
import type {
  BinaryDownloadError,
  BinaryNotFoundError,
  ServerExitedError,
  ServerStartupError,
  ServerStartupTimeoutError,
  ServerUnresponsiveError,
  UnsupportedServerVersionError,
} from "./server.js";
import type { ConfigError, ToolError } from "./usage.js";

/** A class with subclasses, without those. */
type Only<E extends OpencodeError, Code extends E["code"]> = E & {
  /** Stable machine-readable code of the class. */
  readonly code: Code;
};

/** Every error that this package throws. `switch (error.code)` narrows it, and TypeScript checks that the cases are complete. */
export type AnyOpencodeError =
  | Only<APIConnectionError, "api_connection">
  | APITimeoutError
  | APIAbortError
  | APIResponseValidationError
  | UnsupportedEndpointError
  | ConfigError
  | Only<APIStatusError, "api_status">
  | BadRequestError
  | AuthenticationError
  | PermissionDeniedError
  | Only<NotFoundError, "not_found">
  | SessionNotFoundError
  | MessageNotFoundError
  | Only<ConflictError, "conflict">
  | SessionBusyError
  | UnprocessableEntityError
  | RateLimitError
  | InternalServerError
  | BinaryNotFoundError
  | BinaryDownloadError
  | UnsupportedServerVersionError
  | Only<ServerStartupError, "server_startup">
  | ServerStartupTimeoutError
  | ServerExitedError
  | ServerUnresponsiveError
  | Only<AgentError, "agent">
  | ProviderAuthError
  | ProviderRateLimitError
  | ModelNotFoundError
  | AgentNotFoundError
  | ContextOverflowError
  | ContentFilterError
  | AbortedError
  | TurnTimeoutError
  | IdleTimeoutError
  | BudgetExceededError
  | RunawayError
  | ToolError
  | StructuredOutputError
  | ApprovalPendingError;

/** Returns whether `value` is an error of this package, also if another copy of the package threw it. */
export function isOpencodeError(value: unknown): value is AnyOpencodeError {
  return isOfThisPackage(value);
}
