/** A schema of any type as the property `value` of an object. */
import { isRecord } from "../../util/json.js";

/** Keywords whose value has schemas by names that are not keywords. */
const schemaMaps: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "properties",
  "patternProperties",
  "dependentSchemas",
  "dependencies",
]);
/** Keywords whose value is data. */
const data: ReadonlySet<string> = new Set(["const", "enum", "default", "examples"]);

const place = "#/$defs/Value";

/** References count from the root of a document, which is another one now: they are rewritten. */
export function wrapSchema(plain: Record<string, unknown>): Record<string, unknown> {
  const { $id: _address, ...schema } = plain; // with an address of its own it would be a document in the document
  const moved = moveSchema(schema);
  const wrap = (value: unknown): Record<string, unknown> => ({
    type: "object",
    properties: { value },
    required: ["value"],
    additionalProperties: false,
  });
  return moved.hasRefs ? { ...wrap({ $ref: place }), $defs: { Value: moved.schema } } : wrap(schema);
}

function moveSchema(root: unknown): { schema: unknown; hasRefs: boolean } {
  let hasRefs = false;
  const inMap = (map: unknown): unknown =>
    isRecord(map) ? Object.fromEntries(Object.entries(map).map(([name, item]) => [name, move(item)])) : map;
  const move = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(move);
    if (!isRecord(node) || typeof node["$id"] === "string") return node; // below an `$id` references count from there
    const entries = Object.entries(node).map(([key, item]): [string, unknown] => {
      if (key === "$ref" && typeof item === "string" && (item === "#" || item.startsWith("#/"))) {
        hasRefs = true;
        return [key, `${place}${item.slice(1)}`];
      }
      if (data.has(key)) return [key, item];
      return [key, schemaMaps.has(key) ? inMap(item) : move(item)];
    });
    return Object.fromEntries(entries);
  };
  return { schema: move(root), hasRefs };
}
