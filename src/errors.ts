/**
 * Every error this package throws. One shallow tree under {@link OpencodeError}: `name` is the class name, `code` a
 * stable string, and everything known about the failure is a field. `TypeError` is thrown for nothing but wrong use of
 * JavaScript itself.
 */

import type { Answer } from "./types/answer.js";
import type { TimeSpent } from "./types/time-spent.js";
import { redact, redactData } from "./util/redact.js";

/** What may be known about a failure. Every field is optional: absent means unknown, never empty. */
export interface ErrorFacts {
  /** The error or value that led here. */
  readonly cause?: unknown;
  /** What the reader can do about it. Default: the class's own. */
  readonly hint?: string | undefined;
  /** Default: the class's own. */
  readonly retryable?: boolean | undefined;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** HTTP method of the request. */
  readonly method?: string | undefined;
  /** Path of the request, without host, query and credentials. */
  readonly path?: string | undefined;
  /** The answer's body: parsed JSON, or its text (shortened). */
  readonly body?: unknown;
  /** The session concerned. */
  readonly sessionId?: string | undefined;
}

const brand: unique symbol = Symbol.for("opencode-ts.error") as never;

/** Base of all errors of this package. */
export class OpencodeError extends Error {
  override readonly name: string = "OpencodeError";
  /** Stable machine-readable code, one per class. */
  readonly code: string = "opencode_error";
  /** What to do about errors of this class, where nothing more is known. */
  static readonly hint: string | undefined = undefined;
  /** Of errors of this class, where nothing more is known. */
  static readonly retryable: boolean = false;
  /** What to do about it; `undefined` where there is nothing to do. */
  declare readonly hint: string | undefined;
  /**
   * The same call may succeed later (not before `retryAt`, if there is one), without a change by anybody. It says nothing about
   * what was done until then: a turn that failed half-way has done its half. False where it is not known whether the call had its
   * effect, and would have it twice.
   */
  declare readonly retryable: boolean;
  declare readonly status: number | undefined;
  declare readonly method: string | undefined;
  declare readonly path: string | undefined;
  declare readonly body: unknown;
  declare readonly sessionId: string | undefined;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    const { hint = new.target.hint, retryable = new.target.retryable } = facts;
    // Only what is known becomes a field: a printed error has no list of `undefined`.
    for (const [name, value] of Object.entries({ ...facts, hint, retryable })) {
      if (value !== undefined && name !== "cause") Object.defineProperty(this, name, { value, enumerable: true });
    }
    Object.defineProperty(this, brand, { value: true });
  }

  /** A plain object for logs: name, code, message and the facts that are known. Holds no credentials. */
  toJSON(): Record<string, unknown> {
    const json: Record<string, unknown> = { name: this.name, code: this.code, message: redact(this.message) };
    for (const [key, value] of Object.entries(this)) if (value !== undefined) json[key] = redactData(value);
    if (this.cause instanceof Error) json["cause"] = { name: this.cause.name, message: redact(this.cause.message) };
    return json;
  }
}

/** True for every error of this package, also for one that another copy of it has thrown. */
export function isOpencodeError(value: unknown): value is OpencodeError {
  return value instanceof Error && brand in value;
}

/** The request got no answer: connection refused, reset, cut, or no such host. `cause` is the network's error. */
export class APIConnectionError extends OpencodeError {
  override readonly name: string = "APIConnectionError";
  override readonly code: string = "api_connection";
  static override readonly hint: string | undefined =
    "Is the server running, and is `baseUrl` its address? `cause` is the network's error.";
  static override readonly retryable: boolean = true;
}

/** No complete answer within `timeout` ms. */
export class APITimeoutError extends OpencodeError {
  override readonly name: string = "APITimeoutError";
  override readonly code: string = "api_timeout";
  static override readonly hint: string | undefined =
    "The server is busy, or the request is large: try again later, or raise `requestTimeout`.";
  static override readonly retryable: boolean = true;
}

