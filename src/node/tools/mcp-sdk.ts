/** The official MCP library: an optional peer, loaded when the first tool is used. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { ConfigError } from "../../errors/index.js";

/** What is used of it. */
export interface McpLibrary {
  readonly Server: typeof Server;
  readonly Transport: typeof StreamableHTTPServerTransport;
  readonly ListTools: typeof ListToolsRequestSchema;
  readonly CallTool: typeof CallToolRequestSchema;
}

let library: Promise<McpLibrary> | undefined;

// Each `import()` is awaited within a `try`: by that bundlers see that it may be missing, and leave the error to the program.

/** Is it there? Looks at one small file of it: loading all takes 0.3 s. Rejects with `ConfigError` when it is not. */
export async function requireLibrary(): Promise<void> {
  try {
    await import("@modelcontextprotocol/sdk/shared/transport.js");
  } catch (error) {
    notLoaded(error);
  }
}

/** Loads it, once. Rejects with `ConfigError` when that fails. */
export function loadLibrary(): Promise<McpLibrary> {
  library ??= load();
  return library;
}

async function load(): Promise<McpLibrary> {
  try {
    const server = await import("@modelcontextprotocol/sdk/server/index.js");
    const transport = await import("@modelcontextprotocol/sdk/server/streamableHttp.js");
    const types = await import("@modelcontextprotocol/sdk/types.js");
    return {
      Server: server.Server,
      Transport: transport.StreamableHTTPServerTransport,
      ListTools: types.ListToolsRequestSchema,
      CallTool: types.CallToolRequestSchema,
    };
  } catch (error) {
    library = undefined; // it may be installed by the next time
    return notLoaded(error);
  }
}

function notLoaded(cause: unknown): never {
  const message = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  throw new ConfigError(`tools need the package @modelcontextprotocol/sdk, which could not be loaded: ${message}`, {
    cause,
    hint: "Install it: npm install @modelcontextprotocol/sdk@1",
  });
}
