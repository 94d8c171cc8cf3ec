/** Every option of a client, a server and a session, with its unit and default. {@link defaults} has the values; `turn-options.ts` has those of a turn. */
import type { Logger, LogLevel } from "../util/logger.js";
import type { PermissionRule } from "./answer.js";
import type { ApprovalStore } from "./approval.js";
import type { BudgetLimits } from "./budget.js";
import type { AnyConfig } from "./config.js";
import type { DownloadProgress } from "./download.js";
import type { PermissionMode } from "./policy.js";
import type { Protocol } from "./protocol.js";
import type { Isolation } from "./server.js";
import type { Tool } from "./tool.js";
import type { PermissionConfig } from "./turn-options.js";

export type { AnyConfig, Config } from "./config.js";
export type { PermissionConfig, SessionTurnOptions, ToolFilter, TurnOptions } from "./turn-options.js";

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
   * Limits of the session over all its turns, with sub-agents, repairs and compactions, for every process that uses the session. They
   * stand in its metadata and cannot be changed; `fork({ budget })` goes on with others. Without anything left, a turn rejects with
   * `BudgetExceededError` before a model is called; a turn that uses the rest is aborted before its next step.
   * @default none
   */
  readonly budget?: BudgetLimits | undefined;
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
  /**
   * Limits of this client over all turns of its sessions, from its creation on: as `budget` of `createSession()`, but counted in this
   * process. Turns that run at once share what is left.
   * @default none
   */
  readonly budget?: BudgetLimits | undefined;
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
  /**
   * Keeps the permission requests of `onPermission: "park"`; see `docs/approvals.md`.
   * @default files of the user, in `$XDG_STATE_HOME/opencode-ts/approvals` (Node only)
   */
  readonly approvalStore?: ApprovalStore | undefined;
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
  maxRepeats: 10,
  fallbackRetryWait: 30_000,
  hostname: "127.0.0.1",
  username: "opencode",
} as const;
