/** Every option, with its unit and default. {@link defaults} has the values. */
import type { Logger, LogLevel } from "../util/logger.js";
import type { PermissionRule } from "./answer.js";
import type { Attachment } from "./attachment.js";
import type { AnyConfig } from "./config.js";
import type { AuditSink, Reviewer } from "./decision.js";
import type { DownloadProgress } from "./download.js";
import type { Hooks } from "./hook.js";
import type { PermissionMode } from "./policy.js";
import type { Protocol } from "./protocol.js";
import type { PermissionHandler, PlanExitHandler, QuestionHandler } from "./request.js";
import type { OutputSchema } from "./schema.js";
import type { Isolation } from "./server.js";
import type { Tool } from "./tool.js";

export type { AnyConfig, Config } from "./config.js";

/** Permission rules in the form of `opencode.json`: `{ bash: { "*": "ask", "git *": "allow" }, edit: "deny" }`. The last match wins. */
export type PermissionConfig = Readonly<
  Record<string, PermissionRule["action"] | Readonly<Record<string, PermissionRule["action"]>>>
>;

/** Tools of a turn, by name. `*` and `?` are wildcards. */
export type ToolFilter =
  | {
      /** The tools that the agent has. It has no others. */
      readonly only: readonly string[];
    }
  | {
      /** The tools that the agent does not have. It has all others. */
      readonly deny: readonly string[];
    };

/** Options of one turn. */
export interface TurnOptions<T = undefined> {
  /** `"provider/model"`, for this turn. @default the session's own model, otherwise the server's */
  readonly model?: string | undefined;
  /** The agent that runs this turn, for example `"plan"`. @default that of `createSession()`, otherwise the server's */
  readonly agent?: string | undefined;
  /** Text that is added at the end of the system prompt, for this turn only. */
  readonly system?: string | undefined;
  /** A configured variant of the model, for example `"high"`. */
  readonly variant?: string | undefined;
  /** Files that go with the prompt. `attach()` makes them. */
  readonly files?: readonly Attachment[] | undefined;
  /** Schema of the answer's `output`, which is validated and has the schema's type. */
  readonly schema?: OutputSchema<T> | undefined;
  /**
   * How the model is asked for the `schema`. `"native"`: by the server's forced tool call. Afterwards the prompt cannot be read
   * and the session cannot be forked (1.18.33). `"prompt"`: by text in the prompt. `"auto"`: native in the session of a single
   * `ask()`; by text in an existing session, and if the provider refuses forced calls.
   * @default "auto"
   */
  readonly structured?: "auto" | "native" | "prompt" | undefined;
  /** How often an invalid output is sent back to the model with its issues, before `StructuredOutputError`. @default 2 */
  readonly maxRepairs?: number | undefined;
  /** Aborts the turn, on the server too. The turn rejects with `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Limit of the whole turn, in ms. After it the turn is aborted and rejects with `TurnTimeoutError`. @default none */
  readonly timeout?: number | undefined;
  /**
   * Limit of time without progress, in ms. After it the turn is aborted and rejects with `IdleTimeoutError`. Work of the agent
   * and its sub-agents is progress; the server's heartbeat is not. The clock stops while a callback runs.
   * @default none
   */
  readonly idleTimeout?: number | undefined;
  /**
   * The longest wait of the server before it repeats a model call, in ms. If the server announces a longer one (a provider's
   * rate limit may ask for hours), the turn is aborted and rejects with `ProviderRateLimitError`.
   * @default none: the turn waits
   */
  readonly maxRetryWait?: number | undefined;
  /**
   * Limit of the turn's cost in USD, including sub-agents. It is checked after each step: a run over the limit that would
   * continue is aborted and rejects with `BudgetExceededError`. @default none
   */
  readonly maxCost?: number | undefined;
  /** Limit of model steps, including those of sub-agents. One step more rejects with `BudgetExceededError`. @default none */
  readonly maxSteps?: number | undefined;
  /** Limit of tokens of all kinds, including those of sub-agents. Checked as `maxCost`. @default none */
  readonly maxTokens?: number | undefined;
  /** A share of the model's context, for example 0.8: a step that passes it gives an event `context`. @default none */
  readonly contextWarning?: number | undefined;
  /**
   * Tools of the agent and its sub-agents in this turn. Names are those of `tools()`, with wildcards for the tools of MCP servers
   * (`"github_*"`). `write`, `edit` and `apply_patch` count as one.
   * @default all tools that the server's rules permit
   */
  readonly tools?: ToolFilter | undefined;
  /**
   * Rules of this turn, on top of the server's and the session's; see `docs/permissions.md`. Rules that allow take effect when the
   * agent asks.
   * @default none
   */
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  /** How much the agent may do; `docs/permissions.md` has the table. @default "default": the server's rules decide */
  readonly permissionMode?: PermissionMode | undefined;
  /** If the session runs another turn: wait for its end, or reject with `SessionBusyError`. @default "queue" */
  readonly whenBusy?: "queue" | "reject" | undefined;
  /**
   * Answers permission requests, within `callbackTimeout` ms. `"reply"`: requests wait that long for `opencode.reply()`.
   * @default every request is refused with a reason and listed in `answer.denials`, unless a reader of `events` replies before it
   * reads the next event
   */
  readonly onPermission?: PermissionHandler | "reply" | undefined;
  /** Answers the agent's questions; `"reply"` as in `onPermission`. @default the agent is informed that nobody answers */
  readonly onQuestion?: QuestionHandler | "reply" | undefined;
  /** Decides whether the agent may leave plan mode; `"reply"` as in `onPermission`. @default it may not */
  readonly onPlanExit?: PlanExitHandler | "reply" | undefined;
  /**
   * Refuses to read, search and edit outside of this directory, after `..` and symbolic links are resolved (links only in Node).
   * The path is absolute or relative to the session's directory. It does not confine shell commands.
   * @default none
   */
  readonly confineTo?: string | undefined;
  /** Decides requests that no rule decides, before `onPermission`: a function, or a model with a rubric. @default none */
  readonly reviewer?: Reviewer | undefined;
  /** Records every permission decision: appends JSON lines to this file (Node only), or calls a function. @default none */
  readonly audit?: string | AuditSink | undefined;
  /** Functions that run at fixed moments of the turn; see `docs/hooks.md`. @default none */
  readonly hooks?: Hooks | undefined;
  /** Limit of one callback or hook, in ms. @default 60_000 */
  readonly callbackTimeout?: number | undefined;
}

