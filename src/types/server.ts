/** A server that we started, as callers see it. */

/** How a process ended. */
export interface ProcessExit {
  /** Exit code; `null` if a signal ended the process. */
  readonly exitCode: number | null;
  /** Name of the signal, for example `"SIGKILL"`; `null` if the process ended by itself. */
  readonly signal: string | null;
}

/**
 * Configuration, logins and data of a server: the user's (`"inherit"`), those of a temporary home (`"clean"`), or those of a
 * private home that stays.
 */
export type Isolation =
  | "inherit"
  | "clean"
  | {
      /** Path of the private home. */
      readonly home: string;
    };

/** Private home of a server with `isolation: "clean"` or `isolation: { home }`. */
export interface AgentHome {
  /** The folder that contains all folders of the home. A temporary home is removed when the server ends. */
  readonly root: string;
}

/** A server that we started and that we end. */
export interface OpencodeServer {
  /** Address of the server, for example `"http://127.0.0.1:41589"`. */
  readonly url: string;
  /** Process id of the agent. A restart changes it. */
  readonly pid: number;
  /** How often the process ended by itself and was started again; 0 without the option `restart`. */
  readonly restarts: number;
  /** The release that the server reports, for example `"1.18.33"`. */
  readonly version: string;
  /** User name for Basic authentication. */
  readonly username: string;
  /** Password of the server. `console.log` and JSON do not show it. */
  readonly password: string;
  /** Path of the agent's binary. */
  readonly binary: string;
  /** Directory of the server: absolute, symbolic links resolved. */
  readonly directory: string;
  /** Private home of the server; `undefined` with `isolation: "inherit"`. */
  readonly home: AgentHome | undefined;
  /**
   * Resolves when the process has ended, for any reason, and its output has been read. Never rejects. With `restart` it resolves
   * with the exit of the last process, when that is not started again. It does not keep this process alive.
   */
  readonly exited: Promise<ProcessExit>;
  /** Returns the last lines of the server's output (at most 500 lines or 64 KiB), without its password. */
  outputTail(): string;
  /**
   * Ends the server: running turns and their tools first, then the process and (on Linux) every process with its tag, the
   * variable `OPENCODE_TS_SERVER`. Resolves when all of them have ended: within 7 seconds even if the server hangs, within 14 if
   * the system is slow to end it and to remove its folder. Further calls give the same result.
   * @throws {OpencodeError} if the system does not end the server.
   */
  close(): Promise<void>;
  /** Calls {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
