/** Checks of JSON values, put together from small ones. Each tells the first place that is wrong. */
import { isRecord } from "../util/json.js";

/** What is wrong with a value, and where; `undefined` when nothing is. */
export type Check = (value: unknown, at: string) => string | undefined;

/** A string. */
export const text: Check = (value, at) => (typeof value === "string" ? undefined : wrong(value, at, "a string"));
/** A number; `null` is how JSON writes `NaN`, which token counts of some providers become. */
export const amount: Check = (value, at) =>
  typeof value === "number" || value === null ? undefined : wrong(value, at, "a number");
/** A list of anything. */
export const anyList: Check = (value, at) => (Array.isArray(value) ? undefined : wrong(value, at, "an array"));
/** An object with any fields. */
export const anyObject: Check = (value, at) => (isRecord(value) ? undefined : wrong(value, at, "an object"));

/** Right where the value is missing. */
export const optional =
  (check: Check): Check =>
  (value, at) =>
    value === undefined ? undefined : check(value, at);

/** Right where one of the two is. */
export const either =
  (one: Check, other: Check): Check =>
  (value, at) =>
    one(value, at) === undefined ? undefined : other(value, at);

/** A list of values that are right. */
export const listOf =
  (check: Check): Check =>
  (value, at) =>
    Array.isArray(value)
      ? firstWrong(value.entries(), (item, index) => check(item, `${at}[${index}]`))
      : anyList(value, at);

/** An object whose values are right. */
export const recordOf =
  (check: Check): Check =>
  (value, at) =>
    isRecord(value)
      ? firstWrong(Object.entries(value), (item) => check(item, `a value of ${at || "it"}`))
      : anyObject(value, at);

/** An object with these fields; others are let be. */
export const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) =>
    isRecord(value)
      ? firstWrong(Object.entries(checks), (check, name) =>
          check(Object.hasOwn(value, name) ? value[name] : undefined, `${at}.${name}`),
        )
      : anyObject(value, at);

function firstWrong<K, V>(
  entries: Iterable<readonly [K, V]>,
  check: (value: V, key: K) => string | undefined,
): string | undefined {
  for (const [key, value] of entries) {
    const problem = check(value, key);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function wrong(value: unknown, at: string, expected: string): string {
  const found =
    value === undefined ? "nothing" : Array.isArray(value) ? "a list" : value === null ? "null" : typeof value;
  return `${found} at ${at || "the top"}, expected ${expected}`;
}
