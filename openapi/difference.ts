/** What has changed between two documents or two texts, for a person to read. Pure. */
import type { Json, JsonObject } from "./corrections.js";

/** The same value with the keys of every object in order; lists stay as they are, since their order means something. */
export function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key] ?? null)]));
}

/** One line for each operation and schema that was added, removed or changed; none when the documents are equal. */
export function documentDifference(before: JsonObject, after: JsonObject): string[] {
  return [
    ...namedDifference("operation", operations(before), operations(after)),
    ...namedDifference("schema", schemas(before), schemas(after)),
    ...namedDifference("field", rest(before), rest(after)),
  ];
}

function namedDifference(kind: string, before: Map<string, string>, after: Map<string, string>): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [];
    return [`${old === undefined ? "added" : now === undefined ? "removed" : "changed"} ${kind} ${name}`];
  });
}

const text = (value: Json | undefined): string => JSON.stringify(sortKeys(value ?? null));
const entries = (value: Json | undefined): [string, Json][] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

function operations(document: JsonObject): Map<string, string> {
  return new Map(
    entries(document["paths"]).flatMap(([path, item]) =>
      entries(item).map(([method, operation]): [string, string] => [
        `${method.toUpperCase()} ${path}`,
        text(operation),
      ]),
    ),
  );
}

function schemas(document: JsonObject): Map<string, string> {
  const components = new Map(entries(document["components"]));
  return new Map(entries(components.get("schemas")).map(([name, schema]) => [name, text(schema)]));
}

/** Everything else: `info`, `tags`, and the other kinds of components. */
function rest(document: JsonObject): Map<string, string> {
  const top = entries(document).filter(([key]) => key !== "paths" && key !== "components");
  const components = entries(document["components"]).filter(([key]) => key !== "schemas");
  return new Map([...top, ...components].map(([key, value]) => [key, text(value)]));
}

/** Where two texts differ: the lines between their common beginning and end, at most `limit` of each; none when they are equal. */
export function lineDifference(before: string, after: string, limit = 5): string[] {
  if (before === after) return [];
  const [old, now] = [before.split("\n"), after.split("\n")];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const part = (lines: string[], sign: string): string[] => {
    const differing = lines.slice(start, lines.length - end);
    const shown = differing.slice(0, limit).map((line, index) => `${start + index + 1} ${sign} ${line}`);
    return differing.length > limit ? [...shown, `… ${differing.length - limit} more`] : shown;
  };
  return [...part(old, "-"), ...part(now, "+")];
}
