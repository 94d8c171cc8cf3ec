/** Checks of parsed JSON that name the field which is wrong. */
import { ConfigError } from "../errors/index.js";
import { kindOf } from "./kind-of.js";

/** Throws `ConfigError` when the value at `path` is not as it should be. */
export type Shape = (value: unknown, path: string) => void;

/** The error for a field. `expected` fits behind "to be". */
export function wrongField(path: string, expected: string, value: unknown): ConfigError {
  return new ConfigError(
    `Expected \`${path}\` to be ${expected}, got ${value === undefined ? "nothing" : kindOf(value)}`,
  );
}

/** A text. */
export const text: Shape = (value, path) => {
  if (typeof value !== "string") throw wrongField(path, "a text", value);
};

/** A finite number. */
export const number: Shape = (value, path) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrongField(path, "a number", value);
};

/** `true` or `false`. */
export const flag: Shape = (value, path) => {
  if (typeof value !== "boolean") throw wrongField(path, "true or false", value);
};

/** An object with any fields. */
export const anyObject: Shape = (value, path) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongField(path, "an object", value);
};

/** One of some texts. */
export function oneOf(...texts: readonly string[]): Shape {
  return (value, path) => {
    if (typeof value === "string" && texts.includes(value)) return;
    const got = typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : kindOf(value);
    throw new ConfigError(`Expected \`${path}\` to be one of ${texts.join(", ")}, got ${got}`);
  };
}

/** A field that may be absent. */
export function optional(shape: Shape): Shape {
  return (value, path) => {
    if (value !== undefined) shape(value, path);
  };
}

/** A list whose entries have one shape. */
export function listOf(shape: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrongField(path, "a list", value);
    value.forEach((entry, index) => {
      shape(entry, `${path}[${index}]`);
    });
  };
}

/** An object with these fields. Other fields are let through. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    anyObject(value, path);
    for (const [name, shape] of Object.entries(fields)) shape(Object(value)[name], `${path}.${name}`);
  };
}

/** An object whose field `name` tells which of some shapes it has. */
export function byField(name: string, shapes: Readonly<Record<string, Shape>>): Shape {
  const known = oneOf(...Object.keys(shapes));
  return (value, path) => {
    anyObject(value, path);
    const kind: unknown = Object(value)[name];
    known(kind, `${path}.${name}`);
    shapes[String(kind)]?.(value, path);
  };
}