/** The caller's `signal` ended one request or stream; `cause` is its reason. An abort of a whole turn is {@link AbortedError}. */
export class APIAbortError extends OpencodeError {
  override readonly name: string = "APIAbortError";
  override readonly code: string = "api_abort";
}

/** The answer is not what the route promises: no JSON, no body, or another basic shape. */
export class APIResponseValidationError extends OpencodeError {
  override readonly name: string = "APIResponseValidationError";
  override readonly code: string = "api_response_validation";
  static override readonly hint: string | undefined =
    "Something else than an opencode server may answer there: check `baseUrl`, and what is in front of the server.";
}

/**
 * The server has no such route: it answers unknown paths and methods with 200 and its web page. Usual causes: a base
 * URL with a path in it, or a server of another release.
 */
export class UnsupportedEndpointError extends OpencodeError {
  override readonly name: string = "UnsupportedEndpointError";
  override readonly code: string = "unsupported_endpoint";
  static override readonly hint: string | undefined =
    "Is there a path in `baseUrl` that does not belong there? Otherwise the server is of another release.";
}

/** An option, or a configuration file of the agent, is wrong. The message names it, what was expected and what was given. */
export class ConfigError extends OpencodeError {
  override readonly name: string = "ConfigError";
  override readonly code: string = "config";
  static override readonly hint: string | undefined =
    "Correct what the message names; docs/options.md has every option with its unit and default.";
}

/** The server answered with a status of 400 or more. The subclasses are by status. */
export class APIStatusError extends OpencodeError {
  override readonly name: string = "APIStatusError";
  override readonly code: string = "api_status";
  static override readonly hint: string | undefined = "`body` has what the server said.";
  declare readonly status: number;
}

/** 400: the request is malformed. */
export class BadRequestError extends APIStatusError {
  override readonly name: string = "BadRequestError";
  override readonly code: string = "bad_request";
  static override readonly hint: string | undefined = "`body` says what is wrong with the request.";
}

/** 401: no or wrong credentials for the opencode server (not for a model provider: that is {@link ProviderAuthError}). */
export class AuthenticationError extends APIStatusError {
  override readonly name: string = "AuthenticationError";
  override readonly code: string = "authentication";
  static override readonly hint: string | undefined =
    "Give the server's password as `password`, or a gateway's `token`.";
}

/** 403: something in front of the server forbids the request. */
export class PermissionDeniedError extends APIStatusError {
  override readonly name: string = "PermissionDeniedError";
  override readonly code: string = "permission_denied";
  static override readonly hint: string | undefined =
    "Something in front of the server forbids it: ask those who run that.";
}

/** 404. */
export class NotFoundError extends APIStatusError {
  override readonly name: string = "NotFoundError";
  override readonly code: string = "not_found";
  static override readonly hint: string | undefined =
    "What the path names is not there: was it deleted, or does it belong to another server?";
}

/** 404: no session has this id. */
export class SessionNotFoundError extends NotFoundError {
  override readonly name: string = "SessionNotFoundError";
  override readonly code: string = "session_not_found";
  static override readonly hint: string | undefined =
    "It was deleted, or belongs to a server with other data: sessions() lists those that are there.";
}

/** 404: no message of the session has this id. */
export class MessageNotFoundError extends NotFoundError {
  override readonly name: string = "MessageNotFoundError";
  override readonly code: string = "message_not_found";
  static override readonly hint: string | undefined = "messages() lists those that the session has.";
}

/**
 * 409: the request conflicts with what is stored. Also thrown by `revert()` and `unrevert()`, before anything is done, when they
 * would overwrite what somebody else has changed.
 */
export class ConflictError extends APIStatusError {
  override readonly name: string = "ConflictError";
  override readonly code: string = "conflict";
  static override readonly hint: string | undefined = "Look at what is stored; a new prompt needs a new `messageId`.";
  /** Of `revert()` and `unrevert()`: the files, as paths from the root of the repository on. */
  declare readonly files: readonly string[] | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly files?: readonly string[] | undefined } = {}) {
    super(message, facts);
  }
}

