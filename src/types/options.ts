/** Every option, with its unit and default. The defaults themselves are in {@link defaults}. */
import type { components } from "../generated/schema.js";
import type { Logger, LogLevel } from "../util/logger.js";
import type { PermissionRule } from "./answer.js";
import type { Attachment } from "./attachment.js";
import type { AuditSink, Reviewer } from "./decision.js";
import type { DownloadProgress } from "./download.js";
import type { Hooks } from "./hook.js";
import type { PermissionMode } from "./policy.js";
import type { PermissionHandler, PlanExitHandler, QuestionHandler } from "./request.js";
import type { OutputSchema } from "./schema.js";
import type { Isolation } from "./server.js";
import type { Tool } from "./tool.js";

/** The agent's configuration, as in its `opencode.json`. */
export type Config = components["schemas"]["Config"];

/** opencode's own form, for example `{ bash: { "*": "ask", "git *": "allow" }, edit: "deny" }`; the last match wins. */
export type PermissionConfig = Readonly<
  Record<string, PermissionRule["action"] | Readonly<Record<string, PermissionRule["action"]>>>
>;

/** Tools of a turn, by name. */
export type ToolFilter = { readonly only: readonly string[] } | { readonly deny: readonly string[] };

/** Options of one turn. */
export interface TurnOptions<T = undefined> {
  /** `"provider/model"`. Default: the session's last model, then the server's. */
  readonly model?: string | undefined;
  /** The agent that runs the turn, for example `"plan"`. Default `"build"`. It does not stick to the session. */
  readonly agent?: string | undefined;
  /** Added at the end of the system prompt, for this turn only. */
  readonly system?: string | undefined;
  /** A configured variant of the model, for example `"high"`. */
  readonly variant?: string | undefined;
  /** Files that go with the prompt, made by `attach()`. */
  readonly files?: readonly Attachment[] | undefined;
  /** The answer's `output` is validated against it and has its type. */
  readonly schema?: OutputSchema<T> | undefined;
  /**
   * How a `schema` is asked for. `"native"`: the server's own way, a forced tool call; the prompt cannot be read back then,
   * nor the session be forked (1.18.33). `"prompt"`: in words. `"auto"` (default): native in the session of a single `ask()`,
   * and in words where a session exists or the provider refuses forced calls.
   */
  readonly structured?: "auto" | "native" | "prompt" | undefined;
  /** How often the model is told what does not fit, and asked again, before `StructuredOutputError`. Default 2. */
  readonly maxRepairs?: number | undefined;
  /** Ends the turn, on the server too, with `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** The whole turn, in ms; then it is aborted and rejects with `TurnTimeoutError`. Default: none. */
  readonly timeout?: number | undefined;
  /**
   * Without progress, in ms; then the turn is aborted and rejects with `IdleTimeoutError`. Progress is what the agent and
   * its sub-agents do, not the server's heartbeat. The clock stands while a callback is asked. Default: none.
   */
  readonly idleTimeout?: number | undefined;
  /**
   * The longest wait before the server calls the model again, in ms. When it announces a longer one (a provider's rate
   * limit may ask for hours) the turn is aborted and rejects with `ProviderRateLimitError`. Default: none, it is waited for.
   */
  readonly maxRetryWait?: number | undefined;
  /** USD that the turn may cost, sub-agents included. When a step has cost more, a run that would go on is aborted: `BudgetExceededError`. */
  readonly maxCost?: number | undefined;
  /** Model steps, sub-agents' included. A run that would make one more is aborted: `BudgetExceededError`. */
  readonly maxSteps?: number | undefined;
  /** Tokens of all kinds, sub-agents' included. As `maxCost`. */
  readonly maxTokens?: number | undefined;
  /**
   * Which tools the agent has in this turn: `only` these, or all but those it is to be denied. Names as `tools()` lists them,
   * with wildcards for those of MCP servers (`"github_*"`); `write`, `edit` and `apply_patch` are one. It holds for this turn,
   * and for its sub-agents. Default: what the server's rules leave.
   */
  readonly tools?: ToolFilter | undefined;
  /**
   * Rules of this turn, on top of the server's and the session's, for asks and denials; see `docs/permissions.md`. What they
   * allow is answered when it is asked.
   */
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  /** How much the agent may do; the table is in `docs/permissions.md`. Default `"default"`: what the server's rules say. */
  readonly permissionMode?: PermissionMode | undefined;
  /** What to do while the session runs another turn: wait for it, or throw `SessionBusyError`. Default `"queue"`. */
  readonly whenBusy?: "queue" | "reject" | undefined;
  /**
   * Answers the agent's permission asks. `"reply"`: they wait for `opencode.reply()`. Both at most `callbackTimeout` ms. Default: every
   * ask is refused, with a reason, and listed in `answer.denials`, unless a reader of `events` replies before it goes on.
   */
  readonly onPermission?: PermissionHandler | "reply" | undefined;
  /** Answers the agent's questions; `"reply"` as above. Default: they are left unanswered, which the agent is told. */
  readonly onQuestion?: QuestionHandler | "reply" | undefined;
  /** Decides whether the agent may leave plan mode; `"reply"` as above. Default: no. */
  readonly onPlanExit?: PlanExitHandler | "reply" | undefined;
  /**
   * A directory, absolute or relative to the session's: reading, searching and editing outside of it is refused, after links
   * and `..` are resolved (links only where there is a file system). Commands of the shell are not confined by it.
   */
  readonly confineTo?: string | undefined;
  /** Decides what rules leave open, before `onPermission`: a function, or a model with a rubric. Default: none. */
  readonly reviewer?: Reviewer | undefined;
  /** Every decision about a permission: to a file (JSON lines, appended; Node only), or a function. Default: none. */
  readonly audit?: string | AuditSink | undefined;
  /** Functions of yours at fixed moments; see `docs/hooks.md`. */
  readonly hooks?: Hooks | undefined;
  /** How long a callback or hook may take, in ms. Default 60,000. */
  readonly callbackTimeout?: number | undefined;
}

