/** What sessions and turns need from the connection they belong to. */
import type { AgentApi } from "../api/agent-api.js";
import type { OpenPermission, OpenQuestion } from "../api/api-event.js";
import type { OpencodeClient } from "../client/client.js";
import type { ReadOptions } from "../client/retry-transient.js";
import type { EventHub } from "../events/event-hub.js";
import type { ApprovalCache } from "../permissions/policy/approvals.js";
import type {
  ApprovalStore,
  Approvals,
  AuditSink,
  PolicyOptions,
  ReviewFunction,
  ReviewModel,
  ServerProtocol,
  Tool,
} from "../types/index.js";
import type { LeftRuns } from "./abandoned-runs.js";
import type { ConnectionBudgets } from "./budget/connection-budgets.js";
import type { Catalog } from "./catalog.js";
import type { EffectivePermissions } from "./permissions/effective-rules.js";
import type { ReplyDesk } from "./permissions/reply-registry.js";
import type { SessionRuleLedger } from "./permissions/rule-ledger.js";
import type { RunningTurns } from "./turn/active-turns.js";
import type { TurnDefaults } from "./turn-options.js";

/** What permissions of a turn need beyond the server. */
export interface PermissionContext {
  /** What holds on the server from its start. */
  readonly inForce: EffectivePermissions;
  /** What "always" was said to. */
  readonly approvals: ApprovalCache;
  /** Sessions that were told rules of an agent. */
  readonly borrowed: SessionRuleLedger;
  /** Where there is a file system. */
  readonly realpath?: PolicyOptions["realpath"] | undefined;
  readonly home?: string | undefined;
  readonly openAudit?: ((path: string) => AuditSink) | undefined;
  /** Where there are processes: runs a program with a text as its input. Rejects when it fails. */
  readonly runProgram?: ((command: readonly string[], input: string, signal: AbortSignal) => Promise<void>) | undefined;
  /** The store of parked requests. Rejects with `ConfigError` where there is none. */
  readonly openApprovalStore: () => Promise<ApprovalStore>;
  /** That store, where requests of this client may be in it; otherwise `undefined`. */
  readonly usedApprovalStore: () => Promise<ApprovalStore> | undefined;
  /** The approvals in that store. */
  readonly stored: Approvals;
  /** A model as reviewer. */
  readonly review: (scope: DirectoryContext, reviewer: ReviewModel) => ReviewFunction;
}

/** The application's tools, as sessions and turns need them. */
export interface SessionTools {
  /** Resolves to the tools that can be given to a session; rejects with `ConfigError`. */
  check(tools: unknown): Promise<readonly Tool[]>;
  /** Gives tools to a session, for its next turns. */
  give(sessionId: string, tools: readonly Tool[]): void;
  /** Called when a turn begins; `undefined` when there are no tools. */
  use(scope: DirectoryContext, sessionId: string): ToolUse | undefined;
  /** The tools of a session are its copy's, too. */
  share(sessionId: string, copyId: string): void;
  /** The session is gone, and its tools with it. */
  forget(sessionId: string): Promise<void>;
}

/** The tools during one turn. */
export interface ToolUse {
  /** Resolves when the server can call them; rejects with `ToolError`, `ConfigError` or the error of a request. */
  ready(signal: AbortSignal): Promise<void>;
  /** The turn is over. */
  release(): void;
}

/** The watch over a server of ours that lives and may not respond. */
export interface ResponsivenessWatch {
  /** Aborts with a `ServerUnresponsiveError`; another one from then on. */
  readonly signal: AbortSignal;
  /** A turn needs the server, until the result is called. */
  enter(): () => void;
}

export interface Connection {
  /** For the application: the raw client of the connection. */
  readonly client: OpencodeClient;
  /** The server; another one after `reconnect()`. */
  readonly api: AgentApi;
  /** The protocol of the server, and its release. */
  readonly protocol: ServerProtocol;
  /** Aborts when the connection is over for good; the reason is the error that open turns end with. */
  readonly lifetime: AbortSignal;
  readonly permissionContext: PermissionContext;
  /** How long a turn goes on trying to reach a server that does not answer, in ms. */
  readonly reconnectTimeout: number;
  /** `undefined` for a server that is not ours. */
  readonly responsiveness: ResponsivenessWatch | undefined;
  /** The turns that run, for those who join them. */
  readonly running: RunningTurns;
  /** What the agent asks and nobody has answered yet. */
  readonly desk: ReplyDesk;
  /** The runs that turns have left on the server. */
  readonly left: LeftRuns;
  /** The budgets of its sessions, and its own. */
  readonly budgets: ConnectionBudgets;
  /** Tells of a turn that is to be aborted when the connection is closed. */
  track(turn: { abort(): Promise<void>; readonly answer: Promise<unknown> }): void;
  /** A session that this connection made for itself: it is nobody's sub-agent, whatever its parent. */
  isSeparate(sessionId: string): boolean;
  /** `undefined` where tools cannot be offered: in a browser. */
  readonly tools: SessionTools | undefined;
  /** The options that all its turns have unless a session or a call gives its own. */
  readonly defaults: TurnDefaults;
  /** The server's directories are this machine's. */
  readonly isLocal: boolean;
  /** Notes a session that was made with a parent: no turn of the parent's takes it for a sub-agent. */
  markSeparate(sessionId: string): void;
  /** The server has loaded the directory anew: its lists are read again, and what was added to it is brought back. */
  renew(directory: string): Promise<void>;
  /** A directory that was given for one call, as an absolute path. Throws `ConfigError`. */
  resolveDirectory(directory: string): string;
  /** The client and the events of one directory; `undefined` is the server's own. */
  scope(directory: string | undefined): DirectoryContext;
}

/** One session, as its turns and calls need it. */
export interface SessionContext {
  readonly connection: Connection;
  readonly sessionId: string;
  /** The options that its turns have unless they give their own. */
  readonly defaults: TurnDefaults;
  /** The permissions that hold in it already. */
  readonly inForce: EffectivePermissions;
  /** Nobody else knows the session, and it has no turns yet. */
  readonly isFresh: boolean;
  /** Client and events of its directory. Rejects for a session that does not exist. */
  readonly scope: (call?: ReadLimits) => Promise<DirectoryContext>;
  /** The agent of the turns that name none, if it is none of the `defaults`. It is known when `scope` is. */
  readonly ownAgent?: () => string | undefined;
}

/** How long a read may take, and how often it is made. */
export type ReadLimits = Partial<Pick<ReadOptions, "timeout" | "maxRetries">>;

/** A connection, narrowed to one directory. */
export interface DirectoryContext {
  readonly client: OpencodeClient;
  /** The server, narrowed to the directory. */
  readonly api: AgentApi;
  readonly hub: EventHub;
  readonly names: Catalog;
  /** What the sessions of the directory do; those that are idle are not in it. One read for all who ask at the same time. */
  readonly status: (call: ReadOptions) => Promise<unknown>;
  /** The open permission asks of the directory, likewise. */
  readonly permissions: (call: ReadOptions) => Promise<readonly OpenPermission[]>;
  /** The open questions of the directory, likewise. */
  readonly questions: (call: ReadOptions) => Promise<readonly OpenQuestion[]>;
}
