/** The option `tools`: told apart from the other meaning of the name, and checked. */
import { ConfigError } from "../errors/index.js";
import type { Tool } from "../types/tool.js";
import { invalidOption } from "../util/invalid-option.js";
import { partsOf } from "./define-tool.js";

/** `tools` has two meanings, told apart by their shape: a list is tools to offer, anything else chooses among those there are. */
export function isToolList(tools: unknown): tools is readonly Tool[] {
  return Array.isArray(tools);
}

/** Rejects with `ConfigError` for a list that cannot be offered. `where` is the option's place, for the message. */
export async function requireTools(tools: unknown, where: string): Promise<readonly Tool[]> {
  if (!isToolList(tools)) throw invalidOption("tools", `a list of tools made by defineTool(), for ${where}`, tools);
  const names = new Set<string>();
  for (const tool of tools) {
    await partsOf(tool).form.prepare();
    if (names.has(tool.name)) throw new ConfigError(`two tools of ${where} have the name "${tool.name}"`);
    names.add(tool.name);
  }
  return [...tools];
}

/** The error for a list of tools where there is no Node to run them. */
export function toolsNeedNode(): ConfigError {
  return new ConfigError("tools need Node: they run in the process that offers them", {
    hint: 'Use createOpencode() of "opencode-ts", not of "opencode-ts/client".',
  });
}
