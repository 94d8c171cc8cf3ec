/** Looking into values of unknown shape without trusting them. */

export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The property, if `value` is an object that has it itself (never one of its prototype). */
export function property(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function stringProperty(value: unknown, key: string): string | undefined {
  const found = property(value, key);
  return typeof found === "string" ? found : undefined;
}

export function numberProperty(value: unknown, key: string): number | undefined {
  const found = property(value, key);
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

export function recordProperty(value: unknown, key: string): JsonRecord | undefined {
  const found = property(value, key);
  return isRecord(found) ? found : undefined;
}

/**
 * A text that is equal for equal values: plain objects (with sorted keys) and arrays by what is in them, everything else
 * that is not a primitive (functions, instances of classes, an object inside itself) by identity.
 */
export function stableStringify(value: unknown): string {
  return JSON.stringify(canonical(value, new Set())) ?? "undefined";
}

function canonical(value: unknown, path: Set<object>): unknown {
  if (typeof value === "function") return identity(value);
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (!isPlain(value) || path.has(value)) return identity(value);
  path.add(value);
  const copy = Array.isArray(value)
    ? value.map((item) => canonical(item, path))
    : Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
          .map(([key, item]) => [key, canonical(item, path)]),
      );
  path.delete(value);
  return copy;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;
/** Begins with a character that no option's text has. */
function identity(value: object): string {
  let number = identities.get(value);
  if (number === undefined) {
    nextIdentity += 1;
    number = nextIdentity;
    identities.set(value, number);
  }
  return `\u0000object ${number}`;
}
