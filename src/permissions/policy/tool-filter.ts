/** The option `tools` of a turn: as rules. */
import type { PermissionRule } from "../../types/answer.js";
import type { ToolFilter } from "../../types/options.js";
import { invalidOption } from "../../util/invalid-option.js";
import { isRecord } from "../../util/json.js";
import { matchesWildcard } from "../../util/wildcard.js";
import { checkToolName, editingTools } from "./names.js";
import { rulesFor } from "./server-rules.js";

/** What the agent needs to end a turn; no filter takes it away. */
export const neededTools: readonly string[] = ["StructuredOutput", "invalid"];

/** Throws `ConfigError` for anything but `{ only }` or `{ deny }` with names. */
export function checkToolFilter(tools: unknown): asserts tools is ToolFilter {
  const keys = isRecord(tools) && !Array.isArray(tools) ? Object.keys(tools) : [];
  const [kind] = keys;
  if (!isRecord(tools) || keys.length !== 1 || (kind !== "only" && kind !== "deny")) {
    throw invalidOption("tools", '{ only: ["read", …] } or { deny: ["bash", …] }', tools, {
      hint: "Tools of your own, made by defineTool(), are a list, also when it is only one.",
    });
  }
  const names = tools[kind];
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== "string" || name === "")) {
    throw invalidOption(`tools.${kind}`, 'a list of tool names, for example ["read", "grep"]', names, {
      hint: kind === "only" ? 'No tools at all are { deny: ["*"] }.' : "tools() lists the names that the server knows.",
    });
  }
  for (const name of names) checkToolName(String(name), `tools.${kind}`);
}

/** Rules to be put behind `before`, which decide about the tools that stay. */
export function filterRules(tools: ToolFilter, before: readonly PermissionRule[]): PermissionRule[] {
  if ("deny" in tools) return unique(tools.deny.map(permissionOf)).map(denied);
  const kept = unique([...tools.only, ...neededTools].map(permissionOf));
  return [denied("*"), ...kept.flatMap((name) => rulesOf(name, before))];
}

/** Whether the filter takes away what asks for this permission. */
export function isFiltered(tools: ToolFilter, permission: string): boolean {
  const names = "deny" in tools ? tools.deny : [...tools.only, ...neededTools];
  const isNamed = names.some((name) => matchesWildcard(permission, permissionOf(name)));
  return isNamed === "deny" in tools;
}

/** A wildcard keeps what is said about the names that it covers, too. */
function rulesOf(name: string, before: readonly PermissionRule[]): PermissionRule[] {
  const exact = rulesFor(before, name);
  if (!/[*?]/.test(name)) return exact;
  const narrower = before.filter(({ permission }) => permission !== name && matchesWildcard(permission, name));
  return [...exact, ...narrower];
}

function permissionOf(tool: string): string {
  return editingTools.has(tool) ? "edit" : tool;
}

function denied(permission: string): PermissionRule {
  return { permission, pattern: "*", action: "deny" };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
