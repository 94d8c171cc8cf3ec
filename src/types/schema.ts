/**
 * Schemas for structured output. The two interfaces are the parts we use of Standard Schema and Standard JSON Schema
 * (standardschema.dev), declared here so that no schema library is a dependency: zod 4, arktype and others fit.
 */
import type { SchemaIssue } from "../errors/index.js";

/** A validator of zod, arktype and others that also describes itself as JSON Schema. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => ValidationResult<Output> | Promise<ValidationResult<Output>>;
    readonly jsonSchema?:
      | { readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown> }
      | undefined;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/** Standard Schema's result: a value, or the reasons why there is none. */
export type ValidationResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A JSON Schema document (draft 7 to 2020-12). Any object as far as types go, so that interfaces like `JSONSchema7` fit;
 * what is none is a `ConfigError` before anything is sent.
 */
export type JsonSchema = (Readonly<Record<string, unknown>> | object) & { readonly "~standard"?: undefined };

/** Anything that `schema` takes. With a JSON Schema the output's type is yours to name: `ask<Invoice>(…)`. */
export type OutputSchema<T = unknown> = StandardSchema<T> | JsonSchema;
