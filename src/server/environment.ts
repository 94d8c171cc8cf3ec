/** The environment of a server that we start. Pure. */
import { isCallersWork } from "../process/inherited-variables.js";
import { type Environment, isHijacking } from "../process/unsafe-environment.js";
import type { JsonRecord } from "../util/json.js";
import { configContent, givenConfig } from "./config-content.js";
import { type Generation, passwordVariables } from "./generations.js";
import type { HomeFolders } from "./private-home.js";

/** What the environment is made of. */
export interface EnvironmentParts {
  /** This process's. */
  readonly inherited: Environment;
  /** The caller's additions; `undefined` removes a variable. */
  readonly added: Environment;
  readonly config: JsonRecord;
  readonly password: string;
  /** Of the server: how it takes the two. What it takes in another way than by a variable is not in the environment. */
  readonly generation: Pick<Generation, "password" | "config" | "withoutProject">;
  /** The server's own home, when it gets one. */
  readonly home: HomeFolders | undefined;
  /** What it and its tools have for the system's temporary folder; removed when the server ends. */
  readonly temporary: string;
}

/** Both, the caller's over this process's. */
export function mergeEnvironment(inherited: Environment, added: Environment): Environment {
  return { ...inherited, ...added };
}

/**
 * The environment of the server: inherited, plus the caller's, minus what would hijack it or belongs to
 * the caller's own work, plus what is ours. Our
 * password always wins, and an inherited user name never counts: it is not what we would log in with.
 * @throws {ConfigError} when an inherited `OPENCODE_CONFIG_CONTENT` cannot be merged with.
 */
export function serverEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { added, home, generation } = parts;
  const merged = new Map<string, string>();
  for (const [name, value] of Object.entries(mergeEnvironment(parts.inherited, added))) {
    if (value === undefined) continue;
    const isForeign = isHijacking(name) || isCallersWork(name) || (home !== undefined && isPersonal(name));
    if (isGiven(parts, name) || !isForeign) merged.set(name, value);
  }
  const content = configContent(merged.get(contentVariable), parts.config);
  for (const name of [contentVariable, "OPENCODE_SERVER_USERNAME", ...passwordVariables]) merged.delete(name);
  const ours: Record<string, string> = {
    ...("variables" in generation.password ? passwords(generation.password.variables, parts.password) : {}),
    ...("content" in generation.config ? { [generation.config.content]: content } : {}),
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    ...temporaryFolders(parts),
    ...withoutProxy(merged.get("NO_PROXY"), merged.get("no_proxy")),
    ...(home === undefined ? {} : { ...isolated(home, added), ...generation.withoutProject }),
  };
  return { ...Object.fromEntries(merged), ...ours };
}

function passwords(variables: readonly string[], password: string): Record<string, string> {
  return Object.fromEntries(variables.map((name) => [name, password]));
}

/**
 * Bun unpacks libraries (5 MB) for each process and leaves them (observed on 1.18.33); so do tools with what they make. A
 * caller that names a folder for tools means them.
 */
function temporaryFolders(parts: EnvironmentParts): Record<string, string> {
  const { home, temporary } = parts;
  const isNamed = home === undefined && ["TMPDIR", "TEMP", "TMP"].some((name) => isGiven(parts, name));
  return {
    ...(isNamed ? {} : { TMPDIR: temporary, TEMP: temporary, TMP: temporary }),
    ...(isGiven(parts, "BUN_TMPDIR") ? {} : { BUN_TMPDIR: temporary }),
  };
}

/** The caller's `{ ...process.env }` gives nothing on purpose: what equals the inherited value is inherited. */
function isGiven({ added, inherited }: EnvironmentParts, name: string): boolean {
  return added[name] !== undefined && added[name] !== inherited[name];
}

const loopback = ["127.0.0.1", "localhost", "::1"];

/** Both spellings, since programs differ in which they read. What is there stays: `*`, or hosts behind no proxy. */
function withoutProxy(upper: string | undefined, lower: string | undefined): Record<string, string> {
  const extend = (value: string | undefined): string => {
    const hosts = (value ?? "").split(",").map((host) => host.trim());
    const known = hosts.filter((host) => host !== "");
    return [...known, ...loopback.filter((host) => !known.includes(host))].join(",");
  };
  return { NO_PROXY: extend(upper ?? lower), no_proxy: extend(lower ?? upper) };
}

/** In which a user, or the process around us, gives a configuration. */
const contentVariable = "OPENCODE_CONFIG_CONTENT";

/** What is in it and in the caller's configuration, for a server that does not take it by that variable. */
export function configOf({ inherited, added, home, config }: Omit<EnvironmentParts, "generation">): JsonRecord {
  const given = mergeEnvironment(home === undefined ? inherited : {}, added)[contentVariable];
  return givenConfig(given, config);
}

/** The agent's own variables: the user's configuration, data and switches. Credentials are none of that. */
function isPersonal(name: string): boolean {
  return /^OPENCODE_(?!(API_KEY|AUTH_CONTENT)$)/i.test(name);
}

/**
 * The home and everything under it, for a server that has its own. It also reads no configuration of the directory and
 * downloads nothing: there is no switch for the plugin that the server installs on first use of a directory, so that one
 * is sent to a port that is closed (observed on 1.18.33: it goes on without).
 */
function isolated(home: HomeFolders, added: Environment): Record<string, string> {
  const registry = Object.keys(added).some(
    (name) => name.toLowerCase() === "npm_config_registry" && added[name] !== undefined,
  );
  return {
    HOME: home.root,
    USERPROFILE: home.root,
    APPDATA: home.config,
    LOCALAPPDATA: home.data,
    XDG_CONFIG_HOME: home.config,
    XDG_DATA_HOME: home.data,
    XDG_STATE_HOME: home.state,
    XDG_CACHE_HOME: home.cache,
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    ...(registry ? {} : { npm_config_registry: "http://127.0.0.1:9" }),
  };
}
