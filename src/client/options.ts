/** Options of a client and of a call, and the complete settings made from them. */
import { ConfigError } from "../errors/index.js";
import { defaults } from "../types/options.js";
import type { OptionNames } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { createLogger, type LevelLogger, type LoggerOptions } from "../util/logger.js";
import { type Authorization, createAuthorization } from "./auth.js";
import { type BaseUrl, parseBaseUrl } from "./base-url.js";
import type { ConcurrencyLimit } from "./concurrency-limit.js";
import type { Liveness } from "./liveness.js";
import type { Traffic } from "./traffic.js";

/** Options of `createOpencodeClient()`. */
export interface ClientOptions extends LoggerOptions {
  /** Address of the server, for example `"http://127.0.0.1:4096"`. `user:password@` in it becomes the credentials. */
  readonly baseUrl: string;
  /** Directory of the agent, sent with every request. @default the server's directory */
  readonly directory?: string | undefined;
  /** Workspace id (`wrk_…`), sent with every request. @default none */
  readonly workspace?: string | undefined;
  /** User name for Basic authentication. @default "opencode" */
  readonly username?: string | undefined;
  /** Password for Basic authentication. Overrides the password in `baseUrl`. @default none */
  readonly password?: string | undefined;
  /** Bearer token for a gateway in front of the server. A function is called again after a 401, once per request. @default none */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Headers of every request. They override the client's own. Headers of the connection (`host` …) are refused. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Limit of one attempt of a request, from the token to the last byte, in ms; 0 means no limit. @default 60_000 */
  readonly timeout?: number | undefined;
  /** How often a request is retried, if a retry is safe. @default 2 */
  readonly maxRetries?: number | undefined;
  /** Aborts every request of the client, with `APIAbortError`. */
  readonly signal?: AbortSignal | undefined;
  /** Limit of one response, in bytes. @default 268_435_456 (256 MiB) */
  readonly maxResponseBytes?: number | undefined;
}

/** For {@link checkOptions}. */
export const clientOptionNames: OptionNames = {
  baseUrl: true,
  directory: true,
  workspace: true,
  username: true,
  password: true,
  token: true,
  headers: true,
  fetch: true,
  timeout: true,
  maxRetries: true,
  signal: true,
  maxResponseBytes: true,
  logger: true,
  logLevel: true,
} satisfies Record<keyof ClientOptions, true>;

/** The basic shape of an answer's JSON. */
export type Shape = "object" | "array" | "boolean";

/** Options of one call. They override the client's. */
export interface CallOptions {
  /** Limit of one attempt, in ms; 0 means no limit. For a stream it ends with the headers. @default the client's */
  readonly timeout?: number | undefined;
  /** How often the request is retried, if a retry is safe. @default the client's */
  readonly maxRetries?: number | undefined;
  /** Aborts the request or stream, with `APIAbortError`. */
  readonly signal?: AbortSignal | undefined;
  /** Headers, added to the client's. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Replaces the client's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Directory of the request. @default the client's */
  readonly directory?: string | undefined;
  /** Basic type of the response's JSON, for a route that the client does not know. @default any */
  readonly shape?: Shape | undefined;
}

/** For {@link checkOptions}; with what every route takes. */
export const callOptionNames: OptionNames = {
  ...({
    timeout: true,
    maxRetries: true,
    signal: true,
    headers: true,
    fetch: true,
    directory: true,
    shape: true,
  } satisfies Record<keyof CallOptions, true>),
  params: true,
  body: true,
};

