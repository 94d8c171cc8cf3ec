/** Errors of the agent's binary, and of servers that we start. */
import { type ErrorFacts, OpencodeError } from "./base.js";

/** There is no usable agent binary. */
export class BinaryNotFoundError extends OpencodeError {
  override readonly name = "BinaryNotFoundError";
  override readonly code = "binary_not_found";
  static override readonly hint: string | undefined =
    "Install it: npm install opencode-ai@1. Or name it by `binary` or by the variable OPENCODE_BINARY.";
  /** Every place of the search, and why its binary is not usable. */
  declare readonly tried: readonly string[];
  constructor(message: string, facts: ErrorFacts & { readonly tried?: readonly string[] } = {}) {
    super(message, { ...facts, ...{ tried: facts.tried ?? [] } });
  }
}

/**
 * Kind of a failed download of the agent:
 * - `offline`: a download is necessary, and `offline: true` forbids it
 * - `no-release`: the release does not exist; `no-asset`: it has no build for this platform (`assets` has its builds)
 * - `rate-limit`: the host refuses requests until `retryAt`
 * - `http`: the host refuses with another `status`; `invalid-answer`: the response is not one of the releases API
 * - `insecure`: the connection would not be encrypted
 * - `connection`: no connection; `timeout`: no data for too long; `truncated`: the connection was cut several times
 * - `size`, `checksum`: the file does not match the release; `no-digest`: the release has no SHA-256 of the file
 * - `archive`: the archive does not contain exactly the binary
 * - `wrong-version`: the binary reports another release; `not-executable`: the binary does not run on this machine
 * - `disk-full`, `not-writable`: the file cannot be stored
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

/** Whether another attempt may succeed. */
function isTransientReason(reason: BinaryDownloadReason, status = 0): boolean {
  if (reason === "http") return status === 408 || status >= 500;
  return ["connection", "rate-limit", "timeout", "truncated"].includes(reason);
}

/** Facts about a failed download. */
export interface BinaryDownloadFacts extends ErrorFacts {
  /** Kind of the failure. @default "connection" */
  readonly reason?: BinaryDownloadReason | undefined;
  /** Earliest time of the next attempt. Only `rate-limit` has it. */
  readonly retryAt?: Date | undefined;
  /** Names of the release's builds. Only `no-asset` has it. */
  readonly assets?: readonly string[] | undefined;
  /** Every place of the search before the download, and why its binary is not usable. */
  readonly tried?: readonly string[] | undefined;
}

/** The agent could not be downloaded or installed. No unverified file is left where `resolveBinary()` would find it. */
export class BinaryDownloadError extends OpencodeError {
  override readonly name = "BinaryDownloadError";
  override readonly code = "binary_download";
  static override readonly hint: string | undefined = "Install it another way: npm install opencode-ai@1.";
  static override readonly retryable: boolean = true;
  /** Kind of the failure. */
  declare readonly reason: BinaryDownloadReason;
  /** Earliest time of the next attempt. Only `rate-limit` has it. */
  declare readonly retryAt: Date | undefined;
  /** Names of the release's builds. Only `no-asset` has it. */
  declare readonly assets: readonly string[] | undefined;
  /** Every place of the search before the download, and why its binary is not usable. */
  declare readonly tried: readonly string[] | undefined;
  constructor(message: string, facts: BinaryDownloadFacts = {}) {
    const { reason = "connection", retryable = isTransientReason(reason, facts.status) } = facts;
    super(message, { ...facts, ...{ reason, retryable } });
  }
}

/**
 * This package does not support the agent's release, or the caller does not want its protocol (`protocol`), or another program answers at
 * the address.
 */
