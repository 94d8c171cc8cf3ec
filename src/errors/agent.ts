/** Errors of runs that failed or were aborted. */
import type { Answer, Attempt } from "../types/answer.js";
import type { TimeSpent } from "../types/time-spent.js";
import { type ErrorFacts, OpencodeError } from "./base.js";

/** Facts about a failed run of the agent. */
export interface AgentErrorFacts extends ErrorFacts {
  /** The partial answer. */
  readonly answer?: Answer<unknown> | undefined;
  /** The server's own name of the error, for example `"APIError"`. */
  readonly serverName?: string | undefined;
}

/** Names of {@link AgentError} and its subclasses. */
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
  | "RunawayError"
  | "StructuredOutputError";
/** Codes of {@link AgentError} and its subclasses. */
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
  | "runaway"
  | "structured_output";

/** The run failed: the requests succeeded, but the model, its provider or the agent failed. */
export class AgentError extends OpencodeError {
  override readonly name: AgentErrorName = "AgentError";
  override readonly code: AgentErrorCode = "agent";
  static override readonly hint: string | undefined =
    "`answer` has what was done until then; tell the agent to go on in the same session.";
  /** The partial answer; `undefined` if the run has not begun. */
  declare readonly answer: Answer<unknown> | undefined;
  /** The server's own name of the error, for example `"APIError"`. */
  declare readonly serverName: string | undefined;
  /**
   * The models that were asked, with their failures, in order: a list if the turn had `fallbackModels`. In a
   * {@link StructuredOutputError} it is the number of outputs.
   */
  declare readonly attempts: readonly Attempt[] | number | undefined;
  constructor(message: string, facts: AgentErrorFacts = {}) {
    super(message, facts);
  }
}

/** The model provider refused the credentials, or has received none. */
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
  /** Time of the next attempt; `undefined` if unknown. */
  declare readonly retryAt: Date | undefined;
  constructor(message: string, facts: AgentErrorFacts & { readonly retryAt?: Date | undefined } = {}) {
    super(message, facts);
  }
}

/** The server does not know the model. */
export class ModelNotFoundError extends AgentError {
  override readonly name = "ModelNotFoundError";
  override readonly code = "model_not_found";
  static override readonly hint: string | undefined = "models() lists the names that the server knows.";
  /** The nearest names; empty if there is none. */
  declare readonly suggestions: readonly string[];
  constructor(message: string, facts: AgentErrorFacts & { readonly suggestions?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ suggestions: facts.suggestions ?? [] } });
  }
}

/** The server does not know the agent (`build`, `plan`, …). */
export class AgentNotFoundError extends AgentError {
  override readonly name = "AgentNotFoundError";
  override readonly code = "agent_not_found";
  static override readonly hint: string | undefined = "agents() lists the names that the server knows.";
  /** The nearest names; empty if there is none. */
  declare readonly suggestions: readonly string[];
  constructor(message: string, facts: AgentErrorFacts & { readonly suggestions?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ suggestions: facts.suggestions ?? [] } });
  }
}

/** The conversation does not fit into the model's context, even after compaction. */
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

/** The turn was aborted: by a `signal`, by `abort()`, by another client, or by the server when it disposed the directory. */
export class AbortedError extends AgentError {
  override readonly name = "AbortedError";
  override readonly code = "aborted";
  static override readonly hint: string | undefined = undefined;
}

/** The turn took longer than `timeout` ms. It was aborted on the server. */
export class TurnTimeoutError extends AgentError {
  override readonly name = "TurnTimeoutError";
  override readonly code = "turn_timeout";
  static override readonly hint: string | undefined = "Raise `timeout`; `spent` says where the time went.";
  static override readonly retryable: boolean = true;
  /** Time in ms by activity; `undefined` if unknown. */
  declare readonly spent: TimeSpent | undefined;
  constructor(message: string, facts: AgentErrorFacts & { readonly spent?: TimeSpent | undefined } = {}) {
    super(message, facts);
  }
}

/** The run made no progress for `idleTimeout` ms. It was aborted on the server. */
export class IdleTimeoutError extends AgentError {
  override readonly name = "IdleTimeoutError";
  override readonly code = "idle_timeout";
  static override readonly hint: string | undefined =
    "Raise `idleTimeout` where the model or a tool is slow; `answer` has what was done until then.";
  static override readonly retryable: boolean = true;
}

/**
 * The run reached `maxCost`, `maxSteps` or `maxTokens`, or used the rest of the `budget` of its session or client, and would have
 * continued: it was aborted on the server. Or nothing of such a budget was left for a run: no model was called.
 */
export class BudgetExceededError extends AgentError {
  override readonly name = "BudgetExceededError";
  override readonly code = "budget_exceeded";
  static override readonly hint: string | undefined =
    "Raise the limit that `limit` names, and tell the agent to go on in the same session.";
  /** Name of the option that set the limit. */
  declare readonly limit: "maxCost" | "maxSteps" | "maxTokens" | "budget.cost" | "budget.steps" | "budget.tokens";
  /** Owner of the limit: the turn, or the session or client that has a `budget`. */
  declare readonly scope: "turn" | "session" | "client";
  /** Usage when the run was aborted, or was to begin, in USD, steps or tokens: that of the turn, or of all turns of a `budget`. */
  declare readonly used: number;
  /** Value of the limit, in USD, steps or tokens. */
  declare readonly max: number;
  constructor(
    message: string,
    facts: AgentErrorFacts &
      Pick<BudgetExceededError, "limit" | "used" | "max"> &
      Partial<Pick<BudgetExceededError, "scope">>,
  ) {
    super(message, { ...facts, ...{ scope: facts.scope ?? "turn" } });
  }
}

/** The agent went round in circles for twice `maxRepeats` rounds. The run was aborted on the server. */
export class RunawayError extends AgentError {
  override readonly name = "RunawayError";
  override readonly code = "runaway";
  static override readonly hint: string | undefined =
    "Tell the agent in the same session to go another way. If the repetition is meant, raise `maxRepeats`, or switch it off by false.";
  /** Name of the tool of the last call; `"compaction"` if the session was compacted again and again. */
  declare readonly tool: string;
  /** Arguments of the last call. */
  declare readonly input: Readonly<Record<string, unknown>>;
  /** Rounds without a break. A round has one to four calls. */
  declare readonly count: number;
  /** Id of the first call of the first round. */
  declare readonly firstCallId: string;
  /** Id of the last call. */
  declare readonly lastCallId: string;
  constructor(
    message: string,
    facts: AgentErrorFacts & Pick<RunawayError, "tool" | "input" | "count" | "firstCallId" | "lastCallId">,
  ) {
    super(message, facts);
  }
}

/** One reason why a value does not match a schema, as in Standard Schema. */
export interface SchemaIssue {
  /** Description of the issue. */
  readonly message: string;
  /** Path to the value, from the root. Absent for the root itself. */
  readonly path?:
    | readonly (
        | PropertyKey
        | {
            /** Key of this step. */
            readonly key: PropertyKey;
          }
      )[]
    | undefined;
}

/** The model gave no output, or an output that does not match the schema. */
export class StructuredOutputError extends AgentError {
  override readonly name = "StructuredOutputError";
  override readonly code = "structured_output";
  static override readonly hint: string | undefined =
    "Ask again, raise `maxRepairs`, or loosen the schema: `issues` says what does not fit.";
  static override readonly retryable: boolean = true;
  /** The last output of the model: the input of the tool call, or the text. */
  declare readonly raw: unknown;
  /** Reasons why the output does not match the schema. */
  declare readonly issues: readonly SchemaIssue[];
  /** Number of outputs that the model was asked for. */
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