/** Client options, complete and checked. */
export interface ClientSettings {
  readonly url: BaseUrl;
  readonly authorization: Authorization;
  readonly directory: string | undefined;
  readonly workspace: string | undefined;
  /** Of every request, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly timeout: number;
  readonly maxRetries: number;
  readonly signal: AbortSignal | undefined;
  readonly logger: LevelLogger;
  readonly maxResponseBytes: number;
  readonly liveness: Liveness;
  readonly traffic: Traffic | undefined;
  readonly concurrencyLimit: ConcurrencyLimit;
}

const defaultMaxResponseBytes = 256 * 1024 * 1024;

/** Checks the options and fills in the defaults. Throws `ConfigError`. */
export function clientSettings(
  options: ClientOptions,
  { liveness, concurrencyLimit, traffic }: Pick<ClientSettings, "liveness" | "concurrencyLimit" | "traffic">,
  authorization?: Authorization,
): ClientSettings {
  const url = parseBaseUrl(options.baseUrl);
  const directory = checkedDirectory(options.directory);
  return {
    url,
    authorization: authorization ?? createAuthorization(options, url),
    directory,
    workspace: options.workspace,
    headers: { ...directoryHeader(directory), ...checkedHeaders(options.headers) },
    fetch: options.fetch,
    timeout: checkedTimeout(options.timeout) ?? defaults.requestTimeout,
    maxRetries: checkedCount("maxRetries", options.maxRetries) ?? defaults.maxRetries,
    signal: options.signal,
    logger: createLogger(options),
    maxResponseBytes: checkedCount("maxResponseBytes", options.maxResponseBytes) ?? defaultMaxResponseBytes,
    liveness,
    traffic,
    concurrencyLimit,
  };
}

/** Name of the header that says which directory is meant. */
export const directoryName = "x-opencode-directory";

/**
 * The directory as a header. The server decodes it once, the documented query form twice, and the query wins when both
 * are there (observed from 1.1.65 to 1.18.33): only the header is exact for a directory named `a%41b`.
 */
export function directoryHeader(directory: string | undefined): Record<string, string> {
  return directory === undefined ? {} : { [directoryName]: encodeDirectory(directory) };
}

/** The directory percent-encoded once. Throws `ConfigError` for text that has no UTF-8 form. */
export function encodeDirectory(directory: string): string {
  try {
    return encodeURIComponent(directory);
  } catch (cause) {
    throw new ConfigError(`directory: ${JSON.stringify(directory)} is not well-formed Unicode`, { cause });
  }
}

/** A directory of unknown type: a text, or none. */
export function checkedDirectory(directory: unknown): string | undefined {
  if (directory === undefined || typeof directory === "string") return directory;
  throw invalidOption("directory", "a string", directory);
}

/**
 * The method in upper case. Throws `ConfigError` for what is none (RFC 9110, section 5.6.2), and for those that `fetch`
 * refuses as unsafe.
 */
export function checkedMethod(method: unknown): string {
  const name = typeof method === "string" ? method.toUpperCase() : "";
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !/^(?:CONNECT|TRACE|TRACK)$/.test(name)) return name;
  throw new ConfigError(
    `method: expected one such as "GET", got ${typeof method === "string" ? JSON.stringify(method.slice(0, 50)) : typeof method}`,
  );
}

/** Of the connection, not of the request: a wrong one makes another request of it, or none. */
const ownHeaders = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["content-length", "expect", "host"],
]);

/**
 * The headers with names in lower case; also of a `Headers`, which callers without types give. Throws `ConfigError` for one
 * that cannot be sent, or that is the connection's own. Values are never shown.
 */
export function checkedHeaders(headers: unknown): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of headerEntries(headers)) {
    if (!isHeader(name, value)) throw new ConfigError(`headers: ${JSON.stringify(name)} or its value cannot be sent`);
    const lower = name.toLowerCase();
    if (ownHeaders.has(lower)) throw new ConfigError(`headers: ${lower} is set by the connection itself`);
    checked[lower] = value;
  }
  return checked;
}

function headerEntries(headers: unknown): Iterable<readonly [string, unknown]> {
  if (headers === undefined) return [];
  if (headers instanceof Headers) return headers;
  const isObject = typeof headers === "object" && headers !== null && !(Symbol.iterator in headers);
  if (isObject) return Object.entries(headers);
  throw invalidOption("headers", "an object of names and values", headers, { hidden: true });
}

function isHeader(name: string, value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false; // the runtime's error would show the value
  }
}

/** A number of ms, not negative; `Infinity` is no limit, as 0 is. */
export function checkedTimeout(timeout: number | undefined): number | undefined {
  if (timeout === undefined) return undefined;
  if (typeof timeout === "number" && timeout >= 0) return timeout === Number.POSITIVE_INFINITY ? 0 : timeout;
  throw invalidOption("timeout", "a number of milliseconds, 0 for no limit", timeout);
}

/** A whole number, not negative. */
export function checkedCount(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return value;
  throw invalidOption(name, "a whole number from 0 on", value);
}
