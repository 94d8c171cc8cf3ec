/** The tools `read`, `write` and `edit`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { flag, number, object, optional, text } from "../http/shape.js";
import { ToolFailure } from "../run/endings.js";
import { diffOf } from "../run/patch.js";
import { resolvePath } from "./paths.js";
import { parameters, type Tool, type ToolCall, type ToolResult, textResult } from "./tool.js";

const path = { type: "string", description: "absolute, or relative to the directory" };

export const readTool: Tool = {
  name: "read",
  action: "read",
  description: "Reads a file or lists a directory.",
  parameters: parameters({ path, "offset?": { type: "number" }, "limit?": { type: "number" } }),
  shape: object({ path: text, offset: optional(number), limit: optional(number) }),
  async run(input, call) {
    const { absolute, name } = await resolvePath(String(input["path"]), call);
    await call.require({ action: "read", resources: [name], save: ["*"] });
    if (!existsSync(absolute)) throw new ToolFailure(`File not found: ${name}`);
    if (statSync(absolute).isDirectory()) return textResult(readdirSync(absolute).sort().join("\n"));
    const lines = readFileSync(absolute, "utf8").split("\n");
    const offset = Number(input["offset"] ?? 1) - 1;
    return textResult(lines.slice(offset, offset + Number(input["limit"] ?? 2000)).join("\n"), {
      uri: `file://${absolute}`,
    });
  },
};

export const writeTool: Tool = {
  name: "write",
  action: "edit",
  description: "Writes a file.",
  parameters: parameters({ path, content: { type: "string" } }),
  shape: object({ path: text, content: text }),
  run: async (input, call) => replaceFile(String(input["path"]), () => String(input["content"]), call),
};

export const editTool: Tool = {
  name: "edit",
  action: "edit",
  description: "Replaces a text in a file.",
  parameters: parameters({
    path,
    oldString: { type: "string" },
    newString: { type: "string" },
    "replaceAll?": { type: "boolean" },
  }),
  shape: object({ path: text, oldString: text, newString: text, replaceAll: optional(flag) }),
  run: async (input, call) => {
    const [from, to] = [String(input["oldString"]), String(input["newString"])];
    const change = (before: string | null): string => {
      if (before === null) throw new ToolFailure(`File not found: ${input["path"]}`);
      const count = before.split(from).length - 1;
      if (count === 0) throw new ToolFailure("oldString is not in the file");
      if (count > 1 && input["replaceAll"] !== true) throw new ToolFailure("oldString is in the file more than once");
      return before.split(from).join(to);
    };
    return replaceFile(String(input["path"]), change, call);
  },
};

async function replaceFile(
  given: string,
  change: (before: string | null) => string,
  call: ToolCall,
): Promise<ToolResult> {
  const { absolute, name } = await resolvePath(given, call);
  const before = existsSync(absolute) ? readFileSync(absolute, "utf8") : null;
  const after = change(before);
  const files = [diffOf({ file: name, before, after })];
  await call.require({ action: "edit", resources: [name], save: ["*"], metadata: { files } });
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, after);
  return textResult(before === null ? `Wrote ${name}` : `Edited ${name}`, { files });
}
