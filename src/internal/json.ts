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

/** JSON with sorted keys, so that equal values give equal text. Functions and other objects without a JSON form by identity. */
export function stableStringify(value: unknown): string {
  return JSON.stringify(value, (_key, node: unknown) => {
    if (typeof node === "function" || node instanceof AbortSignal) return identity(node);
    if (!isRecord(node)) return node;
    return Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;
function identity(value: object): string {
  const known = identities.get(value);
  if (known !== undefined) return `object ${known}`;
  nextIdentity += 1;
  identities.set(value, nextIdentity);
  return `object ${nextIdentity}`;
}
