/** Checks values against a plain JSON Schema. Loaded with the first of those: whoever uses none does not pay for it. */
import { dereference, Validator } from "@cfworker/json-schema";
import { ConfigError, type SchemaIssue } from "../errors/index.js";
import { isRecord } from "../util/json.js";

/**
 * A function that gives the reasons why a value does not fit; none when it does. `schema` is marked by the validator: pass
 * a copy. Throws `ConfigError` for a schema that cannot be used, wherever in it the mistake is.
 */
export function schemaCheck(schema: Record<string, unknown>): (value: unknown) => SchemaIssue[] {
  try {
    requireUsable(dereference(schema));
    const validator = new Validator(schema, "2020-12", false);
    validator.validate(null); // what fails whatever the value is, for example a reference to itself
    return (value) => issuesOf(validator, value);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new ConfigError(`this JSON Schema cannot be used: ${reason}`, { cause });
  }
}

/** The validator finds these only when a value leads it there, which is after the model was paid for. */
function requireUsable(subschemas: Record<string, unknown>): void {
  for (const subschema of Object.values(subschemas)) {
    if (!isRecord(subschema)) continue;
    const { $ref, pattern, patternProperties } = subschema;
    const target = subschema["__absolute_ref__"]; // set by `dereference`
    if (typeof target === "string" && !(target in subschemas))
      throw new Error(`unresolved $ref ${JSON.stringify($ref)}`);
    if (typeof pattern === "string") new RegExp(pattern, "u");
    if (isRecord(patternProperties)) for (const key of Object.keys(patternProperties)) new RegExp(key, "u");
  }
}

function issuesOf(validator: Validator, value: unknown): SchemaIssue[] {
  const { valid, errors } = validator.validate(value);
  if (valid) return [];
  const issues = errors
    .filter(({ keyword }) => keyword !== "properties" && keyword !== "items" && keyword !== "$ref")
    .map(({ error, instanceLocation }) => ({
      message: error,
      path: instanceLocation
        .split("/")
        .slice(1)
        .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")),
    }));
  return issues.length > 0 ? issues : [{ message: "does not fit the schema" }];
}
