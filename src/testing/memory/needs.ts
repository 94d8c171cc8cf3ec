/** What the built-in tools ask permission for. */
import { type JsonRecord, stringProperty } from "../../internal/json.js";
import type { PermissionNeed } from "./asks.js";

/** How many words of a command name what it does, where one is not enough. The server knows many more. */
const verbs: Readonly<Record<string, number>> = {
  git: 2,
  npm: 2,
  pnpm: 2,
  yarn: 2,
  bun: 2,
  docker: 2,
  cargo: 2,
  go: 2,
  kubectl: 2,
  pip: 2,
  uv: 2,
  gh: 3,
  deno: 2, // biome-ignore format: a table
};
const deeper: readonly string[] = [
  "npm run",
  "pnpm run",
  "yarn run",
  "bun run",
  "docker compose",
  "git config",
  "git remote",
  "git stash",
];

/** In the order in which they are asked. Paths are compared as texts: nothing is looked up. */
export function needsOf(tool: string, input: JsonRecord, directory: string, root: string): PermissionNeed[] {
  const text = (name: string): string => stringProperty(input, name) ?? "";
  const one = (permission: string, pattern: string, metadata: JsonRecord): PermissionNeed[] => [
    { permission, patterns: [pattern], always: ["*"], metadata },
  ];
  switch (tool) {
    case "bash":
      return bashNeeds(text("command"));
    case "edit":
    case "write": {
      const path = absolute(text("filePath"), directory);
      const before = tool === "write" ? "" : text("oldString");
      const metadata = { filepath: path, diff: diffOf(path, before, text(tool === "write" ? "content" : "newString")) };
      return [...outside(path, directory), ...one("edit", relative(path, root), metadata)];
    }
    case "read": {
      const path = absolute(text("filePath"), directory);
      return [...outside(path, directory), ...one("read", relative(path, root), {})];
    }
    case "glob":
    case "grep":
      return one(
        tool,
        text("pattern"),
        without({ pattern: input["pattern"], path: input["path"], include: input["include"] }),
      );
    case "webfetch":
      // `timeout` without a value is what makes the server's own list of asks unreadable.
      return one(tool, text("url"), { url: input["url"], format: input["format"], timeout: input["timeout"] });
    case "task":
      return one(tool, text("subagent_type"), {
        description: input["description"],
        subagent_type: input["subagent_type"],
      });
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
  const count = deeper.includes(words.slice(0, 2).join(" ")) ? 3 : (verbs[words[0] ?? ""] ?? 1);
  return words.slice(0, count).join(" ");
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
  const lines = (text: string, sign: string): string[] =>
    text === ""
      ? []
      : text
          .replace(/\n$/, "")
          .split("\n")
          .map((line) => sign + line);
  const [removed, added] = [lines(before, "-"), lines(after, "+")];
  const range = (count: number): string => `${count === 0 ? 0 : 1},${count}`;
  const head = [`Index: ${path}`, "=".repeat(67), `--- ${path}`, `+++ ${path}`];
  return `${[...head, `@@ -${range(removed.length)} +${range(added.length)} @@`, ...removed, ...added].join("\n")}\n`;
}
