/** The parts that an `Opencode` is made from. */
import type { ApiOf, ServerIdentity } from "./api/select-api.js";
import type { OpencodeClient } from "./client/client.js";
import type { OpencodeError } from "./errors/index.js";
import type { Connection, ResponsivenessWatch, SessionTools } from "./session/context.js";
import type { IdleDirectories } from "./session/idle-directories.js";
import type { GivenPermissionContext } from "./session/permissions/permission-context.js";
import type { TurnDefaults } from "./session/turn-options.js";
import type { ApprovalStore } from "./types/approval.js";
import type { BudgetLimits } from "./types/budget.js";
import type { OpencodeServer } from "./types/server.js";

/** What an `Opencode` is made from. Not for callers: use `createOpencode()`. */
export interface OpencodeSeed {
  readonly client: OpencodeClient;
  readonly server: OpencodeServer | undefined;
  /** Makes the implementation of the server's protocol. @default that of 1.x */
  readonly apiOf?: ApiOf | undefined;
  /** Which server it is. @default one of 1.x */
  readonly identity?: ServerIdentity | undefined;
  readonly defaults: TurnDefaults;
  /** Of all sessions together. @default none */
  readonly budget?: BudgetLimits | undefined;
  readonly reconnectTimeout: number;
  /** What holds on the server from its start, and what only the Node entry can do. */
  readonly permissionContext?: GivenPermissionContext | undefined;
  /** The application's own store of parked requests. @default that of `permissionContext` */
  readonly approvalStore?: ApprovalStore | undefined;
  /** Watches a server of ours. */
  readonly responsiveness?: ResponsivenessWatch | undefined;
  /** Settles with the reason when the server has ended; nobody wants to know any more when `lifetime` aborts. */
  readonly ended?: ((lifetime: AbortSignal) => Promise<OpencodeError>) | undefined;
  /** For a server of ours: the real path of an existing directory, relative to this process's. Throws `ConfigError`. */
  readonly resolveDirectory?: ((directory: string) => string) | undefined;
  /** For a server of ours: which of its directories are used, and a client that is none of their uses. */
  readonly directories?: { readonly idle: IdleDirectories; readonly client: OpencodeClient } | undefined;
  /** Only the Node entry can offer tools. */
  readonly hostTools?: ((connection: Connection) => ToolHosting) | undefined;
  /** What only the Node entry can find out. */
  readonly configFiles?: ((paths: LoadedPaths) => Promise<string[]>) | undefined;
}

/** Offers the application's tools. Not for callers. */
export interface ToolHosting extends SessionTools {
  /** The server has let go of the directory. */
  leave(directory: string): Promise<void>;
  close(): Promise<void>;
}

/** Where the server looks for configuration. */
export interface LoadedPaths {
  readonly config: string;
  readonly directory: string;
  readonly worktree: string;
}