/** 409: the session is running and this operation needs it idle. Also thrown by `whenBusy: "reject"` before anything is sent. */
export class SessionBusyError extends ConflictError {
  override readonly name: string = "SessionBusyError";
  override readonly code: string = "session_busy";
  static override readonly hint: string | undefined = "Wait with waitUntilIdle(), or end what runs with abort().";
  static override readonly retryable: boolean = true;
}

/** 422. */
export class UnprocessableEntityError extends APIStatusError {
  override readonly name: string = "UnprocessableEntityError";
  override readonly code: string = "unprocessable_entity";
  static override readonly hint: string | undefined = "`body` says what is wrong with the request.";
}

/** 429 from the server or a gateway in front of it (not from a model provider: that is {@link ProviderRateLimitError}). */
export class RateLimitError extends APIStatusError {
  override readonly name: string = "RateLimitError";
  override readonly code: string = "rate_limit";
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
  override readonly name: string = "InternalServerError";
  override readonly code: string = "internal_server";
  static override readonly hint: string | undefined = "The server's own log has the reason.";
  static override readonly retryable: boolean = true;
  /** The key (`err_…`) under which the server's own log has the reason. */
  declare readonly ref: string | undefined;
  constructor(message: string, facts: ErrorFacts & { readonly ref?: string | undefined } = {}) {
    super(message, facts);
  }
}

/** No usable agent binary. `tried` lists every place that was looked at and why it did not do. */
export class BinaryNotFoundError extends OpencodeError {
  override readonly name: string = "BinaryNotFoundError";
  override readonly code: string = "binary_not_found";
  static override readonly hint: string | undefined =
    "Install it: npm install opencode-ai@1. Or name it by `binary` or by the variable OPENCODE_BINARY.";
  declare readonly tried: readonly string[];
  constructor(message: string, facts: ErrorFacts & { readonly tried?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ tried: facts.tried ?? [] } });
  }
}

/**
 * What went wrong with a download of the agent:
 * - `offline`: one would be needed, and `offline: true` forbids it
 * - `no-release`, `no-asset`: there is no such release; it has no build for this platform (`assets` are those it has)
 * - `rate-limit`: the host answers no more until `retryAt`
 * - `http`: any other refusal (`status`); `invalid-answer`: not what the releases API answers
 * - `insecure`: it would come over a connection that is not encrypted
 * - `connection`, `timeout`, `truncated`: no connection; nothing came for too long; cut again and again
 * - `size`, `no-digest`, `checksum`: it is not what the release says it is, or the release does not say
 * - `archive`: it holds something else than the one file that it should
 * - `wrong-version`, `not-executable`: what was in it says that it is another release, or does not run here
 * - `disk-full`, `not-writable`: it cannot be stored
 */
export type BinaryDownloadReason =
  | "offline"
  | "no-release"
  | "no-asset"
  | "rate-limit"
  | "http"
  | "invalid-answer"
  | "insecure"
  | "connection"
  | "timeout"
  | "truncated"
  | "size"
  | "no-digest"
  | "checksum"
  | "archive"
  | "wrong-version"
  | "not-executable"
  | "disk-full"
  | "not-writable";

/** What may be otherwise the next time. */
function isPassing(reason: BinaryDownloadReason, status = 0): boolean {
  if (reason === "http") return status === 408 || status >= 500;
  return ["connection", "rate-limit", "timeout", "truncated"].includes(reason);
}

/** Facts about a download that failed. */
export interface BinaryDownloadFacts extends ErrorFacts {
  /** Default `"connection"`. */
  readonly reason?: BinaryDownloadReason | undefined;
  /** Of `rate-limit`: when it may be tried again. */
  readonly retryAt?: Date | undefined;
  /** Of `no-asset`: the names of what the release has. */
  readonly assets?: readonly string[] | undefined;
  /** Where an installed agent was looked for before, and why it did not do. */
  readonly tried?: readonly string[] | undefined;
}

