/** Structured output: what the model is told, how its answer is read, and the check that it fits. */

import { type SchemaResult, schemaForm } from "../../schema/schema-form.js";
import type { OutputSchema } from "../../types/schema.js";
import { isRecord } from "../../util/json.js";
import { wrapSchema } from "./wrap-root-schema.js";

export { findJson, jsonIn } from "./extract-json.js";

/** A schema in the two forms that are needed. */
export interface OutputFormat<T> {
  /** What the model sees; always an object, as providers demand. */
  readonly jsonSchema: Record<string, unknown>;
  /** The value is in the property `value` of what the model gives: the schema itself is not an object. */
  readonly isWrapped: boolean;
  /** Never rejects: a check that throws is an issue, with what it threw as `cause`. */
  validate(value: unknown): Promise<SchemaResult<T>>;
}

/** Throws `ConfigError` when the schema gives no JSON Schema, or one that cannot be used. */
export async function outputFormat<T>(schema: OutputSchema<T>): Promise<OutputFormat<T>> {
  const form = schemaForm<T>(schema, "schema");
  await form.prepare();
  // The root must be an object for a tool's parameters.
  const isWrapped = form.jsonSchema["type"] !== "object";
  return {
    jsonSchema: isWrapped ? wrapSchema(form.jsonSchema) : form.jsonSchema,
    isWrapped,
    validate: (value) => form.validate(value),
  };
}

/** The instruction for models and sessions where the native way cannot be used. */
export function instructionFor(format: OutputFormat<unknown>): string {
  return `Give the final answer as one JSON value and nothing else: no explanation, no code fence. It must fit this JSON Schema:\n${JSON.stringify(format.jsonSchema)}`;
}

/** Takes the value out of its wrapping. The server unwraps arrays itself (1.18.33), so both forms are understood. */
export function unwrap(format: OutputFormat<unknown>, raw: unknown): unknown {
  return format.isWrapped && isRecord(raw) && Object.keys(raw).length === 1 && "value" in raw ? raw["value"] : raw;
}
