/** Structured output: what the model is told, how its answer is read, and the check that it fits. */
import { ConfigError, type SchemaIssue } from "../errors.js";
import { isRecord } from "../internal/json.js";
import type { JsonSchema, OutputSchema, ValidationResult } from "../types/schema.js";

/** A schema in the two forms that are needed. */
export interface OutputFormat<T> {
  /** What the model sees; always an object, as providers demand. */
  readonly jsonSchema: Record<string, unknown>;
  /** The value is in the property `value` of what the model gives: the schema itself is not an object. */
  readonly isWrapped: boolean;
  validate(value: unknown): Promise<ValidationResult<T>>;
}

/** Throws `ConfigError` when the schema gives no JSON Schema. */
export function outputFormat<T>(schema: OutputSchema<T>): OutputFormat<T> {
  const standard = schema["~standard"];
  const described = standard === undefined ? schema : standard.jsonSchema?.input({ target: "draft-2020-12" });
  if (!isRecord(described)) {
    throw new ConfigError(
      "this schema gives no JSON Schema: expected a Standard Schema with `jsonSchema` (zod 4.2, arktype 2.1.28 or newer) or a JSON Schema object",
      {
        hint: "Libraries of older versions have a converter: pass its result as `schema`.",
      },
    );
  }
  // Providers refuse `$schema`; the root must be an object for a tool's parameters.
  const { $schema: _dialect, ...plain } = described;
  const isWrapped = plain["type"] !== "object";
  return {
    jsonSchema: isWrapped ? wrap(plain) : plain,
    isWrapped,
    validate: async (value) => (standard === undefined ? validateJson<T>(plain, value) : standard.validate(value)),
  };
}

function wrap(plain: Record<string, unknown>): Record<string, unknown> {
  const { $defs, ...value } = plain;
  const wrapped = { type: "object", properties: { value }, required: ["value"], additionalProperties: false };
  return $defs === undefined ? wrapped : { ...wrapped, $defs };
}

/** Loaded with the first JSON Schema: whoever uses none does not pay for it. */
async function validateJson<T>(schema: JsonSchema, value: unknown): Promise<ValidationResult<T>> {
  const { Validator } = await import("@cfworker/json-schema");
  const { valid, errors } = new Validator(schema, "2020-12", false).validate(value);
  if (valid) return { value: value as T }; // the caller names T for a JSON Schema
  const issues: SchemaIssue[] = errors
    .filter(({ keyword }) => keyword !== "properties" && keyword !== "items")
    .map(({ error, instanceLocation }) => ({
      message: error,
      path: instanceLocation
        .split("/")
        .slice(1)
        .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")),
    }));
  return { issues: issues.length > 0 ? issues : [{ message: "does not fit the schema" }] };
}

/** The instruction for models and sessions where the native way cannot be used. */
export function instructionFor(format: OutputFormat<unknown>): string {
  return `Give the final answer as one JSON value and nothing else: no explanation, no code fence. It must fit this JSON Schema:\n${JSON.stringify(format.jsonSchema)}`;
}

/** The JSON value in a text: the whole text, a fenced block, or the outermost braces. `undefined` when there is none. */
export function findJson(text: string): unknown {
  const fenced = [...text.matchAll(/```(?:json)?\s*\n([\s\S]*?)```/g)].map((match) => match[1] ?? "").reverse();
  const braces = /[[{][\s\S]*[\]}]/.exec(text)?.[0];
  for (const candidate of [text, ...fenced, ...(braces === undefined ? [] : [braces])]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // not this one
    }
  }
  return undefined;
}

/** Takes the value out of its wrapping. The server unwraps arrays itself (1.18.33), so both forms are understood. */
export function unwrap(format: OutputFormat<unknown>, raw: unknown): unknown {
  return format.isWrapped && isRecord(raw) && Object.keys(raw).length === 1 && "value" in raw ? raw["value"] : raw;
}
