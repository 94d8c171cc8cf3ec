/** Finds the agent binary: named, on PATH, in an npm package, in the download folder, or by a download. */

import { resolve } from "node:path";
import { APIAbortError, BinaryDownloadError, BinaryNotFoundError } from "../errors/index.js";
import { pinnedRelease } from "../generated/release.js";
import type { Environment } from "../process/unsafe-environment.js";
import type { DownloadProgress } from "../types/download.js";
import type { Protocol } from "../types/protocol.js";
import { checkOptions } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { createLogger, type LevelLogger, type LoggerOptions } from "../util/logger.js";
import { type BinarySource, candidates, type ResolvedBinary } from "./candidates.js";
import { detectPlatform } from "./detect-platform.js";
import { downloadLimits } from "./download/limits.js";
import { inspect, type Search } from "./inspect.js";
import {
  checkProtocol,
  isSupportedVersion,
  protocolOf,
  protocolProblem,
  unsupportedVersion,
  wrongProtocol,
} from "./version.js";

/** Options of {@link resolveBinary}. */
export interface ResolveBinaryOptions extends LoggerOptions {
  /**
   * The protocol that the binary's server must speak: `"v1"` is 1.x, `"v2"` is 2.x. `"auto"`: either; of the binaries that are found, the
   * first of 1.x, otherwise the first of 2.x.
   * @default "auto"
   */
  readonly protocol?: Protocol | "auto" | undefined;
  /** Path of the agent's binary, absolute or relative to the current directory. With it no other place is searched. */
  readonly binary?: string | undefined;
  /** Downloads the pinned release, as `installBinary()` does, if there is no usable binary. @default false */
  readonly download?: boolean | undefined;
  /** Receives the progress of a download. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /**
   * Environment with `OPENCODE_BINARY`, `PATH` and the home folder, and for a download the variables of `installBinary()`.
   * @default `process.env`
   */
  readonly env?: Environment | undefined;
  /** Aborts the search, including a running version probe and a download. */
  readonly signal?: AbortSignal | undefined;
}

/** `resolveBinary()` of the package. */
export async function resolveBinary(options: ResolveBinaryOptions = {}): Promise<ResolvedBinary> {
  checkOptions(options, resolveNames, "resolveBinary()");
  return resolveWith(options);
}

const resolveNames = {
  protocol: true,
  binary: true,
  download: true,
  onProgress: true,
  env: true,
  signal: true,
  logger: true,
  logLevel: true,
} satisfies Record<keyof ResolveBinaryOptions, true>;

/** What the start of a server adds. */
export interface ResolveHooks {
  /** Called before a download begins. */
  readonly onDownload?: (() => void) | undefined;
  /** Told when a binary that is asked for its version shows that it is at work. */
  readonly onLife?: (() => void) | undefined;
  /** A binary that died of SIGILL: it is passed over, and builds that need less of the CPU come first. */
  readonly avoid?: string | undefined;
}

/** As {@link resolveBinary}. */
export async function resolveWith(options: ResolveBinaryOptions, hooks: ResolveHooks = {}): Promise<ResolvedBinary> {
  const { signal } = options;
  const { avoid, onLife } = hooks;
  try {
    signal?.throwIfAborted();
    const detected = detectPlatform();
    const platform = detected === undefined || avoid === undefined ? detected : { ...detected, avx2: false };
    return await find(options, { env: options.env ?? process.env, platform, signal, avoid, onLife }, hooks);
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new APIAbortError("The search for the agent binary was aborted.", { cause: signal.reason });
  }
}

async function find(options: ResolveBinaryOptions, context: Search, hooks: ResolveHooks): Promise<ResolvedBinary> {
  const protocol = checkProtocol(options.protocol);
  if (options.binary !== undefined) return named(checked(options.binary), "option", context, protocol);
  const variable = context.env["OPENCODE_BINARY"];
  if (variable) return named(variable, "OPENCODE_BINARY", context, protocol); // set to nothing counts as not set
  const logger = createLogger(options);
  const tried: string[] = [];
  const found = await search(context, logger, tried, protocol);
  if (found !== undefined) return found;
  if (protocol === "v2") throw noSecond(tried); // the release that is downloaded is of 1.x
  if (options.download !== true) throw notFound(tried);
  hooks.onDownload?.();
  return download(options, context, tried);
}

