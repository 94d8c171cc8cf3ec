/** The texts in which a provider can be named: configuration of all levels, agents, commands and logins (1.18.33). */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the agent looks. */
export interface ConfigPlaces {
  /** Of the server. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the server, absolute. */
  readonly directory: string;
  readonly home: string;
}

/** All texts, or the reason why they do not tell everything. */
export type ConfigTexts =
  | { readonly all: readonly string[]; readonly reason?: undefined }
  | { readonly all?: undefined; readonly reason: string };

const configNames = ["opencode.json", "opencode.jsonc", "config.json"];
/** Folders with files that may name a model. */
const promptFolders = ["agent", "agents", "command", "commands", "mode", "modes"];
/** Folders with programs: they may ask for any model. */
const programFolders = ["plugin", "plugins", "tool", "tools"];
const maxFiles = 500;
const maxBytes = 1024 * 1024;

/** Reads the texts. Files that do not exist are no texts. */
export function readConfigTexts({ env, directory, home }: ConfigPlaces): ConfigTexts {
  const configFolder = join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "opencode");
  const dataFolder = join(env["XDG_DATA_HOME"] || join(home, ".local", "share"), "opencode");
  const parents = parentsOf(directory);
  const agentFolders = [
    configFolder,
    join(home, ".opencode"),
    ...parents.map((folder) => join(folder, ".opencode")),
    ...(env["OPENCODE_CONFIG_DIR"] ? [env["OPENCODE_CONFIG_DIR"]] : []),
  ];
  try {
    const reader = new TextReader();
    if (reader.file(join(configFolder, "config")) !== undefined) return { reason: "there is a configuration in TOML" };
    for (const folder of [...agentFolders, ...parents, "/etc/opencode"]) {
      for (const name of configNames) reader.file(join(folder, name));
    }
    if (env["OPENCODE_CONFIG"]) reader.file(env["OPENCODE_CONFIG"]);
    const configs = [...reader.texts, env["OPENCODE_CONFIG_CONTENT"] ?? ""];
    const doubt = configs.map(doubtOf).find((reason) => reason !== undefined);
    if (doubt !== undefined) return { reason: doubt };
    for (const folder of agentFolders) {
      const programs = programFolders.find((name) => reader.names(join(folder, name)).length > 0);
      if (programs !== undefined) return { reason: `${join(folder, programs)} has programs, which may use any model` };
      for (const name of promptFolders) reader.markdown(join(folder, name));
    }
    const logins = [reader.file(join(dataFolder, "auth.json")) ?? "", env["OPENCODE_AUTH_CONTENT"] ?? ""];
    if (logins.some((text) => text.includes("wellknown"))) return { reason: "a login brings configuration of its own" };
    // It may hold variables of providers; whether the agent reads it depends on its build.
    for (const name of ["", ".local", ".development", ".production"]) reader.file(join(directory, `.env${name}`));
    const all = [...reader.texts, ...configs, ...logins];
    if (all.some((text) => text.includes("\\u"))) return { reason: "a configuration has names with escapes" };
    return { all: [...all, ...variablesIn(configs, env)] };
  } catch (error) {
    return { reason: `the configuration cannot be read: ${String(error)}` };
  }
}

/** Why a configuration does not tell everything. */
function doubtOf(text: string): string | undefined {
  if (text.includes("{file:")) return "a configuration takes a value from another file";
  // An empty list, or a comment about plugins, is doubt enough.
  return /\bplugins?\b/.test(text) ? "a configuration has plugins, which may use any model" : undefined;
}

/** A configuration may take a value from a variable: `{env:NAME}`. */
function variablesIn(texts: readonly string[], env: ConfigPlaces["env"]): string[] {
  return texts
    .flatMap((text) => [...text.matchAll(/\{env:([^}]+)\}/g)])
    .map(([, name = ""]) => env[name.trim()] ?? "")
    .filter((value) => value !== "");
}

/** The directory and all folders above it. */
function parentsOf(directory: string): string[] {
  const parents = [directory];
  for (let folder = directory; folder !== dirname(folder); folder = dirname(folder)) parents.push(dirname(folder));
  return parents;
}

/** Throws for a file that exists and cannot be read, and when there is more than anybody has. */
class TextReader {
  readonly texts: string[] = [];
  #files = 0;

  /** Adds the text of a file. `undefined` if there is none. */
  file(path: string): string | undefined {
    const text = orNone(() => {
      if (statSync(path).size > maxBytes) throw new Error(`${path} is too large`);
      return readFileSync(path, "utf8");
    });
    if (text === undefined) return undefined;
    this.#files += 1;
    if (this.#files > maxFiles) throw new Error(`there are more than ${maxFiles} files`);
    this.texts.push(text);
    return text;
  }

  /** The names in a folder; none if there is no folder. */
  names(folder: string): readonly string[] {
    return orNone(() => readdirSync(folder)) ?? [];
  }

  /** Adds the texts of all Markdown files below a folder. */
  markdown(folder: string): void {
    for (const name of this.names(folder)) {
      const path = join(folder, name);
      if (name.endsWith(".md")) this.file(path);
      else if (orNone(() => statSync(path).isDirectory()) === true) this.markdown(path);
    }
  }
}

function orNone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
