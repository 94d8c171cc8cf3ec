/** Tools of 2.x under the names, and with the input fields, that 1.x gives them: programs and policies know those. */
import type { JsonRecord } from "../../util/json.js";

/** The preview has the names of 1.x already. */
const names: Readonly<Record<string, string>> = { shell: "bash", subagent: "task", patch: "apply_patch" };

/** Tools that name their file `path` where 1.x says `filePath`. */
const fileTools: ReadonlySet<string> = new Set(["read", "write", "edit"]);

/** The name in 1.x. */
export function ownToolName(name: string): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}

/** The input with the fields of 1.x beside the server's own. `tool` is the name in 1.x; relative paths are relative to `cwd`. */
export function ownToolInput(tool: string, input: JsonRecord, cwd: string): JsonRecord {
  const path = input["path"];
  if (fileTools.has(tool) && typeof path === "string" && input["filePath"] === undefined)
    return { ...input, filePath: absolutePath(path, cwd) };
  if (tool === "task" && typeof input["agent"] === "string" && input["subagent_type"] === undefined)
    return { ...input, subagent_type: input["agent"] };
  return input;
}

/** The path as it is from the root of the file system. */
export function absolutePath(path: string, folder: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(path) || folder === "") return path;
  return `${folder.replace(/[/\\]$/, "")}/${path.replace(/^\.\//, "")}`;
}
