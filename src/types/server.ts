/** A server that we started, as callers see it. */

/** How a process ended: by its code, or by a signal. */
export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/**
 * Whose configuration, logins and data a server has: the user's, those of a temporary home, or those of a private home
 * that stays.
 */
export type Isolation = "inherit" | "clean" | { readonly home: string };

/** The home of a server with `isolation: "clean"`, or of one that was given a home. */
export interface AgentHome {
  /** The folder that holds all the others. The temporary one is removed when the server ends. */
  readonly root: string;
}

/** A server that we started and that we end. */
export interface OpencodeServer {
  /** For example `"http://127.0.0.1:41589"`. */
  readonly url: string;
  /** The agent's own process; another one after a restart. */
  readonly pid: number;
  /** How often the process has been started again after it had ended by itself; 0 without the option `restart`. */
  readonly restarts: number;
  /** The release it says it is, for example `"1.18.33"`. */
  readonly version: string;
  readonly username: string;
  /** Not shown by `console.log` and not part of its JSON. */
  readonly password: string;
  /** Path of the agent's binary. */
  readonly binary: string;
  /** Where it works: absolute, links resolved. */
  readonly directory: string;
  /** Its own home, when it has one (`isolation`). */
  readonly home: AgentHome | undefined;
  /**
   * Settles when the process is gone, for whatever reason, and what it printed has been read; never rejects. With
   * `restart`: when it is not started again, with the exit of the last process. It does not keep this process alive.
   */
  readonly exited: Promise<ProcessExit>;
  /** The last lines its process printed (at most 500 lines or 64 KiB), without its password. */
  outputTail(): string;
  /**
   * Ends the server: running turns and their tools first, then the process and (on Linux) everything that carries its
   * mark, `OPENCODE_TS_SERVER` in the environment. Resolves when all that is gone: within 7 seconds
   * also when the server hangs, within 14 when the system is slow to end it and to remove its folder. Rejects with
   * OpencodeError when the system does not end it at all. May be called again.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
