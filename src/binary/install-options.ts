/** Options of an installation: their check, and the complete plan. */
import { resolve } from "node:path";
import { ConfigError } from "../errors/index.js";
import { pinnedRelease } from "../generated/release.js";
import { downloadFolder } from "../process/state-folder.js";
import type { Environment } from "../process/unsafe-environment.js";
import type { DownloadProgress } from "../types/download.js";
import { checkOptions } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { maxTimerDelay } from "../util/limits.js";
import { createLogger, type LevelLogger, type LoggerOptions } from "../util/logger.js";
import { isLoopback } from "../util/loopback.js";
import { githubApi } from "./download/release.js";
import { isSupportedVersion, noInstall, protocolOf, unsupportedVersion } from "./version.js";

/** Options of `installBinary()`. */
export interface InstallBinaryOptions extends LoggerOptions {
  /** The release, for example `"1.18.33"`. The latest release is 2.x, which is not supported. @default the release of this package */
  readonly version?: string | undefined;
  /** Receives the progress of the download: at the start, at most ten times a second, and at the end. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Never downloads. A release that is not installed is a `BinaryDownloadError`. @default false */
  readonly offline?: boolean | undefined;
  /**
   * Address of a mirror, for example `"https://mirror.example/github"`. It replaces both api.github.com (the path is
   * `/repos/anomalyco/opencode/releases/tags/v…`) and github.com. `user:password@` in it becomes the credentials.
   * @default the variable `OPENCODE_DOWNLOAD_URL`, otherwise GitHub
   */
  readonly downloadUrl?: string | undefined;
  /**
   * Accepts a file without a SHA-256 in the release, and unencrypted connections. A wrong SHA-256 is always refused.
   * @default false
   */
  readonly allowUnverified?: boolean | undefined;
  /** Folder of the binary. @default `~/.opencode/bin`, where `resolveBinary()` finds it */
  readonly directory?: string | undefined;
  /** Limit of the installation in ms, including the wait for an installation of another process. @default 1_800_000 (30 minutes) */
  readonly timeout?: number | undefined;
  /** Aborts the installation. The next one continues the download. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Environment with `OPENCODE_DOWNLOAD_URL`, `GITHUB_TOKEN`, `HTTPS_PROXY`, `NO_PROXY` and the home folder.
   * @default `process.env`
   */
  readonly env?: Environment | undefined;
}

const installNames = {
  version: true,
  onProgress: true,
  offline: true,
  downloadUrl: true,
  allowUnverified: true,
  directory: true,
  timeout: true,
  signal: true,
  env: true,
  logger: true,
  logLevel: true,
} satisfies Record<keyof InstallBinaryOptions, true>;

/** Options of an installation, checked and complete. */
export interface InstallPlan {
  readonly version: string;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
  readonly offline: boolean;
  /** GitHub's API or the mirror; without a slash at the end and without credentials. */
  readonly base: string;
  /** For `base` only. */
  readonly authorization: string | undefined;
  readonly allowUnverified: boolean;
  /** Absolute. */
  readonly directory: string;
  /** ms. */
  readonly timeout: number;
  readonly env: Environment;
  readonly logger: LevelLogger;
}

/**
 * Checks the options and adds the defaults.
 * @throws {ConfigError} with the option's name, the expected value and the given one.
 * @throws {UnsupportedServerVersionError} for a release that this package does not support.
 */
export function planInstall(options: InstallBinaryOptions): InstallPlan {
  checkOptions(options, installNames, "installBinary()");
  const env = options.env ?? process.env;
  const allowUnverified = flag("allowUnverified", options.allowUnverified);
  const logger = createLogger(options);
  return {
    version: checkVersion(options.version ?? pinnedRelease),
    onProgress: checkCallback(options.onProgress),
    offline: flag("offline", options.offline),
    ...checkBase(options.downloadUrl, env, allowUnverified, logger),
    allowUnverified,
    directory: checkDirectory(options.directory ?? downloadFolder(env)),
    timeout: checkTimeout(options.timeout ?? 1_800_000),
    env,
    logger,
  };
}

function checkVersion(version: unknown): string {
  const expected = 'a release such as "1.18.33"';
  if (typeof version !== "string") throw invalidOption("version", expected, version);
  const bare = version.replace(/^v/, "");
  // It becomes a part of a path and of a URL.
  if (!/^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,100})?$/.test(bare))
    throw invalidOption("version", expected, version);
  if (!isSupportedVersion(bare)) throw unsupportedVersion(bare);
  if (protocolOf(bare) !== "v1") throw noInstall(bare);
  return bare;
}

function checkCallback(callback: unknown): InstallPlan["onProgress"] {
  if (callback === undefined || typeof callback === "function") return callback as InstallPlan["onProgress"]; // its own type
  throw invalidOption("onProgress", "a function", callback);
}

function flag(option: string, value: unknown): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw invalidOption(option, "true or false", value);
}

function checkDirectory(directory: unknown): string {
  if (typeof directory === "string" && directory !== "" && !directory.includes("\0")) return resolve(directory);
  throw invalidOption("directory", "the path of a folder", directory);
}

function checkTimeout(timeout: unknown): number {
  // Above that, a timer fires at once.
  if (typeof timeout === "number" && timeout > 0 && timeout <= maxTimerDelay) return timeout;
  throw invalidOption("timeout", `a positive number of milliseconds, at most ${maxTimerDelay}`, timeout);
}

function checkBase(
  option: unknown,
  env: Environment,
  allowPlain: boolean,
  logger: LevelLogger,
): Pick<InstallPlan, "base" | "authorization"> {
  const token = gitHubToken(env, logger);
  const given = option ?? (env["OPENCODE_DOWNLOAD_URL"] || undefined); // set to nothing counts as not set
  if (given === undefined) return { base: githubApi, authorization: token };
  const name = option === undefined ? "The variable OPENCODE_DOWNLOAD_URL" : 'Option "downloadUrl"';
  const url = typeof given === "string" && URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.search !== "" || url.hash !== "") {
    // Not shown: it may hold a password.
    const expected = 'an http or https address without "?" and "#"';
    const hint = "It looks like this: https://mirror.example/github";
    if (option !== undefined) throw invalidOption("downloadUrl", expected, option, { hidden: true, hint });
    throw new ConfigError(`${name} must be ${expected}.`, { hint });
  }
  if (url.protocol === "http:" && !allowPlain && !isLoopback(url)) {
    throw new ConfigError(`${name} is not encrypted (${url.host}): whoever is on the way could change the agent.`, {
      hint: "Use an https address, or accept that with allowUnverified: true.",
    });
  }
  const base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  if (url.username !== "" || url.password !== "") return { base, authorization: basic(url) };
  // A token of GitHub is none of a mirror's business, but for one on this machine.
  return { base, authorization: base === githubApi || isLoopback(url) ? token : undefined };
}

function basic({ username, password }: URL): string {
  const text = [username, password].map((part) => decodeURIComponent(part)).join(":");
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

function gitHubToken(env: Environment, logger: LevelLogger): string | undefined {
  const token = env["GITHUB_TOKEN"]?.trim();
  if (!token) return undefined;
  if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
  logger.warn("GITHUB_TOKEN is not used: it has characters that no token has");
  return undefined;
}
