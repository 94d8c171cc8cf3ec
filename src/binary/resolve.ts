/** Finds the agent binary: named, on PATH, in an npm package, or in the download folder. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { APIAbortError, BinaryNotFoundError, ConfigError } from "../errors.js";
import { pinnedRelease } from "../generated/release.js";
import { createLogger, type LevelLogger, type LoggerOptions } from "../internal/logger.js";
import { binaryVersion } from "./binary-version.js";
import { detectPlatform } from "./detect-platform.js";
import type { Environment } from "./environment.js";
import { launcherBehind, packagedBinaries } from "./npm-package.js";
import { type BinarySource, places } from "./places.js";
import type { Platform } from "./platform.js";
import { isSupportedVersion, supportedRange, unsupportedVersion } from "./version.js";

/** Options of {@link resolveBinary}. */
export interface ResolveBinaryOptions extends LoggerOptions {
  /** Path of the agent's binary, absolute or relative to the current directory. Then nothing else is looked at. */
  readonly binary?: string | undefined;
  /** Where `OPENCODE_BINARY`, `PATH` and the home folder are read. Default: this process's environment. */
  readonly env?: Environment | undefined;
  /** Ends the search, and a binary that is just being asked for its version. */
  readonly signal?: AbortSignal | undefined;
}

/** An agent binary that this package can drive. */
export interface ResolvedBinary {
  /** Absolute; links in it are not resolved, because some version managers go by the name they are called by. */
  readonly path: string;
  /** What it calls itself, for example `"1.18.33"`. */
  readonly version: string;
  readonly source: BinarySource;
}

/**
 * The first usable agent binary of: the option `binary`, the variable `OPENCODE_BINARY`, `PATH`, the npm package of this
 * platform (from the current directory, from this package, or as a dependency of `opencode-ai`), `~/.opencode/bin`.
 * Each is asked for its version, which costs half a second once per file.
 * @throws BinaryNotFoundError when there is none (`tried` lists every place), or the named one cannot be run.
 * @throws UnsupportedServerVersionError when a named binary is of another release than supported; found ones are passed over.
 * @throws ConfigError for an empty `binary`.
 * @throws APIAbortError when the `signal` aborts; nothing is left running then.
 */
export async function resolveBinary(options: ResolveBinaryOptions = {}): Promise<ResolvedBinary> {
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    return await find(options, {
      env: options.env ?? process.env,
      platform: detectPlatform(),
      signal,
    });
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new APIAbortError("The search for the agent binary was aborted.", { cause: signal.reason });
  }
}

/** What every step of the search needs. */
interface Search {
  readonly env: Environment;
  readonly platform: Platform | undefined;
  readonly signal: AbortSignal | undefined;
}

async function find(options: ResolveBinaryOptions, context: Search): Promise<ResolvedBinary> {
  if (options.binary !== undefined) return named(checked(options.binary), "option", context);
  const variable = context.env["OPENCODE_BINARY"];
  if (variable) return named(variable, "OPENCODE_BINARY", context); // set to nothing counts as not set
  return search(context, createLogger(options));
}

function checked(binary: unknown): string {
  if (typeof binary === "string" && binary !== "" && !binary.includes("\0")) return binary;
  const shown = typeof binary === "string" ? JSON.stringify(binary) : typeof binary;
  throw new ConfigError(`Option "binary" must be the path of the opencode binary, got ${shown}.`, {
    hint: "Leave the option out to have the binary found.",
  });
}

async function named(binary: string, source: "option" | "OPENCODE_BINARY", context: Search): Promise<ResolvedBinary> {
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
  return { path: found.path, version: found.version, source };
}

async function search(context: Search, logger: LevelLogger): Promise<ResolvedBinary> {
  const tried: string[] = [];
  for await (const { source, path, reason } of places(context.env, context.platform)) {
    if (path === undefined) {
      tried.push(`${source}: ${reason}`);
      continue;
    }
    const found = await inspect(path, context);
    const problem = found.reason ?? versionProblem(found.version);
    if (found.reason === undefined && problem === undefined) {
      logger.debug(`using opencode ${found.version} at ${found.path} (${source})`);
      return { path: found.path, version: found.version, source };
    }
    if (problem !== "no such file") logger.debug(`passing over ${path} (${source}): ${problem}`);
    tried.push(line(source, path, problem ?? "unusable"));
  }
  throw new BinaryNotFoundError(
    `No usable opencode binary was found. Looked at:\n${tried.map((one) => `  ${one}`).join("\n")}`,
    {
      tried,
      hint: `Install it (npm install opencode-ai@${pinnedRelease}), or name it with the option \`binary\` or the variable OPENCODE_BINARY.`,
    },
  );
}

function line(source: BinarySource, path: string, reason: string): string {
  return `${source}: ${path}: ${reason}`;
}

function versionProblem(version: string): string | undefined {
  return isSupportedVersion(version) ? undefined : `opencode ${version} is not supported (${supportedRange} is)`;
}

type Inspected =
  | { readonly path: string; readonly version: string; readonly reason?: undefined }
  | { readonly reason: string };

/** What is at `path`: a version, or why it will not do. */
async function inspect(path: string, context: Search): Promise<Inspected> {
  const problem = await fileProblem(path);
  if (problem !== undefined) return { reason: problem };
  try {
    const launcher = await launcherBehind(path);
    if (launcher !== undefined) return await inspectLauncher(launcher, context);
    if (/\.(cmd|bat|ps1)$/i.test(path)) return { reason: "a script of the command line, which only a shell can start" };
    return withVersion(path, await binaryVersion(path, context.env, context.signal));
  } catch (error) {
    context.signal?.throwIfAborted();
    return { reason: unreadable(error) }; // gone or replaced meanwhile, or executable but not readable
  }
}

/** The script of `opencode-ai` gives way to the binary it would start. */
async function inspectLauncher(launcher: string, { env, platform, signal }: Search): Promise<Inspected> {
  const reasons: string[] = [];
  for (const binary of platform === undefined ? [] : packagedBinaries(launcher, platform)) {
    const found = (await fileProblem(binary)) ?? withVersion(binary, await binaryVersion(binary, env, signal));
    if (typeof found !== "string" && found.reason === undefined) return found;
    reasons.push(`${binary}: ${typeof found === "string" ? found : found.reason}`);
  }
  const why = reasons.length > 0 ? reasons.join("; ") : "the npm package of this platform is not installed beside it";
  return { reason: `the script of opencode-ai, without a binary to start (${why})` };
}

function withVersion(path: string, answer: Awaited<ReturnType<typeof binaryVersion>>): Inspected {
  return answer.version === undefined ? { reason: answer.reason } : { path, version: answer.version };
}

async function fileProblem(path: string): Promise<string | undefined> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return file.isDirectory() ? "a directory" : "not a regular file";
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "no such file";
  return code === "EACCES" ? "not executable, or not readable" : `not readable (${String(code ?? error)})`;
}
