/** Which schemas of the preview's document become types: those of the objects that `src/api/v2/` reads and sends, and what they refer to. */
import type { Json, JsonObject } from "./corrections.js";

const roots = [
  "AgentV2.Info",
  "CommandV2.Info",
  "Location.Info",
  "ModelV2.Info",
  "PermissionSaved.Info",
  "PermissionV2.Request",
  "PromptInput",
  "ProviderV2.Info",
  "QuestionV2.Request",
  "SessionDurableEvent",
  "SessionInput.Admitted",
  "SessionV2.Info",
  "Session.Message",
  "permission.v2.asked",
  "permission.v2.replied",
  "question.v2.asked",
  "question.v2.replied",
  "question.v2.rejected",
  "session.next.reasoning.delta",
  "session.next.text.delta",
  "session.next.tool.input.delta",
  "todo.updated",
];

/** The document with these schemas, and without its routes. */
export function previewSchemas(document: JsonObject): JsonObject {
  const { components } = document;
  const schemas = isObject(components) && isObject(components["schemas"]) ? components["schemas"] : {};
  const kept = new Set<string>();
  const keep = (name: string): void => {
    if (kept.has(name)) return;
    const schema = schemas[name];
    if (schema === undefined) throw new Error(`The preview's document has no schema ${name}.`);
    kept.add(name);
    for (const other of references(schema)) keep(other);
  };
  for (const root of roots) keep(root);
  const chosen = Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => (kept.has(name) ? [[name, withoutLimits(schema)]] : [])),
  );
  return { ...document, paths: {}, components: { schemas: chosen } };
}

/** Limits beside a type (`allOf: [{ minimum: 0 }]`) say nothing to a compiler, and would become `number & unknown`. */
function withoutLimits(node: Json): Json {
  if (Array.isArray(node)) return node.map(withoutLimits);
  if (!isObject(node)) return node;
  const { allOf, ...rest } = node;
  const isTyped = typeof rest["type"] === "string";
  const kept = isTyped || allOf === undefined ? rest : node;
  return Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, withoutLimits(value)]));
}

/** The names that `$ref` gives, anywhere in a schema. */
function references(node: Json): string[] {
  if (Array.isArray(node)) return node.flatMap(references);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value.split("/").at(-1) ?? ""] : references(value),
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
