/** `defineTool()`: a function of the application, in the form in which the agent can be offered it. */
import { ConfigError } from "../errors/index.js";
import { type SchemaForm, schemaForm } from "../schema/schema-form.js";
import type { JsonToolDefinition, Tool, ToolContext, ToolDefinition } from "../types/tool.js";
import { checkOptions } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { isRecord, type JsonRecord } from "../util/json.js";
import { offeredSchema } from "./offered-schema.js";

/** ms. A tool that never ends must not keep a turn for ever. */
const defaultTimeout = 600_000;
/** Providers take names of up to 64 characters, of which the prefix needs some. */
const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,47}$/;

const toolNames = { name: true, description: true, input: true, execute: true, timeout: true } satisfies Record<
  keyof ToolDefinition<unknown>,
  true
>;

/** Parts of a tool that its calls use. */
export interface ToolParts {
  readonly form: SchemaForm<unknown>;
  readonly execute: (args: unknown, context: ToolContext) => unknown;
}

/** A class, so that two tools are never taken for one, whatever they look like: `ask()` shares servers by equal options. */
class DefinedTool implements Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonRecord;
  readonly timeout: number;
  readonly #parts: ToolParts;

  constructor(facts: Tool, parts: ToolParts) {
    this.name = facts.name;
    this.description = facts.description;
    this.timeout = facts.timeout;
    this.inputSchema = facts.inputSchema;
    this.#parts = parts;
    Object.freeze(this);
  }

  static partsOf(tool: object): ToolParts | undefined {
    return #parts in tool ? tool.#parts : undefined;
  }
}

/**
 * Makes a tool from a function. The arguments are validated and have the type of `input`; the agent receives the issues of invalid
 * arguments.
 * @throws {ConfigError} for a wrong name, schema or function. A mistake inside a JSON Schema is reported later: when a client or a
 * session gets the tool.
 */
export function defineTool<Args>(definition: ToolDefinition<Args>): Tool;
export function defineTool<Args = Record<string, unknown>>(definition: JsonToolDefinition<Args>): Tool;
export function defineTool<Args>(definition: ToolDefinition<Args> | JsonToolDefinition<Args>): Tool {
  if (!isRecord(definition)) throw new ConfigError(`defineTool() needs an object; got ${typeof definition}`);
  checkOptions(definition, toolNames, "defineTool()");
  const { name, description, input, execute, timeout = defaultTimeout } = definition;
  if (typeof name !== "string" || !namePattern.test(name)) {
    throw new ConfigError(
      `a tool's name must be a letter and then up to 47 letters, digits, "_" or "-"; got ${JSON.stringify(name)}`,
    );
  }
  const of = `of the tool "${name}"`;
  if (typeof description !== "string" || description.trim() === "") {
    throw new ConfigError(`the description ${of} is missing: the agent decides by it when to call the tool`);
  }
  if (typeof execute !== "function") throw invalidOption("execute", `a function, for the tool "${name}"`, execute);
  if (typeof timeout !== "number" || !(timeout > 0)) {
    throw invalidOption("timeout", `a number of milliseconds above 0, for the tool "${name}"`, timeout);
  }
  const form = schemaForm<Args>(input, `input ${of}`);
  const inputSchema = offeredSchema(form.jsonSchema, of);
  requireObject(inputSchema, of);
  // The form gives `execute` nothing but what it has checked to be `Args`.
  return new DefinedTool(
    { name, description, timeout, inputSchema },
    { form, execute: execute as ToolParts["execute"] },
  );
}

/** The agent gives arguments by name, and the server (1.18.33) makes an object with exactly the named properties of it. */
function requireObject(schema: JsonRecord, of: string): void {
  if (schema["type"] !== "object") {
    throw new ConfigError(`input ${of} must describe an object: arguments have names`, {
      hint: "Put anything else, a union of objects too, into a property of an object.",
    });
  }
  const isNamed = isRecord(schema["properties"]) && Object.keys(schema["properties"]).length > 0;
  const others = schema["additionalProperties"];
  if (!isNamed && ((isRecord(others) && Object.keys(others).length > 0) || schema["patternProperties"] !== undefined)) {
    throw new ConfigError(`input ${of} names no property: opencode would tell the agent that there are none`, {
      hint: "Put a record into a property of an object.",
    });
  }
}

/** What is behind a tool. Throws `ConfigError` for what `defineTool()` has not made. */
export function partsOf(tool: unknown): ToolParts {
  const parts = isRecord(tool) ? DefinedTool.partsOf(tool) : undefined;
  if (parts !== undefined) return parts;
  throw new ConfigError("tools must be made by defineTool()", {
    hint: "A copy of a tool is none, nor is one of another copy of this package.",
  });
}
