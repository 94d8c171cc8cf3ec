/** The tools that a session's model is offered. */
import type { JsonRecord } from "../../../../src/util/json.js";
import { isHidden } from "../run/rules.js";
import type { SessionRecord } from "../types.js";
import type { World } from "../world.js";
import { editTool, readTool, writeTool } from "./file-tools.js";
import { questionTool } from "./question.js";
import { globTool, grepTool } from "./search-tools.js";
import { shellTool } from "./shell.js";
import { subagentTool } from "./subagent.js";
import type { Tool } from "./tool.js";

const builtIn: readonly Tool[] = [
  shellTool,
  readTool,
  writeTool,
  editTool,
  globTool,
  grepTool,
  subagentTool,
  questionTool,
];

/** All tools that may be called. A child has no `subagent`: the depth is one. */
export function toolsOf(world: World, record: SessionRecord): Tool[] {
  const { directory } = record.info.location;
  const own = builtIn.filter(({ name }) => name !== "subagent" || record.info.parentID === undefined);
  const mcp = world.mcp.tools(directory).map(
    (tool): Tool => ({
      name: tool.name,
      action: tool.name,
      description: tool.description,
      parameters: tool.inputSchema,
      shape: () => undefined,
      run: async (input, call) => {
        await call.require({ action: tool.name, resources: ["*"], save: ["*"] });
        return { content: await tool.call(input, record.info.id, call.signal) };
      },
    }),
  );
  return [...own, ...mcp].filter(({ action }) => !isHidden(world, record, action));
}

/** The same in the form of chat completions. Servers in code mode are one tool together. */
export function offeredTools(world: World, record: SessionRecord): JsonRecord[] {
  const tools = toolsOf(world, record).map(({ name, description, parameters }) =>
    asFunction(name, description, parameters),
  );
  if (!world.mcp.hasCodeMode(record.info.location.directory)) return tools;
  const code = { type: "object", properties: { code: { type: "string" } }, required: ["code"] };
  return [...tools, asFunction("execute", "Runs code that calls tools.", code)];
}

function asFunction(name: string, description: string, parameters: JsonRecord): JsonRecord {
  return { type: "function", function: { name, description, parameters } };
}
