/**
 * The server's list of model providers without those that this user cannot use. The agent knows more than 200 providers with 8,000
 * models (1.18.33), and prepares each of them before the first answer.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isRecord, type JsonRecord, parseJson, stringProperty } from "../util/json.js";
import { type ConfigTexts, readConfigTexts } from "./config-texts.js";

/** Providers that the agent may enable without a variable of their list and without a login (1.18.33). */
const alwaysKept: ReadonlySet<string> = new Set([
  ...["opencode", "opencode-go", "amazon-bedrock", "azure", "azure-cognitive-services", "google-vertex", "gitlab"],
  ...["google-vertex-anthropic", "sap-ai-core", "cloudflare-workers-ai", "cloudflare-ai-gateway", "snowflake-cortex"],
]);

/** Where the list comes from, and where it goes. */
export interface ProviderListParts {
  /** Of the server. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the server, absolute. */
  readonly directory: string;
  /** The private folder of the server. */
  readonly folder: string;
}

/** The list, or the reason why the server gets its own. */
export type ProviderList =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path?: undefined; readonly reason: string };

/**
 * Writes the list into the private folder. It is made of the agent's own copy, which stays as it is. A provider stays in the list if
 * the environment has one of its variables, or if its name is anywhere in a configuration or among the logins. A doubt leaves
 * the whole list to the server.
 */
export function writeUsableProviders({ env, directory, folder }: ProviderListParts): ProviderList {
  if (process.platform !== "linux") return { reason: "the places of the configuration are known for Linux only" };
  const own = ["OPENCODE_MODELS_PATH", "OPENCODE_MODELS_URL", "OPENCODE_TEST_HOME"].find((name) => env[name]);
  if (own !== undefined) return { reason: `${own} is set` };
  const home = env["HOME"] || homedir();
  const cache = join(env["XDG_CACHE_HOME"] || join(home, ".cache"), "opencode", "models.json");
  const providers = readProviders(cache);
  if (providers === undefined) return { reason: `there is no list of providers in ${cache}` };
  const texts = readConfigTexts({ env, directory, home });
  if (texts.reason !== undefined) return texts;
  const usable = providers.filter(([id, provider]) => isUsable(id, provider, env, texts.all));
  const path = join(folder, "models.json");
  writeFileSync(path, JSON.stringify(Object.fromEntries(usable)), { mode: 0o600 });
  return { path };
}

type Listed = readonly [id: string, provider: { readonly env: readonly string[] }];

/** `undefined` for a file that is missing, or that is not in the form of 1.18.33. */
function readProviders(path: string): Listed[] | undefined {
  let list: unknown;
  try {
    list = parseJson(readFileSync(path, "utf8"));
  } catch {
    return undefined; // the agent has a list of its own
  }
  if (!isRecord(list)) return undefined;
  const entries = Object.entries(list);
  return entries.every(isListed) ? entries : undefined;
}

function isListed(entry: [string, unknown]): entry is [string, JsonRecord & { readonly env: readonly string[] }] {
  const [id, provider] = entry;
  if (!isRecord(provider) || stringProperty(provider, "id") !== id || !isRecord(provider["models"])) return false;
  const variables = provider["env"];
  return Array.isArray(variables) && variables.every((name) => typeof name === "string");
}

function isUsable(
  id: string,
  provider: Listed[1],
  env: ProviderListParts["env"],
  texts: ConfigTexts["all"] & object,
): boolean {
  if (alwaysKept.has(id) || provider.env.some((name) => env[name] !== undefined)) return true;
  return [id, ...provider.env].some((name) => texts.some((text) => text.includes(name)));
}
