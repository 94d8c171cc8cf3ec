/** Looking into values of unknown shape without trusting them. */
import { processWide } from "./process-wide.js";

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

/** Values of one JSON text: far more than any answer of a server has, and a few hundred megabytes at most. */
const mostValues = 2_000_000;

/**
 * `JSON.parse` with a bound on what it makes: 64 MiB of `{},{},…` become 1.4 GB of objects and block a thread for half a
 * minute (Node 20). Throws `SyntaxError` for what is no JSON, and for more than 2,000,000 members and elements.
 */
export function parseJson(text: string, most: number = mostValues): unknown {
  // A short text cannot hold too many: the usual answer is not looked at twice.
  if (text.length > most && countValues(text, most) > most) {
    throw new SyntaxError(`the JSON has more than ${most} values`);
  }
  return JSON.parse(text);
}

/** Commas and opening brackets outside of strings, up to one more than `most`. */
function countValues(text: string, most: number): number {
  let count = 0;
  for (let at = 0; at < text.length && count <= most; at += 1) {
    const code = text.charCodeAt(at);
    if (code === codes.quote) at = endOfString(text, at);
    else if (code === codes.comma || code === codes.bracket || code === codes.brace) count += 1;
  }
  return count;
}

const codes = { quote: 0x22, comma: 0x2c, bracket: 0x5b, brace: 0x7b, backslash: 0x5c } as const;

/** Where the string that begins at `start` has its closing quote; the end of the text when it has none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === codes.backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
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

/** Of all copies of this package: what they compare by such texts they share. */
const identities = processWide("identities", 1, () => ({ numbers: new WeakMap<object, number>(), last: 0 }));

/** Begins with a character that no option's text has. */
function identity(value: object): string {
  let number = identities.numbers.get(value);
  if (number === undefined) {
    identities.last += 1;
    number = identities.last;
    identities.numbers.set(value, number);
  }
  return `\u0000object ${number}`;
}
