/** Reads the options of a prompt from the command line: checks them and reads their files. */
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import {
  type JsonSchema,
  type PermissionHandler,
  type PermissionMode,
  type Protocol,
  parsePolicy,
  policy,
} from "../index.js";
import { UsageError } from "./failures.js";

/** The result of commander: its names are those of the flags. */
export interface Flags {
  readonly model?: string;
  readonly keep?: boolean;
  readonly autoTools?: boolean;
  readonly directory?: string;
  readonly port?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly continue?: boolean;
  readonly attach?: string;
  readonly protocol?: string;
  readonly file?: readonly string[];
  readonly schema?: string;
  readonly json?: boolean;
  readonly streamJson?: boolean;
  readonly quiet?: boolean;
  readonly timeout?: string;
  readonly maxCost?: string;
  readonly maxSubagents?: string;
  readonly maxRepeats?: string;
  readonly budget?: string;
  readonly permissionMode?: string;
  readonly policy?: string;
  readonly park?: boolean;
  readonly isolated?: boolean;
  readonly command?: string;
  readonly fork?: boolean;
  readonly title?: string;
  readonly variant?: string;
  readonly fallbackModel?: readonly string[];
  readonly thinking?: boolean;
  readonly share?: boolean;
}

/** The server and session of the prompt. */
export interface TargetSettings {
  readonly keep: boolean;
  readonly attach: string | undefined;
  readonly protocol: Protocol | undefined;
  readonly directory: string | undefined;
  readonly port: number | undefined;
  readonly isolation: "inherit" | "clean";
  readonly session: string | undefined;
  readonly continue: boolean;
  readonly fork: boolean;
  readonly title: string | undefined;
  /** USD, of a session or copy that the call makes. */
  readonly budget: number | undefined;
  readonly share: boolean;
  readonly mode: PermissionMode;
}

/** The options of the turn. */
export interface TurnSettings {
  readonly model: string | undefined;
  readonly agent: string | undefined;
  readonly variant: string | undefined;
  readonly fallbackModels: readonly string[] | undefined;
  readonly timeout: number | undefined;
  readonly maxCost: number | undefined;
  readonly maxSubagents: number | undefined;
  readonly maxRepeats: number | false | undefined;
  readonly schema: JsonSchema | undefined;
  readonly files: readonly string[];
  readonly command: string | undefined;
  readonly thinking: boolean;
  /** Permission requests wait in the store of approvals. */
  readonly park: boolean;
  /** From `--policy`: creates the handler that calls `onAsk` for the rules with the action "ask". */
  readonly policy: ((onAsk: PermissionHandler) => PermissionHandler) | undefined;
}

/** The format of the answer. */
export type OutputFormat = "text" | "json" | "stream-json";

/** All settings. */
export interface Settings {
  readonly target: TargetSettings;
  readonly turn: TurnSettings;
  readonly format: OutputFormat;
  readonly quiet: boolean;
}

