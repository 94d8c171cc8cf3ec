/** The kind of a value, for messages about a wrong one that must not show it. */

/** `"null"`, `"an array"`, or what `typeof` says. */
export function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}
