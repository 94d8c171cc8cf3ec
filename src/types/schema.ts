/**
 * Schemas for structured output. {@link StandardSchema} declares the parts of Standard Schema and Standard JSON Schema
 * (standardschema.dev) that this package uses, so that no schema library is a dependency: zod 4, arktype and others fit.
 */
import type { SchemaIssue } from "../errors/index.js";

/** A validator that also describes itself as JSON Schema, as those of zod 4 and arktype do. */
export interface StandardSchema<Output = unknown> {
  /** The properties that Standard Schema defines. */
  readonly "~standard": {
    /** Version of Standard Schema. */
    readonly version: 1;
    /** Name of the schema library. */
    readonly vendor: string;
    /** Validates a value. */
    readonly validate: (value: unknown) => ValidationResult<Output> | Promise<ValidationResult<Output>>;
    /** Converts the schema to JSON Schema. Without it the schema is a `ConfigError`. */
    readonly jsonSchema?:
      | {
          /** Returns the JSON Schema of the input. */
          readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
        }
      | undefined;
    /** Types of the schema, for TypeScript only. */
    readonly types?:
      | {
          /** Type before validation. */
          readonly input: unknown;
          /** Type after validation. */
          readonly output: Output;
        }
      | undefined;
  };
}

/** Result of a validation, as in Standard Schema: a value, or issues. */
export type ValidationResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A JSON Schema document (draft 7 to 2020-12). The type accepts any object, so that interfaces like `JSONSchema7` fit. An object
 * that is no JSON Schema is a `ConfigError` before anything is sent.
 */
export type JsonSchema = (Readonly<Record<string, unknown>> | object) & {
  /** Absent: with it the object would be a {@link StandardSchema}. */
  readonly "~standard"?: undefined;
};

/** A schema for the option `schema`. With a JSON Schema the caller names the output's type: `ask<Invoice>(…)`. */
export type OutputSchema<T = unknown> = StandardSchema<T> | JsonSchema;
