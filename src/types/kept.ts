/** Servers that outlive the process that started them, as callers see them. */
import type { CreateSessionOptions, ServerOptions } from "./options.js";
import type { Isolation } from "./server.js";

/** Which kept server is meant: there is one for each user, directory and isolation. */
export interface KeptSelector {
  /** Where the agent works. Default: the current directory. */
  readonly directory?: string | undefined;
  /** As in `ServerOptions`. Default `"inherit"`. */
  readonly isolation?: Isolation | undefined;
}

/** Options of a kept server. What only a start can follow must be the same for a server that runs. */
export interface KeptOptions
  extends KeptSelector,
    Pick<ServerOptions, "binary" | "download" | "onProgress" | "config" | "env" | "port">,
    Pick<ServerOptions, "serverTimeout" | "signal" | "logger" | "logLevel"> {
  /** ms without a use, after which the server ends. Set by the call that starts it. Default 1,800,000 (30 minutes). */
  readonly idleTimeout?: number | undefined;
}

/** Options of a conversation. */
export interface ConversationOptions extends KeptOptions {
  /** For the session, when this is the call that makes it. */
  readonly session?: Omit<CreateSessionOptions, "directory" | "parentId"> | undefined;
  /** Told once per turn when another process's turn is waited for: with the number of that process. */
  readonly onWait?: ((pid: number) => void) | undefined;
}

/** A kept server that runs. */
export interface KeptServer {
  /** For example `"http://127.0.0.1:41589"`. */
  readonly url: string;
  readonly username: string;
  /** Not shown by `console.log` and not part of its JSON. */
  readonly password: string;
  /** The agent's own process. */
  readonly pid: number;
  /** The release it says it is. */
  readonly version: string;
  /** Path of the agent's binary. */
  readonly binary: string;
  /** Absolute, links resolved. */
  readonly directory: string;
  readonly isolation: Isolation;
  readonly startedAt: Date;
  /** ms. */
  readonly idleTimeout: number;
  /** The session that follow-up calls go on with. */
  readonly sessionId: string | undefined;
}

/** What was found under one entry of the registry. */
export interface KeptStatus {
  /** `"stale"`: its process is gone, or another one answers in its place. `"unreadable"`: not believed, see `problem`. */
  readonly state: "running" | "stale" | "unreadable";
  /** File of the entry. */
  readonly entry: string;
  readonly server: KeptServer | undefined;
  /** Why it cannot be used; `undefined` for one that runs. */
  readonly problem: string | undefined;
}
