/** What the built-in tools ask permission for. */
import { type JsonRecord, stringProperty } from "../../util/json.js";
import type { PermissionNeed } from "./asks.js";
import { bashNeeds } from "./bash-needs.js";
import { absolute, everythingIn, isWithin, parentOf, relative } from "./paths.js";

/** In the order in which they are asked. Paths are compared as texts: nothing is looked up. */
export function needsOf(tool: string, input: JsonRecord, directory: string, root: string): PermissionNeed[] {
  const text = (name: string): string => stringProperty(input, name) ?? "";
  const one = (permission: string, pattern: string, metadata: JsonRecord): PermissionNeed[] => [
    { permission, patterns: [pattern], always: ["*"], metadata },
  ];
  const picked = (...names: string[]): JsonRecord => Object.fromEntries(names.map((name) => [name, input[name]]));
  switch (tool) {
    case "bash":
      return bashNeeds(input, directory);
    case "edit":
    case "write":
    case "read": {
      const path = absolute(text("filePath"), directory);
      const diff = (): string =>
        tool === "write" ? diffOf(path, "", text("content")) : diffOf(path, text("oldString"), text("newString"));
      const metadata = tool === "read" ? {} : { filepath: path, diff: diff() };
      return [
        ...outside(path, directory, text("filePath")),
        ...one(tool === "read" ? tool : "edit", relative(path, root), metadata),
      ];
    }
    case "glob":
    case "grep":
      return one(tool, text("pattern"), without(picked("pattern", "path", "include")));
    case "webfetch":
      // `timeout` without a value is what makes the server's own list of asks unreadable.
      return one(tool, text("url"), picked("url", "format", "timeout"));
    case "task":
      return one(tool, text("subagent_type"), picked("description", "subagent_type"));
    case "skill":
      return [{ permission: tool, patterns: [text("name")], always: [text("name")], metadata: {} }];
    case "question":
    case "plan_exit":
    case "invalid":
    case "StructuredOutput":
      return [];
    default:
      return one(tool, "*", {});
  }
}

/** An absolute path is told as it was given; its pattern is without `..` all the same. */
function outside(path: string, directory: string, given: string): PermissionNeed[] {
  if (isWithin(path, directory)) return [];
  const patterns = [everythingIn(parentOf(path))];
  const filepath = given.startsWith("/") ? given : path;
  const metadata = { filepath, parentDir: parentOf(filepath) };
  return [{ permission: "external_directory", patterns, always: patterns, metadata }];
}

function without(record: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** All of the old text taken out, all of the new put in. */
function diffOf(path: string, before: string, after: string): string {
  const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
  const lines = (text: string, sign: string): string[] => linesOf(text).map((line) => sign + line);
  const [removed, added] = [lines(before, "-"), lines(after, "+")];
  const range = (count: number): string => `${count === 0 ? 0 : 1},${count}`;
  const head = [`Index: ${path}`, "=".repeat(67), `--- ${path}`, `+++ ${path}`];
  return `${[...head, `@@ -${range(removed.length)} +${range(added.length)} @@`, ...removed, ...added].join("\n")}\n`;
}
