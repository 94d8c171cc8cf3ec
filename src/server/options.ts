/** Checks the options of a server once, at the door; inside, everything is complete. */

import { realpathSync, statSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { resolve } from "node:path";
import { checkProtocol } from "../binary/version.js";
import { ConfigError } from "../errors/index.js";
import type { Environment } from "../process/unsafe-environment.js";
import type { DownloadProgress } from "../types/download.js";
import { defaults, type ServerOptions } from "../types/options.js";
import type { Protocol } from "../types/protocol.js";
import type { Isolation } from "../types/server.js";
import { checkOptions } from "../util/check-options.js";
import { randomText } from "../util/ids.js";
import { invalidOption } from "../util/invalid-option.js";
import { isRecord, type JsonRecord, stringProperty } from "../util/json.js";
import { maxTimerDelay } from "../util/limits.js";
import { createLogger, type LevelLogger } from "../util/logger.js";
import { isBlockedPort } from "./blocked-ports.js";

/** Options of a server, checked and complete. */
export interface ResolvedServerOptions {
  /** Absolute, links resolved. */
  readonly directory: string;
  readonly config: JsonRecord;
  readonly protocol: Protocol | "auto";
  readonly binary: string | undefined;
  readonly download: boolean;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
  /** Without brackets, also for IPv6. */
  readonly hostname: string;
  /** `undefined`: ours to choose. */
  readonly port: number | undefined;
  readonly username: string;
  readonly password: string;
  /** The caller has named the password. */
  readonly hasOwnPassword: boolean;
  /** ms. */
  readonly serverTimeout: number;
  /** What the caller adds to this process's environment. */
  readonly env: Environment;
  /** A home as an absolute path. */
  readonly isolation: Isolation;
  readonly providers: "all" | "usable";
  readonly restart: boolean;
  readonly signal: AbortSignal | undefined;
  readonly logger: LevelLogger;
}

/** Checks the options and adds the defaults. @throws {ConfigError} with the option's name, the expected value and the given one. */
export function resolveServerOptions(options: ServerOptions): ResolvedServerOptions {
  const hostname = checkHostname(options.hostname ?? defaults.hostname);
  if (!isLoopback(hostname) && options.password === undefined) {
    throw new ConfigError(
      `Option "password" is needed to listen on ${hostname}: whoever reaches the server can run commands on this machine.`,
      { hint: "Give a password of your own, or listen on 127.0.0.1." },
    );
  }
  return {
    directory: checkDirectory(options.directory ?? process.cwd()),
    config: checkConfig(options.config ?? {}),
    protocol: checkProtocol(options.protocol),
    binary: options.binary,
    download: checkFlag("download", options.download ?? true),
    onProgress: checkCallback(options.onProgress),
    hostname,
    port: checkPort(options.port),
    username: defaults.username,
    password: checkPassword(options.password ?? randomText(33)),
    hasOwnPassword: options.password !== undefined,
    serverTimeout: checkTimeout(options.serverTimeout ?? defaults.serverTimeout),
    env: checkEnv(options.env ?? {}),
    isolation: checkIsolation(options.isolation ?? "inherit"),
    providers: checkProviders(options.providers ?? "all"),
    restart: checkFlag("restart", options.restart ?? false),
    signal: options.signal,
    logger: createLogger(options),
  };
}

/** The real path of a directory, relative to this process's. Throws `ConfigError` for what is none. */
export function checkDirectory(directory: unknown): string {
  const expected = "the path of an existing directory";
  if (typeof directory !== "string" || directory === "") throw invalidOption("directory", expected, directory);
  try {
    const real = realpathSync.native(resolve(directory));
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw invalidOption("directory", expected, directory, { cause: error });
  }
  throw invalidOption("directory", `${expected}, not of a file`, directory);
}

function checkConfig(config: unknown): JsonRecord {
  if (!isRecord(config)) throw invalidOption("config", "an object", config, { hidden: true });
  return config;
}

function checkHostname(hostname: unknown): string {
  const expected = "a host name or an IP address, without a port";
  if (typeof hostname !== "string") throw invalidOption("hostname", expected, hostname);
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  if (!isIPv6(bare) && !/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(bare))
    throw invalidOption("hostname", expected, hostname);
  return bare;
}

/** 127.0.0.0/8 (RFC 1122), ::1 in any spelling, and `localhost` (RFC 6761). */
export function isLoopback(hostname: string): boolean {
  if (isIPv4(hostname)) return hostname.startsWith("127.");
  if (isIPv6(hostname)) return !hostname.includes("%") && new URL(`http://[${hostname}]`).hostname === "[::1]";
  return hostname.toLowerCase() === "localhost";
}

function checkPort(port: unknown): number | undefined {
  if (port === undefined || port === 0) return undefined;
  if (typeof port === "number" && Number.isInteger(port) && port > 0 && port <= 65_535) {
    if (!isBlockedPort(port)) return port;
    throw invalidOption(
      "port",
      'one that `fetch` does not block as a "bad port" (https://fetch.spec.whatwg.org/#port-blocking)',
      port,
    );
  }
  throw invalidOption("port", "an integer from 0 (any free one) to 65535", port);
}

/** The value is never part of the message. */
function checkPassword(password: unknown): string {
  if (typeof password === "string" && password !== "" && !password.includes("\0")) return password;
  throw invalidOption("password", "a string that is not empty and has no NUL character", password, { hidden: true });
}

function checkTimeout(timeout: unknown): number {
  // Above that, a timer fires at once.
  if (typeof timeout === "number" && timeout > 0 && timeout <= maxTimerDelay) return timeout;
  throw invalidOption("serverTimeout", `a positive number of milliseconds, at most ${maxTimerDelay}`, timeout);
}

function checkEnv(env: unknown): Environment {
  if (!isRecord(env)) throw invalidOption("env", "an object of strings", env, { hidden: true });
  const entries = Object.entries(env).map(([name, value]): [string, string | undefined] => {
    if (value === undefined) return [name, undefined];
    // Not shown: it may be a key.
    if (typeof value !== "string" || value.includes("\0")) {
      const expected = "a string without a NUL character, or undefined to remove the variable";
      throw invalidOption(`env.${name}`, expected, value, { hidden: true });
    }
    return [name, value];
  });
  return Object.fromEntries(entries);
}

/** A home is made absolute. Throws `ConfigError` for what is none of the three. */
export function checkIsolation(isolation: unknown): Isolation {
  if (isolation === "inherit" || isolation === "clean") return isolation;
  if (isRecord(isolation)) checkOptions(isolation, { home: true }, "isolation");
  const home = stringProperty(isolation, "home") ?? "";
  if (home !== "" && !home.includes("\0")) return { home: resolve(home) };
  throw invalidOption("isolation", '"inherit", "clean" or { home: "the path of a folder" }', isolation);
}

function checkProviders(providers: unknown): "all" | "usable" {
  if (providers === "all" || providers === "usable") return providers;
  throw invalidOption("providers", '"all" or "usable"', providers);
}

function checkFlag(option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw invalidOption(option, "true or false", value);
}

function checkCallback(callback: ServerOptions["onProgress"]): ServerOptions["onProgress"] {
  if (callback === undefined || typeof callback === "function") return callback;
  throw invalidOption("onProgress", "a function", callback);
}
