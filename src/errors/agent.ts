/** Runs of the agent that failed or were ended. */
import type { Answer } from "../types/answer.js";
import type { TimeSpent } from "../types/time-spent.js";
import { type ErrorFacts, OpencodeError } from "./base.js";

/** Facts about a run of the agent that failed. */
export interface AgentErrorFacts extends ErrorFacts {
  /** What the agent had answered until then. */
  readonly answer?: Answer<unknown> | undefined;
  /** The server's own name of the error, for example `"APIError"`. */
  readonly serverName?: string | undefined;
}

/** Of {@link AgentError} and the classes below it. */
export type AgentErrorName =
  | "AgentError"
  | "ProviderAuthError"
  | "ProviderRateLimitError"
  | "ModelNotFoundError"
  | "AgentNotFoundError"
  | "ContextOverflowError"
  | "ContentFilterError"
  | "AbortedError"
  | "TurnTimeoutError"
  | "IdleTimeoutError"
  | "BudgetExceededError"
  | "StructuredOutputError";
/** Of {@link AgentError} and the classes below it. */
export type AgentErrorCode =
  | "agent"
  | "provider_auth"
  | "provider_rate_limit"
  | "model_not_found"
  | "agent_not_found"
  | "context_overflow"
  | "content_filter"
  | "aborted"
  | "turn_timeout"
  | "idle_timeout"
  | "budget_exceeded"
  | "structured_output";

/** The run itself failed: the request was fine, the model, the provider or the agent was not. */
export class AgentError extends OpencodeError {
  override readonly name: AgentErrorName = "AgentError";
  override readonly code: AgentErrorCode = "agent";
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
  override readonly name = "ProviderAuthError";
  override readonly code = "provider_auth";
  static override readonly hint: string | undefined =
    'Log in with `opencode auth login`, call setAuth(provider, { key }) or { env: "NAME_OF_VARIABLE" }, or set the provider\'s key variable before the server starts.';
}

/** The model provider's rate limit or quota is used up. */
export class ProviderRateLimitError extends AgentError {
  override readonly name = "ProviderRateLimitError";
  override readonly code = "provider_rate_limit";
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
  override readonly name = "ModelNotFoundError";
  override readonly code = "model_not_found";
  static override readonly hint: string | undefined = "models() lists the names that the server knows.";
  declare readonly suggestions: readonly string[];
  constructor(message: string, facts: AgentErrorFacts & { readonly suggestions?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ suggestions: facts.suggestions ?? [] } });
  }
}

/** The agent (`build`, `plan`, …) is not known to the server. */
export class AgentNotFoundError extends AgentError {
  override readonly name = "AgentNotFoundError";
  override readonly code = "agent_not_found";
  static override readonly hint: string | undefined = "agents() lists the names that the server knows.";
  declare readonly suggestions: readonly string[];
  constructor(message: string, facts: AgentErrorFacts & { readonly suggestions?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ suggestions: facts.suggestions ?? [] } });
  }
}

/** The conversation does not fit into the model's context, also after compaction. */
export class ContextOverflowError extends AgentError {
  override readonly name = "ContextOverflowError";
  override readonly code = "context_overflow";
  static override readonly hint: string | undefined = "Begin a new session, or ask a `model` with a larger context.";
}

/** The provider's content filter stopped the answer. */
export class ContentFilterError extends AgentError {
  override readonly name = "ContentFilterError";
  override readonly code = "content_filter";
  static override readonly hint: string | undefined = "Say it in other words, or ask another `model`.";
}

/** The turn was aborted: by a `signal`, `abort()`, another client, or the server ending the directory's instance. */
export class AbortedError extends AgentError {
  override readonly name = "AbortedError";
  override readonly code = "aborted";
  static override readonly hint: string | undefined = undefined;
}

/** The whole turn took longer than `timeout` ms. It was aborted on the server. */
export class TurnTimeoutError extends AgentError {
  override readonly name = "TurnTimeoutError";
  override readonly code = "turn_timeout";
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
  override readonly name = "IdleTimeoutError";
  override readonly code = "idle_timeout";
  static override readonly hint: string | undefined =
    "Raise `idleTimeout` where the model or a tool is slow; `answer` has what was done until then.";
  static override readonly retryable: boolean = true;
}

/** The run had reached `maxCost`, `maxSteps` or `maxTokens` and would have gone on. It was aborted on the server. */
export class BudgetExceededError extends AgentError {
  override readonly name = "BudgetExceededError";
  override readonly code = "budget_exceeded";
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

/** One reason why an answer does not fit a schema, as in Standard Schema. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The model gave no output, or one that does not fit the schema. */
export class StructuredOutputError extends AgentError {
  override readonly name = "StructuredOutputError";
  override readonly code = "structured_output";
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
