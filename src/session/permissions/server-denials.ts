/** What the server refused by its own rules: it does not ask then, and only the tool's error says so. */

import type { AssistantMessage, Denial, Part, ToolPart } from "../../types/answer.js";
import { isRecord, stringProperty } from "../../util/json.js";

/** How the error of such a tool call begins (1.18.33); the rules follow, as JSON. */
const denied = /^The user has specified a rule which prevents you/;

/** Tools that ask for the permission of another name. */
const permissionOf: Readonly<Record<string, string>> = {
  write: "edit",
  patch: "edit",
  apply_patch: "edit",
  multiedit: "edit",
};

/** The permission that a tool asks for. */
export function permissionOfTool(tool: string): string {
  return permissionOf[tool] ?? tool;
}

/** Where a tool's input says what it is about. */
const subjects = ["command", "filePath", "path", "pattern", "url", "query", "name", "subagent_type"] as const;

/** The refused calls of one message. */
export function serverDenials(info: AssistantMessage, parts: readonly Part[]): Denial[] {
  return parts.flatMap((part) => {
    if (part.type !== "tool" || part.state.status !== "error" || !denied.test(part.state.error)) return [];
    const reason = part.state.error;
    const permission = ruleThatDenies(reason) ?? permissionOfTool(part.tool);
    return [{ permission, patterns: [subjectOf(part, info.path.root)], reason, sessionId: part.sessionID }];
  });
}

/** The permission of the last rule that denies, if it names one. */
function ruleThatDenies(reason: string): string | undefined {
  try {
    const rules: unknown = JSON.parse(reason.slice(reason.indexOf("[")));
    if (!Array.isArray(rules)) return undefined;
    const last = rules.findLast((rule) => isRecord(rule) && rule["action"] === "deny");
    const name = stringProperty(last, "permission");
    return name === undefined || /[*?]/.test(name) ? undefined : name;
  } catch {
    return undefined; // the text says it in another way
  }
}

/** As the server writes it in its asks: paths relative to the root of the project. */
export function subjectOf({ state, tool }: ToolPart, root: string): string {
  const key =
    tool === "glob" || tool === "grep" ? "pattern" : subjects.find((name) => typeof state.input[name] === "string");
  const text = key === undefined ? undefined : stringProperty(state.input, key);
  if (text === undefined) return "*";
  const prefix = root.endsWith("/") ? root : `${root}/`;
  return key === "filePath" && text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
