/** The binary and the process of a server that we start. */
import { type ErrorFacts, OpencodeError } from "./base.js";

/** No usable agent binary. `tried` lists every place that was looked at and why it did not do. */
export class BinaryNotFoundError extends OpencodeError {
  override readonly name = "BinaryNotFoundError";
  override readonly code = "binary_not_found";
  static override readonly hint: string | undefined =
    "Install it: npm install opencode-ai@1. Or name it by `binary` or by the variable OPENCODE_BINARY.";
  declare readonly tried: readonly string[];
  constructor(message: string, facts: ErrorFacts & { readonly tried?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ tried: facts.tried ?? [] } });
  }
}

/**
 * What went wrong with a download of the agent:
 * - `offline`: one would be needed, and `offline: true` forbids it
 * - `no-release`, `no-asset`: there is no such release; it has no build for this platform (`assets` are those it has)
 * - `rate-limit`: the host answers no more until `retryAt`
 * - `http`: any other refusal (`status`); `invalid-answer`: not what the releases API answers
 * - `insecure`: it would come over a connection that is not encrypted
 * - `connection`, `timeout`, `truncated`: no connection; nothing came for too long; cut again and again
 * - `size`, `no-digest`, `checksum`: it is not what the release says it is, or the release does not say
 * - `archive`: it holds something else than the one file that it should
 * - `wrong-version`, `not-executable`: what was in it says that it is another release, or does not run here
 * - `disk-full`, `not-writable`: it cannot be stored
 */
export type BinaryDownloadReason =
  | "offline"
  | "no-release"
  | "no-asset"
  | "rate-limit"
  | "http"
  | "invalid-answer"
  | "insecure"
  | "connection"
  | "timeout"
  | "truncated"
  | "size"
  | "no-digest"
  | "checksum"
  | "archive"
  | "wrong-version"
  | "not-executable"
  | "disk-full"
  | "not-writable";

/** What may be otherwise the next time. */
function isPassing(reason: BinaryDownloadReason, status = 0): boolean {
  if (reason === "http") return status === 408 || status >= 500;
  return ["connection", "rate-limit", "timeout", "truncated"].includes(reason);
}

/** Facts about a download that failed. */
export interface BinaryDownloadFacts extends ErrorFacts {
  /** Default `"connection"`. */
  readonly reason?: BinaryDownloadReason | undefined;
  /** Of `rate-limit`: when it may be tried again. */
  readonly retryAt?: Date | undefined;
  /** Of `no-asset`: the names of what the release has. */
  readonly assets?: readonly string[] | undefined;
  /** Where an installed agent was looked for before, and why it did not do. */
  readonly tried?: readonly string[] | undefined;
}

/** The agent could not be downloaded or installed. Nothing that was not checked has been left where it would be found. */
export class BinaryDownloadError extends OpencodeError {
  override readonly name = "BinaryDownloadError";
  override readonly code = "binary_download";
  static override readonly hint: string | undefined = "Install it another way: npm install opencode-ai@1.";
  static override readonly retryable: boolean = true;
  /** What went wrong, for programs. */
  declare readonly reason: BinaryDownloadReason;
  /** Of `rate-limit`: when it may be tried again. */
  declare readonly retryAt: Date | undefined;
  /** Of `no-asset`: the names of what the release has. */
  declare readonly assets: readonly string[] | undefined;
  /** Where an installed agent was looked for before, and why it did not do. */
  declare readonly tried: readonly string[] | undefined;
  constructor(message: string, facts: BinaryDownloadFacts = {}) {
    const { reason = "connection", retryable = isPassing(reason, facts.status) } = facts;
    super(message, { ...facts, ...{ reason, retryable } });
  }
}

/** The agent's release speaks other routes than this package (2.x does). */
export class UnsupportedServerVersionError extends OpencodeError {
  override readonly name = "UnsupportedServerVersionError";
  override readonly code = "unsupported_server_version";
  static override readonly hint: string | undefined = "Use a 1.x release: npm install opencode-ai@1.";
  /** The release found, for example `"2.0.1"`. */
  declare readonly found: string;
  /** The range that works, for example `">=1.1.0 <2.0.0"`. */
  declare readonly supported: string;
  constructor(message: string, facts: ErrorFacts & { readonly found: string; readonly supported: string }) {
    super(message, facts);
  }
}

/** What a process said last, for errors about a server that we started. */
export interface ProcessFacts extends ErrorFacts {
  /** Exit code, `null` when a signal ended it. */
  readonly exitCode?: number | null | undefined;
  /** The signal that ended it. */
  readonly signal?: string | null | undefined;
  /** The last lines of its output, without credentials. */
  readonly tail?: string | undefined;
}

/** Of {@link ServerStartupError} and the classes below it. */
export type ServerStartupErrorName = "ServerStartupError" | "ServerStartupTimeoutError";
/** Of {@link ServerStartupError} and the classes below it. */
export type ServerStartupErrorCode = "server_startup" | "server_startup_timeout";

/** The server ended before it was ready, or could not be started. `tail` says what it printed. */
export class ServerStartupError extends OpencodeError {
  override readonly name: ServerStartupErrorName = "ServerStartupError";
  override readonly code: ServerStartupErrorCode = "server_startup";
  static override readonly hint: string | undefined =
    "`tail` has what the server printed last; `opencode-ts doctor` looks at the installation.";
  declare readonly exitCode: number | null | undefined;
  declare readonly signal: string | null | undefined;
  declare readonly tail: string;
  constructor(message: string, facts: ProcessFacts = {}) {
    super(message, { ...facts, ...{ tail: facts.tail ?? "" } });
  }
}

/** The server showed no sign of life for `serverTimeout` ms, or was at work and not ready after four times as many. */
export class ServerStartupTimeoutError extends ServerStartupError {
  override readonly name = "ServerStartupTimeoutError";
  override readonly code = "server_startup_timeout";
  static override readonly hint: string | undefined =
    "Raise `serverTimeout`; `opencode-ts doctor` looks at what it may wait for.";
  static override readonly retryable: boolean = true;
}

/** A server that we started ended while it was in use. */
export class ServerExitedError extends OpencodeError {
  override readonly name = "ServerExitedError";
  override readonly code = "server_exited";
  static override readonly hint: string | undefined =
    "Start another with createOpencode(): sessions are stored. With `restart: true` it starts again by itself.";
  static override readonly retryable: boolean = true;
  declare readonly exitCode: number | null | undefined;
  declare readonly signal: string | null | undefined;
  declare readonly tail: string;
  constructor(message: string, facts: ProcessFacts = {}) {
    super(message, { ...facts, ...{ tail: facts.tail ?? "" } });
  }
}

/**
 * A server that we started lives, and nothing was heard of it for `unresponsiveTimeout` ms, not even an answer about its health. What the turn
 * has asked for may still run there: asked again with the same `messageId` it is followed.
 */
export class ServerUnresponsiveError extends OpencodeError {
  override readonly name = "ServerUnresponsiveError";
  override readonly code = "server_unresponsive";
  static override readonly hint: string | undefined =
    "With `restart: true` it is ended and started again, and its turns go on. `unresponsiveTimeout` sets how long it may be silent.";
  static override readonly retryable: boolean = true;
  /** ms in which nothing was heard of it. */
  declare readonly silence: number;
  constructor(message: string, facts: ErrorFacts & { readonly silence: number }) {
    super(message, facts);
  }
}
