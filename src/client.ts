/// <reference lib="esnext.disposable" preserve="true" />
// The declarations use `Symbol.asyncDispose`: whoever compiles against them need not name the library that has it.
/**
 * The entry `opencode-ts/client`: everything that needs neither a process nor a file system, so that it loads in a
 * browser. Named exports only.
 */
export { type CallOptions, type ClientOptions, createOpencodeClient, type OpencodeClient } from "./client/client.js";
export { createOpencode, type OpencodeOptions } from "./connect.js";
export type { Credential } from "./credential.js";
export {
  AbortedError,
  AgentError,
  type AgentErrorFacts,
  AgentNotFoundError,
  type AnyOpencodeError,
  APIAbortError,
  APIConnectionError,
  APIResponseValidationError,
  APIStatusError,
  APITimeoutError,
  ApprovalPendingError,
  AuthenticationError,
  BadRequestError,
  BinaryDownloadError,
  type BinaryDownloadFacts,
  type BinaryDownloadReason,
  BinaryNotFoundError,
  BudgetExceededError,
  ConfigError,
  ConflictError,
  ContentFilterError,
  ContextOverflowError,
  type ErrorFacts,
  IdleTimeoutError,
  InternalServerError,
  isOpencodeError,
  MessageNotFoundError,
  ModelNotFoundError,
  NotFoundError,
  OpencodeError,
  type OpencodeErrorCode,
  PermissionDeniedError,
  type ProcessFacts,
  ProviderAuthError,
  ProviderRateLimitError,
  RateLimitError,
  RunawayError,
  type SchemaIssue,
  ServerExitedError,
  ServerStartupError,
  ServerStartupTimeoutError,
  ServerUnresponsiveError,
  SessionBusyError,
  SessionNotFoundError,
  StructuredOutputError,
  ToolError,
  TurnTimeoutError,
  UnprocessableEntityError,
  UnsupportedEndpointError,
  UnsupportedServerVersionError,
} from "./errors/index.js";
export { type Loaded, Opencode } from "./opencode.js";
export { parsePolicy } from "./permissions/policy/parse-policy.js";
export { approveAll, policy } from "./permissions/policy/policy.js";
export type { ProviderKey } from "./provider-auth.js";
export { AnswerStream } from "./session/answer-stream.js";
export type { RevertResult } from "./session/history/revert.js";
export { Session } from "./session/session.js";
export type { Mcp, McpServerConfig, McpServerStatus } from "./tools/mcp.js";
export type {
  AgentInfo,
  Answer,
  AssistantMessage,
  Attempt,
  CommandInfo,
  ContextKinds,
  ContextUsage,
  Denial,
  FileDiff,
  Message,
  ModelInfo,
  ModelUsage,
  Part,
  PermissionRule,
  ProviderInfo,
  ReadableMessage,
  Schemas,
  SessionInfo,
  SessionUsage,
  Todo,
  ToolCall,
  ToolPart,
  TreeUsage,
  UnreadableMessage,
  Usage,
  UserMessage,
} from "./types/answer.js";
export type {
  Approval,
  ApprovalFilter,
  ApprovalRequest,
  ApprovalState,
  ApprovalStore,
  Approvals,
  ApprovalsOptions,
} from "./types/approval.js";
export type { AttachedFile, Attachment } from "./types/attachment.js";
export type { BudgetLimits, BudgetStatus, Spending } from "./types/budget.js";
export type { AnyConfig, Config, ConfigAgent, ConfigNames2, ConfigProvider, ConfigRule } from "./types/config.js";
export type {
  AuditEntry,
  AuditSink,
  DecidedBy,
  Reviewer,
  ReviewFunction,
  ReviewModel,
  ReviewReply,
} from "./types/decision.js";
export type { DeepPartial } from "./types/deep-partial.js";
export type { ExportOptions, ImportOptions, SessionDescription, SessionDocument } from "./types/document.js";
export type { AgentEvent, FallbackReason, ServerEvent, Subagent } from "./types/event.js";
export type {
  ErrorHook,
  Hook,
  HookList,
  HookRefusal,
  Hooks,
  Maybe,
  PostToolUse,
  PreToolUse,
  SessionStart,
  StopHook,
  ToolUse,
  ToolUsed,
  UserPromptSubmit,
} from "./types/hook.js";
export type {
  CommonOptions,
  ConnectOptions,
  CreateSessionOptions,
  PermissionConfig,
  SessionTurnOptions,
  ToolFilter,
  TurnOptions,
} from "./types/options.js";
export type {
  PermissionMode,
  PermissionPolicy,
  PolicyAction,
  PolicyDecision,
  PolicyOptions,
  PolicyRequest,
  PolicyRule,
} from "./types/policy.js";
export type { Prompt, PromptPart } from "./types/prompt.js";
export type { Protocol, ServerProtocol } from "./types/protocol.js";
export type {
  CallbackContext,
  PermissionHandler,
  PermissionReply,
  PermissionRequest,
  PlanExitHandler,
  QuestionHandler,
  QuestionReply,
  QuestionRequest,
  RequestReply,
} from "./types/request.js";
export type { JsonSchema, OutputSchema, StandardSchema } from "./types/schema.js";
export type { AgentHome, Isolation, OpencodeServer, ProcessExit } from "./types/server.js";
export type {
  CommandOptions,
  CompactOptions,
  DiffOptions,
  EventsOptions,
  ForkOptions,
  HistoryOptions,
  MessagesOptions,
  ReloadOptions,
  RevertOptions,
  SessionOptions,
  SessionsOptions,
  ShellOptions,
  StreamOptions,
  WaitOptions,
} from "./types/session-options.js";
export type { NoticeCommand, OnSettled, SettledNotice, SettledTurn, WebHook } from "./types/settled.js";
export type { SteerResult } from "./types/steer.js";
export type { TimeSpent } from "./types/time-spent.js";
export type { Tool } from "./types/tool.js";
export type { Logger, LogLevel } from "./util/logger.js";
