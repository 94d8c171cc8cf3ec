/**
 * A configuration folder for a server that takes no configuration from its environment: ours beside the user's own. It takes the
 * place of the user's folder, so all of that is in it by links.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError } from "../errors/index.js";
import { isRecord, type JsonRecord } from "../util/json.js";
import { mergeConfigs } from "./config-content.js";
import { hasReferences, withReferences } from "./config-references.js";
import { shapeOf } from "./config-shape.js";
import { stripJsonc } from "./jsonc.js";

/** What a folder is made of. */
export interface ConfigFolderParts {
  /** Of the server. */
  readonly env: Readonly<Record<string, string>>;
  /** The variable that names the user's folder, and later ours. */
  readonly variable: string;
  /** Ours, in one shape, checked. */
  readonly config: JsonRecord;
  /** Of the server, absolute: relative paths in the configuration begin there. */
  readonly directory: string;
  /** The private folder of the server. */
  readonly folder: string;
}

/**
 * The files that the server reads, in this order; each may have a shape of its own, and the second wins (2.0 preview 1.18.18).
 * Both may have comments.
 */
const [firstFile, secondFile] = ["opencode.json", "opencode.jsonc"] as const;

/**
 * Writes the folder, and returns its path. It goes with the private folder.
 * @throws {ConfigError} when the user's own two files have different shapes, or a reference cannot be read.
 */
export function writeConfigFolder({ env, variable, config, directory, folder }: ConfigFolderParts): string {
  const home = env["HOME"] || homedir();
  const named = env[variable];
  const own = named ? resolve(directory, named) : join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "opencode");
  const path = join(folder, "config");
  rmSync(path, { recursive: true, force: true }); // of a start with another binary
  mkdirSync(path, { mode: 0o700 });
  const put = (name: string, text: string): void => writeFileSync(join(path, name), text, { mode: 0o600, flag: "wx" });
  for (const name of namesIn(own)) {
    if (name !== firstFile && name !== secondFile) link(join(own, name), join(path, name));
  }
  const users = [firstFile, secondFile].flatMap((name) => {
    const text = textOf(join(own, name));
    return text === undefined ? [] : [{ name: join(own, name), text: inPlace(text, { env, base: own, home }) }];
  });
  if (users.length > 0) put(firstFile, combined(users));
  put(secondFile, JSON.stringify(withReferences(config, { env, base: directory, home })));
  return path;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // the user has none
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // there is none, or the server could not read it either
  }
}

function link(target: string, path: string): void {
  try {
    symlinkSync(target, path, statSync(target).isDirectory() ? "junction" : "file");
  } catch {
    cpSync(target, path, { recursive: true, force: true }); // Windows: links to files need a right
  }
}

function inPlace(text: string, places: Parameters<typeof withReferences>[1]): string {
  if (!hasReferences(text)) return text;
  const value = parsed(text);
  return value === undefined ? text : JSON.stringify(withReferences(value, places));
}

interface UserFile {
  readonly name: string;
  readonly text: string;
}

/** The two files of a user as one: the other name is ours. */
function combined([first, second]: readonly UserFile[]): string {
  if (second === undefined) return first?.text ?? "";
  const [below, above] = [parsed(first?.text ?? ""), parsed(second.text)];
  // The server drops a file that is no JSON.
  if (below === undefined || above === undefined) return below === undefined ? second.text : (first?.text ?? "");
  const merged = mergeConfigs(below, above);
  if (shapeOf(merged) !== "both") {
    const rules = [below["permissions"], above["permissions"]].filter(Array.isArray).flat();
    return JSON.stringify(rules.length === 0 ? merged : { ...merged, permissions: rules });
  }
  throw new ConfigError(
    `${first?.name} and ${second.name} have the shapes of 1.x and 2.x, and a third file cannot stand beside them.`,
    {
      hint: "Write both in one of the shapes.",
    },
  );
}

function parsed(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(stripJsonc(text));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
