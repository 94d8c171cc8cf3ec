/** An issue of a schema in words. */
import type { SchemaIssue } from "../errors/index.js";

/** For example `born.year: expected a number`. */
export function describeIssue({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((item) => String(typeof item === "object" && item !== null && "key" in item ? item.key : item));
  return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
}