function checked(binary: unknown): string {
  if (typeof binary === "string" && binary !== "" && !binary.includes("\0")) return binary;
  throw invalidOption("binary", "the path of the opencode binary", binary, {
    hint: "Leave the option out to have the binary found.",
  });
}

async function named(
  binary: string,
  source: "option" | "OPENCODE_BINARY",
  context: Search,
  protocol: Protocol | "auto",
): Promise<ResolvedBinary> {
  const given = resolve(binary);
  const found = await inspect(given, context);
  if (found.reason !== undefined) {
    const by = source === "option" ? `option "binary"` : "the variable OPENCODE_BINARY";
    const message = `The agent binary named by ${by} cannot be used: ${given}: ${found.reason}.`;
    const hint = /[\\/]/.test(binary)
      ? "Name the opencode binary itself, or leave the name out to have it found."
      : "This is a path, relative to the current directory. PATH is searched when the name is left out.";
    throw new BinaryNotFoundError(message, { tried: [line(source, given, found.reason)], hint });
  }
  if (!isSupportedVersion(found.version)) throw unsupportedVersion(found.version, found.path);
  if (protocol !== "auto" && protocolOf(found.version) !== protocol)
    throw wrongProtocol(found.version, protocol, found.path);
  return { path: found.path, version: found.version, source };
}

/** A release of 2.x is taken when no place has one of 1.x. */
async function search(
  context: Search,
  logger: LevelLogger,
  tried: string[],
  protocol: Protocol | "auto",
): Promise<ResolvedBinary | undefined> {
  let second: ResolvedBinary | undefined;
  for await (const { source, path, reason } of candidates(context.env, context.platform)) {
    if (path === undefined) {
      tried.push(`${source}: ${reason}`);
      continue;
    }
    const found = await inspect(path, context);
    const problem = found.reason ?? protocolProblem(found.version, protocol);
    if (found.reason === undefined && problem === undefined) {
      const usable = { path: found.path, version: found.version, source };
      if (protocol === "v2" || protocolOf(found.version) === "v1") return used(usable, logger);
      second ??= usable;
      continue;
    }
    if (problem !== "no such file") logger.debug(`passing over ${path} (${source}): ${problem}`);
    tried.push(line(source, path, problem ?? "unusable"));
  }
  return second === undefined ? undefined : used(second, logger);
}

function used(binary: ResolvedBinary, logger: LevelLogger): ResolvedBinary {
  logger.debug(`using opencode ${binary.version} at ${binary.path} (${binary.source})`);
  return binary;
}

function noSecond(tried: readonly string[]): BinaryNotFoundError {
  return new BinaryNotFoundError(`No usable opencode binary of 2.x was found. Looked at:\n${indented(tried)}`, {
    tried,
    hint: "Install 2.x by opencode's own installer, or name its binary with the option `binary` or the variable OPENCODE_BINARY.",
  });
}

function notFound(tried: readonly string[]): BinaryNotFoundError {
  return new BinaryNotFoundError(`No usable opencode binary was found. Looked at:\n${indented(tried)}`, {
    tried,
    hint:
      `Install it (npm install opencode-ai@${pinnedRelease}, or installBinary()), let it be downloaded (download: true), ` +
      "or name it with the option `binary` or the variable OPENCODE_BINARY.",
  });
}

async function download(
  { logger, logLevel, onProgress, signal }: ResolveBinaryOptions,
  { env, platform, avoid }: Search,
  tried: readonly string[],
): Promise<ResolvedBinary> {
  // Loaded here: most processes never download anything.
  const { install } = await import("./install.js");
  try {
    const options = { logger, logLevel, onProgress, signal, env };
    return await install(options, { platform, limits: downloadLimits, avoid });
  } catch (error) {
    if (!(error instanceof BinaryDownloadError)) throw error;
    const { message, cause, hint = "", reason, retryAt, assets, status, retryable } = error;
    const byHand = `nstall it: npm install opencode-ai@${pinnedRelease}.`;
    throw new BinaryDownloadError(
      `No usable opencode binary was found, and the download failed: ${message} Looked at:\n${indented(tried)}`,
      {
        cause,
        hint: hint === BinaryDownloadError.hint ? `I${byHand}` : `${hint} Or i${byHand}`,
        retryable,
        reason,
        retryAt,
        assets,
        status,
        tried,
      },
    );
  }
}

function indented(lines: readonly string[]): string {
  return lines.map((one) => `  ${one}`).join("\n");
}

function line(source: BinarySource, path: string, reason: string): string {
  return `${source}: ${path}: ${reason}`;
}
