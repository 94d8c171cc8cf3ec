/** Paths of tool calls, and the permission to leave the directory. */
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { ToolCall } from "./tool.js";

/** The path as it is in the file system, and relative to the session's directory. Asks when it is outside. */
export async function resolvePath(path: string, call: ToolCall): Promise<{ absolute: string; name: string }> {
  const absolute = resolve(call.directory, path);
  const name = relative(call.directory, absolute);
  if (!name.startsWith("..") && !isAbsolute(name)) return { absolute, name: name === "" ? "." : name };
  const folder = join(dirname(absolute), "*");
  await call.require({ action: "external_directory", resources: [folder], save: [folder] });
  return { absolute, name: absolute };
}