/** Options of a turn on a session that exists. */
export interface SessionTurnOptions<T = undefined> extends TurnOptions<T> {
  /**
   * Your own id of the prompt (`msg_…`). The same id and text again resolve with the stored answer, or reject with the stored
   * error; another text rejects with `ConflictError`.
   * @default a new id
   */
  readonly messageId?: string | undefined;
}

/** Options of `createSession`. */
export interface CreateSessionOptions {
  /** Title of the session. For a session without a title the server makes an extra model call. @default the time of creation */
  readonly title?: string | undefined;
  /** Where the agent works: absolute or relative to the client's directory. @default the client's directory */
  readonly directory?: string | undefined;
  /** Agent of the session's turns that name none. */
  readonly agent?: string | undefined;
  /** `"provider/model"` of the session's turns that name none. */
  readonly model?: string | undefined;
  /** Rules of this session, on top of the server's. */
  readonly permission?: PermissionConfig | readonly PermissionRule[] | undefined;
  /** How much the agent may do in this session. @default the client's mode */
  readonly permissionMode?: PermissionMode | undefined;
  /** Id of the parent session. @default none */
  readonly parentId?: string | undefined;
  /** Data of the application that the server stores with the session. @default none */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Tools of the application for this session, its forks and its sub-agents. `defineTool()` makes them. A call from another
   * session is refused. Needs Node and `@modelcontextprotocol/sdk`.
   * @default none
   */
  readonly tools?: readonly Tool[] | undefined;
}

/** Tools of the application. */
export interface ToolOptions {
  /**
   * Tools of the application for all sessions of the client. `defineTool()` makes them, and they run in this process. The agent
   * sees them as `app_<name>`. Needs Node and `@modelcontextprotocol/sdk`.
   * @default none
   */
  readonly tools?: readonly Tool[] | undefined;
}

/** Options of `createOpencode()`, whether it starts a server or connects to one. */
export interface CommonOptions {
  /** Takes only a server of 1.x (`"v1"`) or of 2.x (`"v2"`). @default "auto": either, and the binary of 1.x if both are found */
  readonly protocol?: Protocol | "auto" | undefined;
  /** Where the agent works. Must exist if we start the server. @default the current directory, or the server's when connected */
  readonly directory?: string | undefined;
  /** Workspace id (`wrk_…`), sent with every request. @default none */
  readonly workspace?: string | undefined;
  /** Limit of one attempt of a request, in ms; 0 means no limit. A turn takes many requests. @default 60_000 */
  readonly requestTimeout?: number | undefined;
  /** How often a request is retried, if a retry is safe. @default 2 */
  readonly maxRetries?: number | undefined;
  /** How long a turn tries to reach a server that does not answer, in ms. @default 30_000 */
  readonly reconnectTimeout?: number | undefined;
  /** Headers, sent with every request. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Receives log lines. @default standard error */
  readonly logger?: Logger | undefined;
  /** Lowest level of log lines. @default the variable `OPENCODE_LOG`, otherwise "warn" */
  readonly logLevel?: LogLevel | undefined;
}

