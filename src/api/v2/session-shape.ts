/** A session of 2.x as one of the public API. */
import { APIResponseValidationError } from "../../errors/index.js";
import type { SessionInfo } from "../../types/answer.js";
import {
  isRecord,
  type JsonRecord,
  numberProperty,
  property,
  recordProperty,
  stringProperty,
} from "../../util/json.js";
import { given } from "../v1/given-fields.js";
import type { Dialect } from "./dialects.js";
import { ownRules } from "./names.js";

type Model = NonNullable<SessionInfo["model"]>;
type Revert = NonNullable<SessionInfo["revert"]>;

/** Throws `APIResponseValidationError` for what is no session. Texts that 2.x does not have are empty. */
export function toSessionInfo(dialect: Dialect, value: unknown, path: string): SessionInfo {
  const id = stringProperty(value, "id");
  const directory = stringProperty(recordProperty(value, "location"), "directory");
  if (id === undefined || directory === undefined) {
    throw new APIResponseValidationError(`${path}: expected a session with "id" and "location"`, { path });
  }
  const rules = property(value, "permissions");
  return {
    id,
    directory,
    slug: "",
    version: "",
    projectID: stringProperty(value, "projectID") ?? "",
    title: stringProperty(value, "title") ?? "",
    time: timeOf(recordProperty(value, "time")),
    ...given({
      parentID: stringProperty(value, "parentID"),
      agent: stringProperty(value, "agent"),
      model: modelOf(property(value, "model")),
      cost: numberProperty(value, "cost"),
      tokens: tokensOf(recordProperty(value, "tokens")),
      metadata: recordProperty(value, "metadata"),
      permission: Array.isArray(rules) ? ownRules(dialect, rules) : undefined,
      revert: revertOf(recordProperty(value, "revert")),
      path: stringProperty(value, "subpath"),
    }),
  };
}

/** The variant `default` means none (2.0 preview 1.18.18). */
export function modelOf(value: unknown): Model | undefined {
  const id = stringProperty(value, "id");
  const providerID = stringProperty(value, "providerID");
  if (id === undefined || providerID === undefined) return undefined;
  const variant = stringProperty(value, "variant");
  return variant === undefined || variant === "default" ? { id, providerID } : { id, providerID, variant };
}

/** The same as one text, to be compared. */
export function modelTextOf(value: unknown): string | undefined {
  const model = modelOf(value);
  return model && modelText(model);
}

/** A model as one text. */
export function modelText({ providerID, id, variant }: Model): string {
  return JSON.stringify(variant === undefined ? { id, providerID } : { id, providerID, variant });
}

function timeOf(time: JsonRecord | undefined): SessionInfo["time"] {
  const created = numberProperty(time, "created") ?? 0;
  const updated = numberProperty(time, "updated") ?? created;
  return { created, updated, ...given({ archived: numberProperty(time, "archived") }) };
}

function tokensOf(tokens: JsonRecord | undefined): SessionInfo["tokens"] {
  if (tokens === undefined) return undefined;
  const cache = recordProperty(tokens, "cache");
  const number = (from: unknown, name: string): number => numberProperty(from, name) ?? 0;
  return {
    input: number(tokens, "input"),
    output: number(tokens, "output"),
    reasoning: number(tokens, "reasoning"),
    cache: { read: number(cache, "read"), write: number(cache, "write") },
  };
}

/** The preview has the diff as one text (1.18.18), the types of 2.1 have a text for each file. */
function revertOf(revert: JsonRecord | undefined): Revert | undefined {
  const messageID = stringProperty(revert, "messageID");
  if (revert === undefined || messageID === undefined) return undefined;
  const files = property(revert, "files");
  const patches = Array.isArray(files)
    ? files.filter(isRecord).flatMap((file) => stringProperty(file, "patch") ?? [])
    : [];
  const joined = patches.length === 0 ? undefined : patches.join("\n");
  return {
    messageID,
    ...given({
      partID: stringProperty(revert, "partID"),
      snapshot: stringProperty(revert, "snapshot"),
      diff: stringProperty(revert, "diff") ?? joined,
    }),
  };
}