/** Options of a turn on a session that exists. */
export interface SessionTurnOptions<T = undefined> extends TurnOptions<T> {
  /**
   * Your own id for the prompt (`msg_…`), so that it can be asked for again: the same id with the same text gives the
   * stored answer, with other text a `ConflictError`, and a stored failure is thrown again.
   */
  readonly messageId?: string | undefined;
}

/** Options of `createSession`. */
export interface CreateSessionOptions {
  /** Default: the time of creation. (Without a title the server makes an extra model call to find one.) */
  readonly title?: string | undefined;
  /** Absolute or relative to the client's. Default: the client's. */
  readonly directory?: string | undefined;
  /** Agent of the session's turns that name none. */
  readonly agent?: string | undefined;
  /** `"provider/model"` of the session's turns that name none. */
  readonly model?: string | undefined;
  /** Rules of this session, on top of the server's. */
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  /** How much the agent may do in this session. Default: the client's. */
  readonly permissionMode?: PermissionMode | undefined;
  /** The session this one belongs to. */
  readonly parentId?: string | undefined;
  /** Kept with the session, yours to use. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Tools of the application for this session, its copies and its sub-agents, made by `defineTool()`; a call from another
   * session is refused. Needs Node and `@modelcontextprotocol/sdk`.
   */
  readonly tools?: readonly Tool[] | undefined;
}

/** The application's tools. */
export interface ToolOptions {
  /**
   * Tools that the agent can call in this process, made by `defineTool()`, for all sessions of the client. The agent sees
   * them as `app_<name>`. Needs Node and `@modelcontextprotocol/sdk`.
   */
  readonly tools?: readonly Tool[] | undefined;
}

/** What starting and connecting have in common. */
export interface CommonOptions {
  /** Where the agent works. Must exist when we start the server. Default: the current directory, or the server's own. */
  readonly directory?: string | undefined;
  /** Workspace id (`wrk_…`) sent with every request. Default: none. */
  readonly workspace?: string | undefined;
  /** One request, in ms, per try. A turn is not one request. Default 60,000; 0 means no limit. */
  readonly requestTimeout?: number | undefined;
  /** How often a request that may be repeated is repeated. Default 2. */
  readonly maxRetries?: number | undefined;
  /** How long a turn goes on trying to reach a server that does not answer, in ms. Default 30,000. */
  readonly reconnectTimeout?: number | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Where log lines go. Default: standard error. */
  readonly logger?: Logger | undefined;
  /** Default: `OPENCODE_LOG`, otherwise `"warn"`. */
  readonly logLevel?: LogLevel | undefined;
}

