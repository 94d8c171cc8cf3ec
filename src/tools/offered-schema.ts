/** A tool's JSON Schema as the agent is offered it. */
import { ConfigError } from "../errors/index.js";
import { isRecord, type JsonRecord } from "../util/json.js";

/** A schema in a schema, and so on: more is a mistake, or refers to itself. */
const deepest = 20;

/**
 * The server makes an object with exactly the properties that the root names (1.18.33): what stands in an `allOf` or behind a
 * `$ref` of the root is named there. Arguments are checked by the schema as it was. Throws `ConfigError` for properties that only
 * a condition names: the agent would not be told of them. `of` is for the message.
 */
export function offeredSchema(schema: JsonRecord, of: string): JsonRecord {
  const { properties, required, ...rest } = flattened(schema, schema, of, 0);
  for (const [keyword, branches] of rest["type"] === "object" ? conditions(rest) : []) {
    const hidden = branches.flatMap((branch) => Object.keys(flattened(branch, schema, of, 0).properties ?? {}));
    const missing = hidden.find((name) => !Object.hasOwn(properties ?? {}, name));
    if (missing === undefined) continue;
    throw new ConfigError(
      `input ${of} names the property ${JSON.stringify(missing)} in \`${keyword}\` only: opencode would not tell the agent of it`,
      { hint: "Name it in `properties` as well, or put the union into a property of an object." },
    );
  }
  return {
    ...rest,
    ...(properties === undefined ? {} : { properties }),
    ...(required === undefined || required.length === 0 ? {} : { required }),
  };
}

type Flat = JsonRecord & {
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  readonly required?: readonly unknown[] | undefined;
};

/** Without `$ref` and `allOf` at its root: what they say is said there. */
function flattened(schema: JsonRecord, root: JsonRecord, of: string, depth: number): Flat {
  if (depth > deepest) throw new ConfigError(`input ${of} refers to itself at its root`);
  const { $ref: reference, allOf, ...own } = schema;
  const parts = [
    ...(reference === undefined ? [] : [referred(reference, root, of)]),
    ...(Array.isArray(allOf) ? allOf.filter(isRecord) : []),
  ];
  return [...parts.map((part) => flattened(part, root, of, depth + 1)), own as Flat].reduce(both);
}

function both(one: Flat, other: Flat): Flat {
  // What one of them allows beside its own properties, the other may forbid: the check decides about that.
  const { additionalProperties: _open, unevaluatedProperties: _left, ...first } = one;
  const required = [...new Set([...(one.required ?? []), ...(other.required ?? [])])];
  const properties = { ...one.properties };
  for (const [name, schema] of Object.entries(other.properties ?? {})) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    properties[name] = known === undefined ? schema : { allOf: [known, schema] };
  }
  const isNamed = one.properties !== undefined || other.properties !== undefined;
  return { ...first, ...other, ...(isNamed ? { properties } : {}), ...(required.length > 0 ? { required } : {}) };
}

/** Only within the schema itself: `#/$defs/Name`, or `#`. */
function referred(reference: unknown, root: JsonRecord, of: string): JsonRecord {
  const steps =
    typeof reference === "string" && /^#(?:\/|$)/.test(reference) ? reference.slice(1).split("/").slice(1) : [];
  let found: unknown = root;
  for (const step of steps) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    found =
      (isRecord(found) || Array.isArray(found)) && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined;
  }
  if (isRecord(found) && steps.length > 0) return found;
  throw new ConfigError(`input ${of} refers to ${JSON.stringify(reference)}, which is not in it`);
}

/** The parts of a schema that hold for some arguments only. */
function conditions(schema: JsonRecord): [string, JsonRecord[]][] {
  const lists = ["anyOf", "oneOf"].map((name): [string, unknown[]] => [name, listOf(schema[name])]);
  const single = ["if", "then", "else"].map((name): [string, unknown[]] => [name, [schema[name]]]);
  const dependent = isRecord(schema["dependentSchemas"]) ? Object.values(schema["dependentSchemas"]) : [];
  return [...lists, ...single, ["dependentSchemas", dependent] as [string, unknown[]]].map(([name, list]) => [
    name,
    list.filter(isRecord),
  ]);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