/** The agent could not be downloaded or installed. Nothing that was not checked has been left where it would be found. */
export class BinaryDownloadError extends OpencodeError {
  override readonly name: string = "BinaryDownloadError";
  override readonly code: string = "binary_download";
  static override readonly hint: string | undefined = "Install it another way: npm install opencode-ai@1.";
  static override readonly retryable: boolean = true;
  /** What went wrong, for programs. */
  declare readonly reason: BinaryDownloadReason;
  /** Of `rate-limit`: when it may be tried again. */
  declare readonly retryAt: Date | undefined;
  /** Of `no-asset`: the names of what the release has. */
  declare readonly assets: readonly string[] | undefined;
  /** Where an installed agent was looked for before, and why it did not do. */
  declare readonly tried: readonly string[] | undefined;
  constructor(message: string, facts: BinaryDownloadFacts = {}) {
    const { reason = "connection", retryable = isPassing(reason, facts.status) } = facts;
    super(message, { ...facts, ...{ reason, retryable } });
  }
}

/** The agent's release speaks other routes than this package (2.x does). */
export class UnsupportedServerVersionError extends OpencodeError {
  override readonly name: string = "UnsupportedServerVersionError";
  override readonly code: string = "unsupported_server_version";
  static override readonly hint: string | undefined = "Use a 1.x release: npm install opencode-ai@1.";
  /** The release found, for example `"2.0.1"`. */
  declare readonly found: string;
  /** The range that works, for example `">=1.1.0 <2.0.0"`. */
  declare readonly supported: string;
  constructor(message: string, facts: ErrorFacts & { readonly found: string; readonly supported: string }) {
    super(message, facts);
  }
}

/** What a process said last, for errors about a server that we started. */
export interface ProcessFacts extends ErrorFacts {
  /** Exit code, `null` when a signal ended it. */
  readonly exitCode?: number | null | undefined;
  /** The signal that ended it. */
  readonly signal?: string | null | undefined;
  /** The last lines of its output, without credentials. */
  readonly tail?: string | undefined;
}

/** The server ended before it was ready, or could not be started. `tail` says what it printed. */
export class ServerStartupError extends OpencodeError {
  override readonly name: string = "ServerStartupError";
  override readonly code: string = "server_startup";
  static override readonly hint: string | undefined =
    "`tail` has what the server printed last; `opencode-ts doctor` looks at the installation.";
  declare readonly exitCode: number | null | undefined;
  declare readonly signal: string | null | undefined;
  declare readonly tail: string;
  constructor(message: string, facts: ProcessFacts = {}) {
    super(message, { ...facts, ...{ tail: facts.tail ?? "" } });
  }
}

/** The server showed no sign of life for `serverTimeout` ms, or was at work and not ready after four times as many. */
export class ServerStartupTimeoutError extends ServerStartupError {
  override readonly name: string = "ServerStartupTimeoutError";
  override readonly code: string = "server_startup_timeout";
  static override readonly hint: string | undefined =
    "Raise `serverTimeout`; `opencode-ts doctor` looks at what it may wait for.";
  static override readonly retryable: boolean = true;
}

/** A server that we started ended while it was in use. */
export class ServerExitedError extends OpencodeError {
  override readonly name: string = "ServerExitedError";
  override readonly code: string = "server_exited";
  static override readonly hint: string | undefined =
    "Start another with createOpencode(): sessions are stored. With `restart: true` it starts again by itself.";
  static override readonly retryable: boolean = true;
  declare readonly exitCode: number | null | undefined;
  declare readonly signal: string | null | undefined;
  declare readonly tail: string;
  constructor(message: string, facts: ProcessFacts = {}) {
    super(message, { ...facts, ...{ tail: facts.tail ?? "" } });
  }
}