/** Options of `createOpencode({ baseUrl })`. */
export interface ConnectOptions extends CommonOptions {
  /** Where the server listens, for example `"http://127.0.0.1:4096"`. `user:password@` in it is taken out and used. */
  readonly baseUrl: string;
  /** Default `"opencode"`. */
  readonly username?: string | undefined;
  /** Basic authentication. */
  readonly password?: string | undefined;
  /** Bearer token for a gateway in front of the server; a function is asked again after a 401, once. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
}

/** Options of `createOpencodeServer`. */
export interface ServerOptions {
  /** Working directory of the server. Must exist. Default: the current directory. */
  readonly directory?: string | undefined;
  /** Configuration given to the server, merged over an inherited `OPENCODE_CONFIG_CONTENT`. */
  readonly config?: Config | undefined;
  /** Path of the agent's binary. Default: found by `resolveBinary`. */
  readonly binary?: string | undefined;
  /**
   * Downloads the release that this package was made for where no usable binary is found (about 65 MB, once). `false`:
   * `BinaryNotFoundError` instead. Default `true`.
   */
  readonly download?: boolean | undefined;
  /** Told how that download comes on. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Address to listen on. Anything but loopback needs an explicit `password`. Default `"127.0.0.1"`. */
  readonly hostname?: string | undefined;
  /** Port to listen on. Default: a free one. */
  readonly port?: number | undefined;
  /** Password of the server. Default: random, 192 bits. */
  readonly password?: string | undefined;
  /**
   * ms that a start may show no sign of life: output, an answer, and on Linux processor time. A start that goes on ends
   * after four times as long. Finding the binary counts, a download does not. Default 30,000.
   */
  readonly serverTimeout?: number | undefined;
  /** Merged over this process's environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * `"inherit"`: the user's configuration, logins and data. `"clean"`: a private, temporary home that is deleted when
   * the server ends. `{ home }`: the same in a folder of yours, which is made if it is not there, and stays. Default
   * `"inherit"`.
   */
  readonly isolation?: Isolation | undefined;
  /**
   * Starts the agent's process again when it ends by itself: on the same data, port and password, after a pause of
   * 100 ms that doubles, and at most five times within a minute. Default `false`.
   */
  readonly restart?: boolean | undefined;
  /** Ends the start, and later the server. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
  readonly logLevel?: LogLevel | undefined;
}

/** When a server of ours lets go of what it has loaded for a directory. */
export interface DirectoryOptions {
  /**
   * ms without a use of a directory, after which the server disposes what it has loaded for it: MCP servers, watchers,
   * memory. Not while a run or a terminal of any client is in it. The next use is slower. Default 600,000.
   */
  readonly directoryIdleTimeout?: number | undefined;
  /** So many directories may be loaded: above that the longest idle one is disposed at once. Default: any number. */
  readonly maxDirectories?: number | undefined;
}

/** Options of `createOpencode()` when it starts a server. */
export interface StartOptions extends Omit<CommonOptions, "directory">, ServerOptions, DirectoryOptions {
  readonly baseUrl?: undefined;
  /**
   * ms in which nothing may be heard of the server while a turn is open, also not about its health; one that is at work gets four times as long.
   * Then open turns reject with `ServerUnresponsiveError`; with `restart: true` the server is ended with its tools and started again, and they go
   * on. Time in which this process or the machine stood does not count. `Infinity`: never. Default 10,000.
   */
  readonly unresponsiveTimeout?: number | undefined;
  /** `"provider/model"` for all turns that name none. */
  readonly model?: string | undefined;
}

/** Defaults that are numbers or words. Milliseconds. */
export const defaults = {
  requestTimeout: 60_000,
  maxRetries: 2,
  reconnectTimeout: 30_000,
  serverTimeout: 30_000,
  directoryIdleTimeout: 600_000,
  callbackTimeout: 60_000,
  unresponsiveTimeout: 10_000,
  maxRepairs: 2,
  hostname: "127.0.0.1",
  username: "opencode",
} as const;
