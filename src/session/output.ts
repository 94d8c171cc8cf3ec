/** Structured output: what the model is told, how its answer is read, and the check that it fits. */
import { ConfigError, type SchemaIssue } from "../errors.js";
import { isRecord } from "../internal/json.js";
import type { OutputSchema, StandardSchema, ValidationResult } from "../types/schema.js";
import { wrapSchema } from "./wrap-schema.js";

export { findJson } from "./find-json.js";

/** A schema in the two forms that are needed. */
export interface OutputFormat<T> {
  /** What the model sees; always an object, as providers demand. */
  readonly jsonSchema: Record<string, unknown>;
  /** The value is in the property `value` of what the model gives: the schema itself is not an object. */
  readonly isWrapped: boolean;
  /** Never rejects: a check that throws is an issue, with what it threw as `cause`. */
  validate(value: unknown): Promise<OutputCheck<T>>;
}

/** A value, or the reasons why there is none. */
export type OutputCheck<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[]; readonly cause?: unknown };

/** Throws `ConfigError` when the schema gives no JSON Schema, or one that cannot be used. */
export async function outputFormat<T>(schema: OutputSchema<T>): Promise<OutputFormat<T>> {
  const standard = standardOf<T>(schema);
  // Providers refuse `$schema`.
  const { $schema: _dialect, ...plain } = plainCopy(standard === undefined ? schema : describedBy(standard));
  const check: Check<T> = standard === undefined ? await jsonCheck<T>(plain) : (value) => standard.validate(value);
  // The root must be an object for a tool's parameters.
  const isWrapped = plain["type"] !== "object";
  return {
    jsonSchema: isWrapped ? wrapSchema(plain) : plain,
    isWrapped,
    validate: (value) => checked(check, value),
  };
}

/** The library's part of a schema; `undefined` for a JSON Schema. */
function standardOf<T>(schema: unknown): StandardSchema<T>["~standard"] | undefined {
  // The schemas of some libraries are functions.
  const standard = typeof schema === "function" || isRecord(schema) ? Reflect.get(schema, "~standard") : undefined;
  if (standard === undefined) {
    if (isRecord(schema)) return undefined;
    throw new ConfigError(`schema must be a Standard Schema or a JSON Schema object; got ${kindOf(schema)}`);
  }
  if (!isRecord(standard) || typeof standard["validate"] !== "function") {
    throw new ConfigError("schema is no Standard Schema: `~standard` has no function `validate`");
  }
  return standard as unknown as StandardSchema<T>["~standard"]; // the rest is optional, and checked where it is used
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

function describedBy(standard: StandardSchema["~standard"]): unknown {
  if (typeof standard.jsonSchema?.input !== "function") {
    throw new ConfigError(
      "this schema gives no JSON Schema: expected a Standard Schema with `jsonSchema` (zod 4.2, arktype 2.1.28 or newer) or a JSON Schema object",
      { hint: "Libraries of older versions have a converter: pass its result as `schema`." },
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
function plainCopy(described: unknown): Record<string, unknown> {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(described));
    if (isRecord(copy)) return copy;
  } catch (cause) {
    throw new ConfigError(`schema has no form as JSON: ${messageOf(cause)}`, { cause });
  }
  throw new ConfigError("schema must describe itself as a JSON Schema object");
}

type Check<T> = (value: unknown) => ValidationResult<T> | Promise<ValidationResult<T>>;

async function jsonCheck<T>(plain: Record<string, unknown>): Promise<Check<T>> {
  const { schemaCheck } = await import("./schema-check.js");
  const issuesOf = schemaCheck(structuredClone(plain));
  return (value) => {
    const issues = issuesOf(value);
    return issues.length > 0 ? { issues } : { value: value as T }; // the caller names T for a JSON Schema
  };
}

async function checked<T>(check: Check<T>, value: unknown): Promise<OutputCheck<T>> {
  try {
    const result = await check(value);
    return result.issues === undefined ? { value: result.value } : { issues: result.issues };
  } catch (cause) {
    return { issues: [{ message: `the schema's own check failed: ${messageOf(cause)}` }], cause };
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The instruction for models and sessions where the native way cannot be used. */
export function instructionFor(format: OutputFormat<unknown>): string {
  return `Give the final answer as one JSON value and nothing else: no explanation, no code fence. It must fit this JSON Schema:\n${JSON.stringify(format.jsonSchema)}`;
}

/** Takes the value out of its wrapping. The server unwraps arrays itself (1.18.33), so both forms are understood. */
export function unwrap(format: OutputFormat<unknown>, raw: unknown): unknown {
  return format.isWrapped && isRecord(raw) && Object.keys(raw).length === 1 && "value" in raw ? raw["value"] : raw;
}