/** Options of `createOpencode({ baseUrl })`. */
export interface ConnectOptions extends CommonOptions {
  /** Address of the server, for example `"http://127.0.0.1:4096"`. `user:password@` in it becomes the credentials. */
  readonly baseUrl: string;
  /** User name for Basic authentication. @default "opencode" */
  readonly username?: string | undefined;
  /** Password for Basic authentication. @default none */
  readonly password?: string | undefined;
  /** Bearer token for a gateway in front of the server. A function is called again after a 401, once. @default none */
  readonly token?: string | (() => string | Promise<string>) | undefined;
}

/** Options of `createOpencodeServer`. */
export interface ServerOptions extends Pick<CommonOptions, "protocol"> {
  /** Working directory of the server. Must exist. @default the current directory */
  readonly directory?: string | undefined;
  /** Configuration of the agent, merged over an inherited `OPENCODE_CONFIG_CONTENT`, in either shape. @default none */
  readonly config?: AnyConfig | undefined;
  /** Path of the agent's binary. @default the result of `resolveBinary()` */
  readonly binary?: string | undefined;
  /**
   * Downloads the release that this package was built for if there is no usable binary (about 65 MB, once). With `false` the
   * start rejects with `BinaryNotFoundError` instead.
   * @default true
   */
  readonly download?: boolean | undefined;
  /** Receives the progress of that download. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Address to listen on. An address other than loopback needs an explicit `password`. @default "127.0.0.1" */
  readonly hostname?: string | undefined;
  /** Port to listen on. @default a free port */
  readonly port?: number | undefined;
  /** Password of the server. @default random, 192 bits */
  readonly password?: string | undefined;
  /**
   * How long a start may show no sign of life, in ms. Output, an answer, and on Linux processor time are signs of life. A start
   * that shows them ends after four times as long. The search for the binary counts; a download does not.
   * @default 30_000
   */
  readonly serverTimeout?: number | undefined;
  /** Variables, merged over this process's environment; `undefined` removes a variable. @default none */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * `"inherit"`: the user's configuration, logins and data. `"clean"`: a private, temporary home, deleted when the server ends.
   * `{ home }`: a private home in this folder, which is created if necessary and stays.
   * @default "inherit"
   */
  readonly isolation?: Isolation | undefined;
  /** `"usable"`: loads only model providers with a key, a login or their name in the configuration, which is faster. @default "all" */
  readonly providers?: "all" | "usable" | undefined;
  /**
   * Starts the agent's process again if it ends by itself, with the same data, port and password. The pause before a restart
   * begins at 100 ms and doubles; there are at most five restarts within a minute.
   * @default false
   */
  readonly restart?: boolean | undefined;
  /** Aborts the start, and later ends the server. */
  readonly signal?: AbortSignal | undefined;
  /** Receives log lines. @default standard error */
  readonly logger?: Logger | undefined;
  /** Lowest level of log lines. @default the variable `OPENCODE_LOG`, otherwise "warn" */
  readonly logLevel?: LogLevel | undefined;
}

/** When a server that we started releases the resources of a directory. */
export interface DirectoryOptions {
  /**
   * The server releases the resources of a directory (MCP servers, watchers, memory) after so many ms without a use, unless any
   * client has a run or a terminal there. The next use is slower. `Infinity`: never.
   * @default 600_000
   */
  readonly directoryIdleTimeout?: number | undefined;
  /** Limit of loaded directories. Above it the server releases the one that was idle longest. On 2.x it is refused. @default none */
  readonly maxDirectories?: number | undefined;
}

/** Options of `createOpencode()` when it starts a server. */
export interface StartOptions extends Omit<CommonOptions, "directory">, ServerOptions, DirectoryOptions {
  /** Absent: an address would connect to a running server, see {@link ConnectOptions}. */
  readonly baseUrl?: undefined;
  /**
   * How long the server may send nothing during a turn, not even an answer about its health, in ms. A server that uses processor
   * time gets four times as long. Afterwards open turns reject with `ServerUnresponsiveError`; with `restart: true` the server and
   * its tools are ended, the server starts again, and the turns continue. Time in which this process or the machine was suspended
   * does not count. `Infinity`: no limit.
   * @default 10_000
   */
  readonly unresponsiveTimeout?: number | undefined;
  /** `"provider/model"` of turns that name none. @default the agent's own */
  readonly model?: string | undefined;
}

/** Defaults that are numbers or words. Durations are ms. */
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
