/** The tools `glob` and `grep`. They ask nobody inside of the directory. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { object, optional, text } from "../http/shape.js";
import { resolvePath } from "./paths.js";
import { parameters, type Tool, textResult } from "./tool.js";

export const globTool: Tool = {
  name: "glob",
  action: "glob",
  description: "Finds files by their names.",
  parameters: parameters({ pattern: { type: "string" }, "path?": { type: "string" } }),
  shape: object({ pattern: text, path: optional(text) }),
  async run(input, call) {
    const { absolute } = await resolvePath(`${input["path"] ?? "."}/.`, call);
    const wanted = globExpression(String(input["pattern"]));
    const found = filesBelow(absolute).filter((file) => wanted.test(relative(absolute, file)));
    return textResult(found.length === 0 ? "No files found" : found.join("\n"), { count: found.length });
  },
};

export const grepTool: Tool = {
  name: "grep",
  action: "grep",
  description: "Finds lines by a regular expression.",
  parameters: parameters({ pattern: { type: "string" }, "path?": { type: "string" }, "include?": { type: "string" } }),
  shape: object({ pattern: text, path: optional(text), include: optional(text) }),
  async run(input, call) {
    const { absolute } = await resolvePath(`${input["path"] ?? "."}/.`, call);
    const wanted = new RegExp(String(input["pattern"]));
    const include = globExpression(String(input["include"] ?? "**"));
    const found = filesBelow(absolute)
      .filter((file) => include.test(relative(absolute, file)))
      .flatMap((file) =>
        readFileSync(file, "utf8")
          .split("\n")
          .flatMap((line, index) => (wanted.test(line) ? [`${file}:${index + 1}: ${line}`] : [])),
      );
    return textResult(found.length === 0 ? "No matches found" : found.join("\n"), { matches: found.length });
  },
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === ".git" || entry.name === "node_modules") return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** A pattern without a slash is about the name alone. */
function globExpression(pattern: string): RegExp {
  const whole = pattern.includes("/") || pattern === "**" ? pattern : `**/${pattern}`;
  const source = whole.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*\*\/?|\*|\?/g, (match) => {
    if (match === "**/") return "(?:.*/)?";
    if (match === "**") return ".*";
    return match === "*" ? "[^/]*" : "[^/]";
  });
  return new RegExp(`^${source}$`);
}
