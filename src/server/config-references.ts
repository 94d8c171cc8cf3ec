/** `{env:NAME}` and `{file:path}` in a configuration, put in place for a server that takes them literally (2.0 preview 1.18.18). */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "../errors/index.js";
import { isRecord } from "../util/json.js";

/** Where the references point to. */
export interface ReferencePlaces {
  /** Of the server. A variable that is not there gives nothing, as on 1.x. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder that relative paths begin in, absolute. */
  readonly base: string;
  /** For `~/`. */
  readonly home: string;
}

/** True where there may be something to put in place. */
export function hasReferences(text: string): boolean {
  return /\{(env|file):/.test(text);
}

/**
 * A copy of the value with all references in its texts put in place.
 * @throws {ConfigError} for a file that cannot be read.
 */
export function withReferences(value: unknown, places: ReferencePlaces): unknown {
  if (typeof value === "string") return inText(value, places);
  if (Array.isArray(value)) return value.map((one: unknown) => withReferences(one, places));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withReferences(one, places)]));
}

function inText(text: string, { env, base, home }: ReferencePlaces): string {
  return text
    .replace(/\{env:([^}]+)\}/g, (_, name: string) => env[name.trim()] ?? "")
    .replace(/\{file:([^}]+)\}/g, (reference: string, path: string) => {
      try {
        return readFileSync(resolve(base, path.trim().replace(/^~(?=[\\/])/, home)), "utf8").trim();
      } catch (cause) {
        throw new ConfigError(`The configuration refers to ${reference}, which cannot be read.`, {
          cause,
          hint: `A relative path begins in ${base}.`,
        });
      }
    });
}
