/** The built-in tools as the model is offered them. */
import type { JsonRecord } from "../../util/json.js";
import { isHidden } from "./asks.js";
import type { Rule } from "./records.js";

/** Properties of the tools' parameters; those with a `?` may be missing. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  bash: ["command", "timeout?", "workdir?"],
  edit: ["filePath", "oldString", "newString", "replaceAll?"],
  glob: ["pattern", "path?"],
  grep: ["pattern", "path?", "include?"],
  plan_exit: [],
  question: ["questions"],
  read: ["filePath", "offset?", "limit?"],
  skill: ["name"],
  task: ["description", "prompt", "subagent_type", "task_id?", "command?"],
  todowrite: ["todos"],
  webfetch: ["url", "format?", "timeout?"],
  write: ["content", "filePath"],
};
const types: Readonly<Record<string, string>> = {
  timeout: "number",
  offset: "integer",
  limit: "integer",
  replaceAll: "boolean",
  questions: "array",
  todos: "array",
};

/** All tool names of `GET /experimental/tool/ids`. */
export const toolIds: readonly string[] = [
  ...["invalid", "question", "bash", "read", "glob", "grep", "edit", "write", "task", "webfetch", "todowrite"],
  ...["websearch", "skill", "apply_patch"],
];

const offers: Readonly<Record<string, JsonRecord>> = Object.fromEntries(
  Object.entries(parameters).map(([name, keys]) => [name, offer(name, schemaOf(keys))]),
);

/** Names of the tools that a model is offered, in order. */
export function offeredTools(rules: readonly Rule[], planExit: boolean, structured: boolean): string[] {
  const names = Object.keys(parameters).filter((name) => {
    if (name === "plan_exit" && !planExit) return false;
    return !isHidden(rules, name === "write" ? "edit" : name);
  });
  if (!structured) return names;
  return [...names, "StructuredOutput"].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

/** The tools in OpenAI's form; `schema` is that of the structured output. */
export function toolOffers(names: readonly string[], schema: unknown): JsonRecord[] {
  return names.map((name) => offers[name] ?? offer(name, schema));
}

/** What is wrong with the input of a tool, in the server's words; `undefined` when it can be run. */
export function wrongInput(tool: string, input: JsonRecord): string | undefined {
  for (const parameter of parameters[tool] ?? []) {
    const key = parameter.replace("?", "");
    const value = input[key];
    const isMissing = value === undefined && key === parameter;
    const isNoText = value !== undefined && types[key] === undefined && typeof value !== "string";
    if (!isMissing && !isNoText) continue;
    const why = isMissing ? "Missing key" : `Expected string, got ${JSON.stringify(value)}`;
    return `The ${tool} tool was called with invalid arguments: SchemaError(${why}\n  at ["${key}"]).\nPlease rewrite the input so it satisfies the expected schema.`;
  }
  return undefined;
}

function schemaOf(keys: readonly string[]): JsonRecord {
  const plain = keys.map((key) => key.replace("?", ""));
  const required = keys.filter((key) => !key.endsWith("?"));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(plain.map((key) => [key, { type: types[key] ?? "string" }])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function offer(name: string, schema: unknown): JsonRecord {
  return { type: "function", function: { name, description: `The tool ${name}.`, parameters: schema } };
}
