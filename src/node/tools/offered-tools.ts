/** The tools that this process can offer: they are checked, and the library that offers them is there. */
import { requireTools } from "../../tools/tool-list.js";
import type { Tool } from "../../types/tool.js";
import { requireLibrary } from "./mcp-sdk.js";

/** Rejects with `ConfigError`. `where` is the option's place, for the message. */
export async function offeredTools(tools: unknown, where: string): Promise<readonly Tool[]> {
  const checked = await requireTools(tools, where);
  if (checked.length > 0) await requireLibrary();
  return checked;
}
