/** A caller's schema in the two forms that are needed: as JSON Schema for the model, and as a check of what the model gives. */
import { ConfigError, type SchemaIssue } from "../errors/index.js";
import type { OutputSchema, StandardSchema, ValidationResult } from "../types/schema.js";
import { messageOf } from "../util/error-message.js";
import { invalidOption } from "../util/invalid-option.js";
import { isRecord, type JsonRecord } from "../util/json.js";

/** A schema, read. */
export interface SchemaForm<T> {
  /** As it is sent: without `$schema`, which providers refuse. A copy: the caller's later changes do not count. */
  readonly jsonSchema: JsonRecord;
  /** Loads what the check needs. Rejects with `ConfigError` for a JSON Schema that cannot be checked with. */
  prepare(): Promise<void>;
  /** Never rejects, once prepared: a check that throws is an issue, with what it threw as `cause`. */
  validate(value: unknown): Promise<SchemaResult<T>>;
}

/** A value, or the reasons why there is none. */
export type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[]; readonly cause?: unknown };

type Check<T> = (value: unknown) => ValidationResult<T> | Promise<ValidationResult<T>>;

/** `option` is the name of what the caller gave, for the messages. Throws `ConfigError` for what is no schema. */
export function schemaForm<T>(schema: OutputSchema<T>, option: string): SchemaForm<T> {
  const standard = standardOf<T>(schema, option);
  const described = standard === undefined ? schema : describedBy(standard, option);
  const { $schema: _dialect, ...jsonSchema } = plainCopy(described, option);
  let check: Promise<Check<T>> | undefined;
  const prepare = (): Promise<Check<T>> => {
    check ??= standard === undefined ? jsonCheck<T>(jsonSchema) : Promise.resolve((value) => standard.validate(value));
    return check;
  };
  return {
    jsonSchema,
    prepare: async () => void (await prepare()),
    validate: async (value) => checked(await prepare(), value),
  };
}

/** The library's part of a schema; `undefined` for a JSON Schema. */
function standardOf<T>(schema: unknown, option: string): StandardSchema<T>["~standard"] | undefined {
  // The schemas of some libraries are functions.
  const standard = typeof schema === "function" || isRecord(schema) ? Reflect.get(schema, "~standard") : undefined;
  if (standard === undefined) {
    if (isRecord(schema)) return undefined;
    throw invalidOption(option, "a Standard Schema or a JSON Schema object", schema);
  }
  if (!isRecord(standard) || typeof standard["validate"] !== "function") {
    throw new ConfigError(`${option} is no Standard Schema: \`~standard\` has no function \`validate\``);
  }
  return standard as unknown as StandardSchema<T>["~standard"]; // the rest is optional, and checked where it is used
}

function describedBy(standard: StandardSchema["~standard"], option: string): unknown {
  if (typeof standard.jsonSchema?.input !== "function") {
    throw new ConfigError(
      "this schema gives no JSON Schema: expected a Standard Schema with `jsonSchema` (zod 4.2, arktype 2.1.28 or newer) or a JSON Schema object",
      { hint: `Libraries of older versions, and valibot, have a converter: pass its result as \`${option}\`.` },
    );
  }
  try {
    return standard.jsonSchema.input({ target: "draft-2020-12" });
  } catch (cause) {
    throw new ConfigError(`this schema has no form as JSON Schema: ${messageOf(cause)}`, {
      cause,
      hint: "Use types that JSON has, for example a text in ISO format for a date.",
    });
  }
}

/** As it is sent: without the caller's later changes, and without what JSON does not have. */
function plainCopy(described: unknown, option: string): JsonRecord {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(described));
    if (isRecord(copy)) return copy;
  } catch (cause) {
    throw new ConfigError(`${option} has no form as JSON: ${messageOf(cause)}`, { cause });
  }
  throw new ConfigError(`${option} must describe itself as a JSON Schema object`);
}

async function jsonCheck<T>(plain: JsonRecord): Promise<Check<T>> {
  const { schemaCheck } = await import("./schema-check.js");
  const issuesOf = schemaCheck(structuredClone(plain));
  return (value) => {
    const issues = issuesOf(value);
    return issues.length > 0 ? { issues } : { value: value as T }; // the caller names T for a JSON Schema
  };
}

async function checked<T>(check: Check<T>, value: unknown): Promise<SchemaResult<T>> {
  try {
    const result = await check(value);
    return result.issues === undefined ? { value: result.value } : { issues: result.issues };
  } catch (cause) {
    return { issues: [{ message: `the schema's own check failed: ${messageOf(cause)}` }], cause };
  }
}
