/**
 * What a JSON Schema says of one place in a value that is not complete. Only the shape counts: types, names, fixed values. A place with
 * several schemas (`anyOf`, `oneOf`, `allOf`) allows what one of them allows.
 */
import { isRecord, type JsonRecord } from "../../util/json.js";

/** The types of JSON. */
export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** A schema in more pieces says nothing any more; references may go round. */
const mostAlternatives = 50;
const mostSteps = 200;
/** A schema without one of these says nothing by itself. */
const ownKeywords = ["type", "properties", "items", "prefixItems", "enum", "const", "additionalProperties"];
/** A string under one of these is not valid before it is complete. */
const textRules = ["enum", "const", "format", "pattern"];

/** One place in a value. */
export class SchemaPlace {
  readonly #root: JsonRecord;
  readonly #alternatives: readonly JsonRecord[];

  private constructor(root: JsonRecord, alternatives: readonly JsonRecord[]) {
    this.#root = root;
    this.#alternatives = alternatives.length > mostAlternatives ? [{}] : alternatives;
  }

  /** The place of the whole value. `schema` is of the document `root`. */
  static of(root: JsonRecord, schema: JsonRecord = root): SchemaPlace {
    return new SchemaPlace(root, resolve(schema, root));
  }

  /** True if a string can be shown while it is written: every beginning of it is a string of the schema. */
  get growsText(): boolean {
    const schemas = this.#of("string");
    return schemas.length > 0 && schemas.every((schema) => textRules.every((rule) => schema[rule] === undefined));
  }

  /** The value may be of this type. */
  allows(kind: JsonKind): boolean {
    return this.#of(kind).length > 0;
  }

  /** The value may be this complete text, number, `true`, `false` or `null`. */
  allowsValue(value: string | number | boolean | null): boolean {
    return this.#of(value === null ? "null" : (typeof value as "string" | "number" | "boolean")).some(
      (schema) =>
        (!("const" in schema) || schema["const"] === value) &&
        (!Array.isArray(schema["enum"]) || schema["enum"].includes(value)) &&
        (typeof value !== "number" || Number.isInteger(value) || typesOf(schema)?.includes("number") !== false),
    );
  }

  /**
   * The place of a member. `"hidden"`: the schema does not name the member, and a check may drop it. `undefined`: the schema forbids it.
   */
  member(name: string): SchemaPlace | "hidden" | undefined {
    const found: JsonRecord[] = [];
    let isHidden = false;
    for (const schema of this.#of("object")) {
      const { properties, patternProperties, additionalProperties: others } = schema;
      if (isRecord(properties) && Object.hasOwn(properties, name)) found.push(...this.#resolve(properties[name]));
      else if (isRecord(patternProperties) || others === true || isRecord(others)) {
        found.push(...(isRecord(others) && !isRecord(patternProperties) ? this.#resolve(others) : [{}]));
      } else if (others === false) continue;
      else if (isRecord(properties)) isHidden = true;
      else found.push({});
    }
    if (found.length > 0) return new SchemaPlace(this.#root, found);
    return isHidden ? "hidden" : undefined;
  }

  /** The place of an element; `undefined` if there may be none. */
  element(index: number): SchemaPlace | undefined {
    const found = this.#of("array").flatMap(({ prefixItems, items, additionalItems }) => {
      const first = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
      if (index < first.length) return this.#resolve(first[index]);
      return this.#resolve(Array.isArray(items) ? additionalItems : items);
    });
    return found.length === 0 ? undefined : new SchemaPlace(this.#root, found);
  }

  #of(kind: JsonKind): readonly JsonRecord[] {
    return this.#alternatives.filter((schema) => allowsKind(schema, kind));
  }

  #resolve(schema: unknown): readonly JsonRecord[] {
    return resolve(schema, this.#root);
  }
}

/** A schema as its alternatives, references followed. None: it allows nothing. */
function resolve(schema: unknown, root: JsonRecord, budget = { left: mostSteps }): readonly JsonRecord[] {
  budget.left -= 1;
  if (schema === false) return [];
  if (!isRecord(schema) || budget.left <= 0) return [{}];
  const { $ref: reference } = schema;
  if (typeof reference === "string") return resolve(target(reference, root), root, budget);
  const parts = [schema["anyOf"], schema["oneOf"], schema["allOf"]].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  if (parts.length === 0) return [schema];
  const alternatives = parts.slice(0, mostSteps).flatMap((part) => resolve(part, root, budget));
  return ownKeywords.some((name) => name in schema) ? [schema, ...alternatives] : alternatives;
}

/** What a reference into the document names; `undefined`, which says nothing, for any other. */
function target(reference: string, root: JsonRecord): unknown {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  let place: unknown = root;
  for (const step of reference.split("/").slice(1)) {
    const name = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    place = typeof place === "object" && place !== null ? Reflect.get(place, name) : undefined;
  }
  return place;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function allowsKind(schema: JsonRecord, kind: JsonKind): boolean {
  const types = typesOf(schema);
  if (types !== undefined) return types.includes(kind) || (kind === "number" && types.includes("integer"));
  if ("const" in schema) return kindOf(schema["const"]) === kind;
  return !Array.isArray(schema["enum"]) || schema["enum"].some((value) => kindOf(value) === kind);
}

function typesOf({ type }: JsonRecord): readonly unknown[] | undefined {
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type : undefined;
}

function kindOf(value: unknown): JsonKind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value as "object" | "string" | "number" | "boolean";
}
