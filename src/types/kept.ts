/** Servers that outlive the process that started them, as callers see them. */
import type { CreateSessionOptions, ServerOptions } from "./options.js";
import type { Isolation } from "./server.js";
import type { OnSettled } from "./settled.js";

/** Selects a kept server: there is one for each user, directory and isolation. */
export interface KeptSelector {
  /** Where the agent works. @default the current directory */
  readonly directory?: string | undefined;
  /** As in `ServerOptions`. @default "inherit" */
  readonly isolation?: Isolation | undefined;
}

/** Options of a kept server. A running server must have been started with equal start options. */
export interface KeptOptions
  extends KeptSelector,
    Pick<ServerOptions, "protocol" | "binary" | "download" | "onProgress" | "config" | "env" | "port">,
    Pick<ServerOptions, "serverTimeout" | "signal" | "logger" | "logLevel"> {
  /** Ends the server after so many ms without a use. The call that starts the server sets it. @default 1_800_000 (30 minutes) */
  readonly idleTimeout?: number | undefined;
}

/** Options of a conversation. */
export interface ConversationOptions extends KeptOptions {
  /** Options of the session, if this call creates it. */
  readonly session?: Omit<CreateSessionOptions, "directory" | "parentId"> | undefined;
  /** Told of each turn of this conversation that has settled. A turn may have its own. @default none */
  readonly onSettled?: OnSettled | undefined;
  /** Called once per turn that waits for a turn of another process, with the pid of that process. */
  readonly onWait?: ((pid: number) => void) | undefined;
}

/** A kept server that runs. */
export interface KeptServer {
  /** Address of the server, for example `"http://127.0.0.1:41589"`. */
  readonly url: string;
  /** User name for Basic authentication. */
  readonly username: string;
  /** Password of the server. `console.log` and JSON do not show it. */
  readonly password: string;
  /** Process id of the agent. */
  readonly pid: number;
  /** The release that the server reports, for example `"1.18.33"`. */
  readonly version: string;
  /** Path of the agent's binary. */
  readonly binary: string;
  /** Directory of the server: absolute, symbolic links resolved. */
  readonly directory: string;
  /** Isolation of the server. */
  readonly isolation: Isolation;
  /** Time of the start. */
  readonly startedAt: Date;
  /** The server ends after so many ms without a use. */
  readonly idleTimeout: number;
  /** The session of the conversation; `undefined` before the first turn. */
  readonly sessionId: string | undefined;
}

/** The user's own background server of opencode 2.x. It is somebody else's: nothing here ends it. */
export interface BackgroundService {
  /** Address of the server, for example `"http://127.0.0.1:49374"`. */
  readonly url: string;
  /** User name for Basic authentication. */
  readonly username: string;
  /** Password of the server. `console.log` and JSON do not show it. */
  readonly password: string;
  /** Process id of the server. */
  readonly pid: number;
  /** The release that the server reports; `"2.0.0-preview"` for the preview. */
  readonly version: string;
  /** The service file that names the server. */
  readonly file: string;
}

/** State of one registry entry. */
export interface KeptStatus {
  /**
   * `"running"`: the server answers. `"stale"`: its process is gone, or another server answers in its place. `"unreadable"`: the
   * entry cannot be trusted, see `problem`.
   */
  readonly state: "running" | "stale" | "unreadable";
  /** File of the entry. */
  readonly entry: string;
  /** The server; `undefined` if the entry cannot be read. */
  readonly server: KeptServer | undefined;
  /** Why the server cannot be used; `undefined` if it runs. */
  readonly problem: string | undefined;
}
