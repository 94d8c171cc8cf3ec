/** Shapes of request bodies. A field that the contract does not have is a problem, like one that is missing or wrong. */
import { isRecord } from "../../../../src/util/json.js";

/** Says what is wrong with a value, or `undefined`. */
export type Shape = (value: unknown, path: string) => string | undefined;

/** A field that may be left out. */
export interface Optional {
  readonly optional: Shape;
}

export const text: Shape = (value, path) => (typeof value === "string" ? undefined : `Expected a string at ${path}`);

export const flag: Shape = (value, path) => (typeof value === "boolean" ? undefined : `Expected a boolean at ${path}`);

export const number: Shape = (value, path) => (Number.isFinite(value) ? undefined : `Expected a number at ${path}`);

/** Any JSON. */
export const json: Shape = (value, path) => (value === undefined ? `Missing key at ${path}` : undefined);

/** An object with any keys. */
export const anyRecord: Shape = (value, path) => (isRecord(value) ? undefined : `Expected an object at ${path}`);

export function startsWith(prefix: string): Shape {
  return (value, path) =>
    typeof value === "string" && value.startsWith(prefix) ? undefined : `Expected ${prefix}… at ${path}`;
}

export function oneOf(...values: readonly unknown[]): Shape {
  return (value, path) => (values.includes(value) ? undefined : `Expected one of ${values.join(", ")} at ${path}`);
}

export function list(item: Shape): Shape {
  return (value, path) =>
    Array.isArray(value) ? first(value, (one, index) => item(one, `${path}[${index}]`)) : `Expected a list at ${path}`;
}

export function mapOf(item: Shape): Shape {
  return (value, path) =>
    isRecord(value)
      ? first(Object.entries(value), ([key, one]) => item(one, `${path}.${key}`))
      : `Expected an object at ${path}`;
}

export function nullable(shape: Shape): Shape {
  return (value, path) => (value === null ? undefined : shape(value, path));
}

export function optional(shape: Shape): Optional {
  return { optional: shape };
}

/** Optional, and `null` means left out. */
export function optionalOrNull(shape: Shape): Optional {
  return optional(nullable(shape));
}

export function object(fields: Readonly<Record<string, Shape | Optional>>): Shape {
  return (value, path) => {
    if (!isRecord(value)) return `Expected an object at ${path}`;
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
    if (unknown !== undefined) return `Unknown key ["${unknown}"] at ${path}`;
    return first(Object.entries(fields), ([key, field]) => {
      const isThere = Object.hasOwn(value, key);
      if (typeof field === "function")
        return isThere ? field(value[key], `${path}.${key}`) : `Missing key ["${key}"] at ${path}`;
      return isThere ? field.optional(value[key], `${path}.${key}`) : undefined;
    });
  };
}

/** The first shape that the value has, by its field `type`. */
export function byType(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    const shape = isRecord(value) ? shapes[String(value["type"])] : undefined;
    return shape === undefined ? `Expected type ${Object.keys(shapes).join(" or ")} at ${path}` : shape(value, path);
  };
}

function first<T>(items: readonly T[], check: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const problem = check(item, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
