/** The configuration handed to the server: in `OPENCODE_CONFIG_CONTENT`, or by another way. Pure. */
import { ConfigError } from "../errors/index.js";
import { invalidOption } from "../util/invalid-option.js";
import { isRecord, type JsonRecord } from "../util/json.js";
import { stripJsonc } from "./jsonc.js";

/**
 * JSON of: what the variable held already, the caller's configuration over it, and `autoupdate: false` unless one of
 * them says otherwise (a server that replaces its own binary breaks the one that was checked).
 * @throws {ConfigError} when the inherited value or the configuration is no JSON object. The message never shows it: it may hold keys.
 */
export function configContent(inherited: string | undefined, config: JsonRecord): string {
  return JSON.stringify(mergeConfigs({ autoupdate: false }, givenConfig(inherited, config)));
}

/** The same as an object, without the addition: empty when nobody says anything. @throws as {@link configContent}. */
export function givenConfig(inherited: string | undefined, config: JsonRecord): JsonRecord {
  const merged = mergeConfigs(inherited?.trim() ? parse(inherited) : {}, config);
  try {
    JSON.stringify(merged);
    return merged;
  } catch (error) {
    throw invalidOption("config", "an object without cycles and BigInt, for JSON", config, { cause: error });
  }
}

function parse(text: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(stripJsonc(text)); // the agent accepts comments and trailing commas, too
  } catch {
    // Without the cause: a parser quotes what it read.
    throw notMergeable("no JSON");
  }
  if (!isRecord(value)) throw notMergeable("JSON, but no object");
  return value;
}

function notMergeable(what: string): ConfigError {
  return new ConfigError(
    `The environment variable OPENCODE_CONFIG_CONTENT holds ${what}, so nothing can be merged over it.`,
    {
      hint: "Remove it (env: { OPENCODE_CONFIG_CONTENT: undefined }) or correct it.",
    },
  );
}

/** Objects key by key, everything else (lists too) replaced. A key that is `undefined` above leaves the one below. */
export function mergeConfigs(below: JsonRecord, above: JsonRecord): JsonRecord {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const known = merged.get(key);
    merged.set(key, isRecord(known) && isRecord(value) ? mergeConfigs(known, value) : value);
  }
  return Object.fromEntries(merged);
}
