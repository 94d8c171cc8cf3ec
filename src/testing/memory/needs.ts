/** What the built-in tools ask permission for. */
import { type JsonRecord, stringProperty } from "../../util/json.js";
import type { PermissionNeed } from "./asks.js";

/** Commands whose first words name what they do, where one is not enough. The server knows many more. */
const twoWords = "git npm pnpm yarn bun docker cargo go kubectl pip uv deno".split(" ");
const threeWords = "gh,npm run,pnpm run,yarn run,bun run,docker compose,git config,git remote,git stash".split(",");

/** In the order in which they are asked. Paths are compared as texts: nothing is looked up. */
export function needsOf(tool: string, input: JsonRecord, directory: string, root: string): PermissionNeed[] {
  const text = (name: string): string => stringProperty(input, name) ?? "";
  const one = (permission: string, pattern: string, metadata: JsonRecord): PermissionNeed[] => [
    { permission, patterns: [pattern], always: ["*"], metadata },
  ];
  const picked = (...names: string[]): JsonRecord => Object.fromEntries(names.map((name) => [name, input[name]]));
  switch (tool) {
    case "bash":
      return bashNeeds(text("command"));
    case "edit":
    case "write":
    case "read": {
      const path = absolute(text("filePath"), directory);
      const diff = (): string =>
        tool === "write" ? diffOf(path, "", text("content")) : diffOf(path, text("oldString"), text("newString"));
      const metadata = tool === "read" ? {} : { filepath: path, diff: diff() };
      return [...outside(path, directory), ...one(tool === "read" ? tool : "edit", relative(path, root), metadata)];
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

function bashNeeds(command: string): PermissionNeed[] {
  const commands = command
    .split(/&&|\|\||[;|&\n]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "" && !/^cd(\s|$)/.test(piece));
  if (commands.length === 0) return [];
  const always = commands.map((piece) => `${beginning(piece)} *`);
  return [
    { permission: "bash", patterns: [...new Set(commands)], always: [...new Set(always)], metadata: { command } },
  ];
}

function beginning(command: string): string {
  const words = command.split(/\s+/);
  const [first = ""] = words;
  const isLong = threeWords.includes(first) || threeWords.includes(words.slice(0, 2).join(" "));
  return words.slice(0, isLong ? 3 : twoWords.includes(first) ? 2 : 1).join(" ");
}

function absolute(path: string, directory: string): string {
  return path.startsWith("/") || /^[A-Za-z]:/.test(path) ? path : `${directory}/${path}`;
}

function relative(path: string, root: string): string {
  const prefix = root.endsWith("/") ? root : `${root}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

function outside(path: string, directory: string): PermissionNeed[] {
  if (path === directory || path.startsWith(`${directory}/`)) return [];
  const parentDir = path.slice(0, path.lastIndexOf("/"));
  const patterns = [`${parentDir}/*`];
  return [{ permission: "external_directory", patterns, always: patterns, metadata: { filepath: path, parentDir } }];
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