/** Checks the flags and reads the files they name. Throws `UsageError`, and `ConfigError` for a policy that is wrong. */
export async function readSettings(flags: Flags): Promise<Settings> {
  checkCombinations(flags);
  return {
    target: readTarget(flags),
    turn: {
      model: readModel(flags.model),
      agent: flags.agent,
      variant: flags.variant,
      fallbackModels: readFallbackModels(flags),
      timeout: amount("--timeout", "seconds", flags.timeout, 1_000),
      maxCost: amount("--max-cost", "USD", flags.maxCost),
      maxSubagents: count("--max-subagents", flags.maxSubagents),
      maxRepeats: readRepeats(flags.maxRepeats),
      schema: flags.schema === undefined ? undefined : await readSchema(flags.schema),
      files: await readable("--file", flags.file ?? []),
      command: flags.command?.replace(/^\//, ""),
      thinking: flags.thinking === true,
      park: flags.park === true,
      policy: flags.policy === undefined ? undefined : await readPolicy(flags.policy),
    },
    format: flags.json === true ? "json" : flags.streamJson === true ? "stream-json" : "text",
    quiet: flags.quiet === true,
  };
}

/** Reads the server and the session; also for commands without a prompt. Throws `UsageError`. */
export function readTarget(flags: Flags): TargetSettings {
  return {
    keep: flags.keep === true,
    attach: flags.attach,
    protocol: readProtocol(flags.protocol),
    directory: flags.directory,
    port: readPort(flags.port),
    isolation: flags.isolated === true ? "clean" : "inherit",
    session: flags.session,
    continue: flags.continue === true,
    fork: flags.fork === true,
    title: flags.title,
    budget: amount("--budget", "USD", flags.budget),
    share: flags.share === true,
    mode: readMode(flags),
  };
}

/** Pairs that exclude each other, as members of {@link Flags} with their spelling. */
const exclusive: readonly (readonly [keyof Flags, keyof Flags])[] = [
  ["json", "streamJson"],
  ["attach", "keep"],
  ["attach", "port"],
  ["attach", "isolated"],
  ["session", "continue"],
  ["policy", "park"],
  ["schema", "command"],
  ["file", "command"],
  ["fallbackModel", "command"],
];

function checkCombinations(flags: Flags): void {
  for (const [one, other] of exclusive) {
    if (flags[one] !== undefined && flags[other] !== undefined) {
      throw new UsageError(`${spelled(one)} and ${spelled(other)} exclude each other`);
    }
  }
  if (flags.budget !== undefined && flags.fork !== true && (flags.session !== undefined || flags.continue === true)) {
    throw new UsageError("--budget is for a new session: leave out --session and --continue, or add --fork");
  }
  if (flags.fork === true && flags.session === undefined && flags.continue !== true && flags.keep !== true) {
    throw new UsageError("--fork needs a session: give --session, --continue or --keep");
  }
}

function spelled(flag: keyof Flags): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A record, so that no mode is forgotten. A wrong name is rejected before a server starts. */
const modes: Readonly<Record<PermissionMode, true>> = {
  default: true,
  plan: true,
  readOnly: true,
  acceptEdits: true,
  autoTools: true,
  bypass: true,
};

function isMode(name: string): name is PermissionMode {
  return Object.hasOwn(modes, name);
}

function readMode({ autoTools, permissionMode }: Flags): PermissionMode {
  if (permissionMode === undefined) return autoTools === true ? "autoTools" : "default";
  if (!isMode(permissionMode)) {
    throw new UsageError(`--permission-mode must be one of ${Object.keys(modes).join(", ")}`);
  }
  if (autoTools === true && permissionMode !== "autoTools") {
    throw new UsageError("--auto-tools and --permission-mode exclude each other");
  }
  return permissionMode;
}

function readProtocol(name: string | undefined): Protocol | undefined {
  if (name === undefined || name === "v1" || name === "v2") return name;
  throw new UsageError(`--protocol must be v1 (opencode 1.x) or v2 (opencode 2.x); got ${JSON.stringify(name)}`);
}

/** Models of `--fallback-model`. Throws `UsageError` for one that is named twice. */
export function readFallbackModels({ fallbackModel, model }: Flags): readonly string[] | undefined {
  for (const [index, name] of (fallbackModel ?? []).entries()) {
    readModel(name, "--fallback-model");
    if (name === model || fallbackModel?.indexOf(name) !== index)
      throw new UsageError(`--fallback-model names ${name}, which is asked before: name each model once`);
  }
  return fallbackModel;
}

/** A model's name. Only the server knows whether the model exists. Throws `UsageError`. */
export function readModel(name: string | undefined, flag = "--model"): string | undefined {
  if (name === undefined || /^[^/]+\/./.test(name)) return name;
  throw new UsageError(`${flag} must be "provider/model"; got ${JSON.stringify(name)}`);
}

/** A port; 0 and nothing mean any. Throws `UsageError`. */
export function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535; got ${JSON.stringify(text)}`);
}

/** A number above 0, times `factor`. Throws `UsageError`. */
export function amount(flag: string, unit: string, text: string | undefined, factor = 1): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number) && number > 0) return number * factor;
  throw new UsageError(`${flag} must be a number above 0 (${unit}); got ${JSON.stringify(text)}`);
}

/** A whole number from 0 on. */
function count(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  throw new UsageError(`${flag} must be a whole number from 0 on; got ${JSON.stringify(text)}`);
}

function readRepeats(text: string | undefined): number | false | undefined {
  if (text === undefined) return undefined;
  if (text === "off") return false;
  if (/^\d+$/.test(text) && Number(text) >= 2) return Number(text);
  throw new UsageError(`--max-repeats must be a whole number from 2 on, or off; got ${JSON.stringify(text)}`);
}

async function readSchema(path: string): Promise<JsonSchema> {
  const text = await readText("--schema", path);
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return schema;
  } catch (error) {
    throw new UsageError(`--schema: ${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new UsageError(`--schema: ${path} is not a JSON Schema: expected an object`);
}

async function readPolicy(path: string): Promise<(onAsk: PermissionHandler) => PermissionHandler> {
  const rules = parsePolicy(await readText("--policy", path));
  policy(rules, { default: "ask" }); // rejects wrong rules before anything starts
  return (onAsk) => policy(rules, { default: "ask", onAsk });
}

/** The files are read with the turn. A missing file is rejected before a server starts. */
async function readable(flag: string, paths: readonly string[]): Promise<readonly string[]> {
  await Promise.all(
    paths.map((path) =>
      access(path, constants.R_OK).catch((error: unknown) => {
        throw unreadable(flag, path, error);
      }),
    ),
  );
  return paths;
}

function unreadable(flag: string, path: string, error: unknown): UsageError {
  return new UsageError(`${flag}: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(flag, path, error);
  }
}
