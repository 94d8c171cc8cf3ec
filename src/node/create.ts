/** `createOpencode` for Node: starts a server, or connects to one. */

import type { Opencode } from "../opencode.js";
import { isToolList } from "../tools/tool-list.js";
import type { ConnectOptions, StartOptions, Tool, ToolOptions, TurnOptions } from "../types/index.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { checkOptions, requireOptions } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { connectRunning } from "./connect-running.js";
import { startOpencode } from "./start-opencode.js";
import { loadLibrary } from "./tools/mcp-sdk.js";
import { offeredTools } from "./tools/offered-tools.js";

/** Turn options that are defaults of all turns. */
export type TurnDefaultOptions = Omit<TurnOptions<unknown>, "signal" | "schema" | "files" | "tools">;

/** Options of `createOpencode()`: it connects with `baseUrl`, and starts a server without. */
export type OpencodeOptions = (StartOptions | ConnectOptions) & TurnDefaultOptions & ToolOptions;

/** `createOpencode()` of the package. */
export async function createOpencode(options: OpencodeOptions = {}): Promise<Opencode> {
  requireOptions(options);
  const tools = await checkedTools(options.tools);
  if (isConnect(options)) return connectRunning(options, tools);
  // A wrong option must not cost the start of a server.
  checkOptions(options, optionNames.start, "createOpencode()", {
    "createOpencode() with a `baseUrl`": optionNames.connect,
    ...placesOfOptions,
  });
  return startOpencode(options, tools);
}

/** Tools that cannot be offered must not cost the start of a server. The library, if it is needed, loads meanwhile. */
async function checkedTools(given: OpencodeOptions["tools"]): Promise<readonly Tool[]> {
  if (given === undefined || (isToolList(given) && given.length === 0)) return [];
  const tools = await offeredTools(given, "createOpencode()");
  loadLibrary().catch(() => {}); // told when it is used
  return tools;
}

function isConnect(options: OpencodeOptions): options is ConnectOptions & TurnDefaultOptions {
  const baseUrl: unknown = options.baseUrl;
  if (baseUrl !== undefined && typeof baseUrl !== "string")
    throw invalidOption("baseUrl", "the URL of a server", baseUrl);
  return baseUrl !== undefined;
}