/**
 * A server that we started lives, and nothing was heard of it for `unresponsiveTimeout` ms, not even an answer about its health. What the turn
 * has asked for may still run there: asked again with the same `messageId` it is followed.
 */
export class ServerUnresponsiveError extends OpencodeError {
  override readonly name: string = "ServerUnresponsiveError";
  override readonly code: string = "server_unresponsive";
  static override readonly hint: string | undefined =
    "With `restart: true` it is ended and started again, and its turns go on. `unresponsiveTimeout` sets how long it may be silent.";
  static override readonly retryable: boolean = true;
  /** ms in which nothing was heard of it. */
  declare readonly silence: number;
  constructor(message: string, facts: ErrorFacts & { readonly silence: number }) {
    super(message, facts);
  }
}

/** Facts about a run of the agent that failed. */
export interface AgentErrorFacts extends ErrorFacts {
  /** What the agent had answered until then. */
  readonly answer?: Answer<unknown> | undefined;
  /** The server's own name of the error, for example `"APIError"`. */
  readonly serverName?: string | undefined;
}

/** The run itself failed: the request was fine, the model, the provider or the agent was not. */
export class AgentError extends OpencodeError {
  override readonly name: string = "AgentError";
  override readonly code: string = "agent";
  static override readonly hint: string | undefined =
    "`answer` has what was done until then; tell the agent to go on in the same session.";
  /** The partial answer. */
  declare readonly answer: Answer<unknown> | undefined;
  /** The server's own name of the error. */
  declare readonly serverName: string | undefined;
  constructor(message: string, facts: AgentErrorFacts = {}) {
    super(message, facts);
  }
}

/** The model provider refused the credentials, or there are none. */
export class ProviderAuthError extends AgentError {
  override readonly name: string = "ProviderAuthError";
  override readonly code: string = "provider_auth";
  static override readonly hint: string | undefined =
    'Log in with `opencode auth login`, call setAuth(provider, { key }) or { env: "NAME_OF_VARIABLE" }, or set the provider\'s key variable before the server starts.';
}

/** The model provider's rate limit or quota is used up. */
export class ProviderRateLimitError extends AgentError {
  override readonly name: string = "ProviderRateLimitError";
  override readonly code: string = "provider_rate_limit";
  static override readonly hint: string | undefined =
    "Wait until `retryAt`, where it is known, or ask another `model`.";
  static override readonly retryable: boolean = true;
  /** When the next try would be. */
  declare readonly retryAt: Date | undefined;
  constructor(message: string, facts: AgentErrorFacts & { readonly retryAt?: Date | undefined } = {}) {
    super(message, facts);
  }
}

/** The model is not known to the server. `suggestions` are the nearest names. */
export class ModelNotFoundError extends AgentError {
  override readonly name: string = "ModelNotFoundError";
  override readonly code: string = "model_not_found";
  static override readonly hint: string | undefined = "models() lists the names that the server knows.";
  declare readonly suggestions: readonly string[];
  constructor(message: string, facts: AgentErrorFacts & { readonly suggestions?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ suggestions: facts.suggestions ?? [] } });
  }
}

/** The agent (`build`, `plan`, …) is not known to the server. */
export class AgentNotFoundError extends AgentError {
  override readonly name: string = "AgentNotFoundError";
  override readonly code: string = "agent_not_found";
  static override readonly hint: string | undefined = "agents() lists the names that the server knows.";
  declare readonly suggestions: readonly string[];
  constructor(message: string, facts: AgentErrorFacts & { readonly suggestions?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ suggestions: facts.suggestions ?? [] } });
  }
}

/** The conversation does not fit into the model's context, also after compaction. */
export class ContextOverflowError extends AgentError {
  override readonly name: string = "ContextOverflowError";
  override readonly code: string = "context_overflow";
  static override readonly hint: string | undefined = "Begin a new session, or ask a `model` with a larger context.";
}