export class UnsupportedServerVersionError extends OpencodeError {
  override readonly name = "UnsupportedServerVersionError";
  override readonly code = "unsupported_server_version";
  static override readonly hint: string | undefined =
    "Use a release from 1.1 on and before 3.0, for example npm install opencode-ai@1.";
  /** Release of the agent, for example `"3.0.1"`; `"not opencode"` for another program. */
  declare readonly found: string;
  /** Supported range, for example `">=1.1.0 <3.0.0"`. */
  declare readonly supported: string;
  constructor(message: string, facts: ErrorFacts & { readonly found: string; readonly supported: string }) {
    super(message, facts);
  }
}

/** Facts about the process of a server that we started. */
export interface ProcessFacts extends ErrorFacts {
  /** Exit code; `null` if a signal ended the process. */
  readonly exitCode?: number | null | undefined;
  /** Name of the signal that ended the process; `null` if it ended by itself. */
  readonly signal?: string | null | undefined;
  /** Last lines of the output, without credentials. */
  readonly tail?: string | undefined;
}

/** Names of {@link ServerStartupError} and its subclasses. */
export type ServerStartupErrorName = "ServerStartupError" | "ServerStartupTimeoutError";
/** Codes of {@link ServerStartupError} and its subclasses. */
export type ServerStartupErrorCode = "server_startup" | "server_startup_timeout";

/** The server could not be started, or ended before it was ready. */
export class ServerStartupError extends OpencodeError {
  override readonly name: ServerStartupErrorName = "ServerStartupError";
  override readonly code: ServerStartupErrorCode = "server_startup";
  static override readonly hint: string | undefined =
    "`tail` has what the server printed last; `opencode-ts doctor` looks at the installation.";
  /** Exit code; `null` if a signal ended the process, `undefined` if unknown. */
  declare readonly exitCode: number | null | undefined;
  /** Name of the signal that ended the process; `null` if it ended by itself, `undefined` if unknown. */
  declare readonly signal: string | null | undefined;
  /** Last lines of the output, without credentials. */
  declare readonly tail: string;
  constructor(message: string, facts: ProcessFacts = {}) {
    super(message, { ...facts, ...{ tail: facts.tail ?? "" } });
  }
}

/** The server showed no sign of life for `serverTimeout` ms, or was working but not ready after four times as long. */
export class ServerStartupTimeoutError extends ServerStartupError {
  override readonly name = "ServerStartupTimeoutError";
  override readonly code = "server_startup_timeout";
  static override readonly hint: string | undefined =
    "Raise `serverTimeout`; `opencode-ts doctor` looks at what it may wait for.";
  static override readonly retryable: boolean = true;
}

/** A server that we started has ended while it was in use. */
export class ServerExitedError extends OpencodeError {
  override readonly name = "ServerExitedError";
  override readonly code = "server_exited";
  static override readonly hint: string | undefined =
    "Start another with createOpencode(): sessions are stored. With `restart: true` it starts again by itself.";
  static override readonly retryable: boolean = true;
  /** Exit code; `null` if a signal ended the process, `undefined` if unknown. */
  declare readonly exitCode: number | null | undefined;
  /** Name of the signal that ended the process; `null` if it ended by itself, `undefined` if unknown. */
  declare readonly signal: string | null | undefined;
  /** Last lines of the output, without credentials. */
  declare readonly tail: string;
  constructor(message: string, facts: ProcessFacts = {}) {
    super(message, { ...facts, ...{ tail: facts.tail ?? "" } });
  }
}

/**
 * A server that we started is alive, but has sent nothing for `unresponsiveTimeout` ms, not even an answer about its health. The run
 * may continue on the server: the same prompt with the same `messageId` joins it.
 */
export class ServerUnresponsiveError extends OpencodeError {
  override readonly name = "ServerUnresponsiveError";
  override readonly code = "server_unresponsive";
  static override readonly hint: string | undefined =
    "With `restart: true` it is ended and started again, and its turns go on. `unresponsiveTimeout` sets how long it may be silent.";
  static override readonly retryable: boolean = true;
  /** Time without any sign of the server, in ms. */
  declare readonly silentFor: number;
  constructor(message: string, facts: ErrorFacts & { readonly silentFor: number }) {
    super(message, facts);
  }
}