/** The provider's content filter stopped the answer. */
export class ContentFilterError extends AgentError {
  override readonly name: string = "ContentFilterError";
  override readonly code: string = "content_filter";
  static override readonly hint: string | undefined = "Say it in other words, or ask another `model`.";
}

/** The turn was aborted: by a `signal`, `abort()`, another client, or the server ending the directory's instance. */
export class AbortedError extends AgentError {
  override readonly name: string = "AbortedError";
  override readonly code: string = "aborted";
  static override readonly hint: string | undefined = undefined;
}

/** The whole turn took longer than `timeout` ms. It was aborted on the server. */
export class TurnTimeoutError extends AgentError {
  override readonly name: string = "TurnTimeoutError";
  override readonly code: string = "turn_timeout";
  static override readonly hint: string | undefined = "Raise `timeout`; `spent` says where the time went.";
  static override readonly retryable: boolean = true;
  /** Where the time went; absent where it is not known. */
  declare readonly spent: TimeSpent | undefined;
  constructor(message: string, facts: AgentErrorFacts & { readonly spent?: TimeSpent | undefined } = {}) {
    super(message, facts);
  }
}

/** Nothing happened in the run for `idleTimeout` ms. It was aborted on the server. */
export class IdleTimeoutError extends AgentError {
  override readonly name: string = "IdleTimeoutError";
  override readonly code: string = "idle_timeout";
  static override readonly hint: string | undefined =
    "Raise `idleTimeout` where the model or a tool is slow; `answer` has what was done until then.";
  static override readonly retryable: boolean = true;
}

/** The run had reached `maxCost`, `maxSteps` or `maxTokens` and would have gone on. It was aborted on the server. */
export class BudgetExceededError extends AgentError {
  override readonly name: string = "BudgetExceededError";
  override readonly code: string = "budget_exceeded";
  static override readonly hint: string | undefined =
    "Raise the limit that `limit` names, and tell the agent to go on in the same session.";
  /** The option that was the limit. */
  declare readonly limit: "maxCost" | "maxSteps" | "maxTokens";
  /** What was used until then: USD, steps or tokens. */
  declare readonly used: number;
  /** The limit's value. */
  declare readonly max: number;
  constructor(message: string, facts: AgentErrorFacts & Pick<BudgetExceededError, "limit" | "used" | "max">) {
    super(message, facts);
  }
}

/** The agent could not be given tools: an MCP server, ours or another, is not connected. */
export class ToolError extends OpencodeError {
  override readonly name: string = "ToolError";
  override readonly code: string = "tool";
  static override readonly hint: string | undefined =
    "Is the MCP server running? `opencode.mcp.status()` has its state.";
  /** The MCP server's name. */
  declare readonly server: string;
  /** What the opencode server says of it, for example `"failed"` or `"needs_auth"`. */
  declare readonly serverStatus: string;
  constructor(message: string, facts: ErrorFacts & { readonly server: string; readonly serverStatus: string }) {
    super(message, facts);
  }
}

/** One reason why an answer does not fit a schema, as in Standard Schema. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The model gave no output, or one that does not fit the schema. */
export class StructuredOutputError extends AgentError {
  override readonly name: string = "StructuredOutputError";
  override readonly code: string = "structured_output";
  static override readonly hint: string | undefined =
    "Ask again, raise `maxRepairs`, or loosen the schema: `issues` says what does not fit.";
  static override readonly retryable: boolean = true;
  /** What the model gave: the tool call's input, or its text. */
  declare readonly raw: unknown;
  declare readonly issues: readonly SchemaIssue[];
  /** How often the model was asked. */
  declare readonly attempts: number;
  constructor(
    message: string,
    facts: AgentErrorFacts & {
      readonly raw?: unknown;
      readonly issues?: readonly SchemaIssue[];
      readonly attempts?: number;
    } = {},
  ) {
    super(message, { ...facts, ...{ issues: facts.issues ?? [], attempts: facts.attempts ?? 1 } });
  }
}
