/** The official MCP library: an optional peer, loaded when the first tool is used. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { ConfigError } from "../../errors.js";

/** What is used of it. */
export interface McpLibrary {
  readonly Server: typeof Server;
  readonly Transport: typeof StreamableHTTPServerTransport;
  readonly ListTools: typeof ListToolsRequestSchema;
  readonly CallTool: typeof CallToolRequestSchema;
}

let library: Promise<McpLibrary> | undefined;

/** Is it there? Looks at one small file of it: loading all takes 0.3 s. Rejects with `ConfigError` when it is not. */
export async function requireLibrary(): Promise<void> {
  await import("@modelcontextprotocol/sdk/shared/transport.js").catch(notLoaded);
}

/** Loads it, once. Rejects with `ConfigError` when that fails. */
export function loadLibrary(): Promise<McpLibrary> {
  library ??= load().catch((error: unknown) => {
    library = undefined; // it may be installed by the next time
    return notLoaded(error);
  });
  return library;
}

async function load(): Promise<McpLibrary> {
  const [server, transport, types] = await Promise.all([
    import("@modelcontextprotocol/sdk/server/index.js"),
    import("@modelcontextprotocol/sdk/server/streamableHttp.js"),
    import("@modelcontextprotocol/sdk/types.js"),
  ]);
  return {
    Server: server.Server,
    Transport: transport.StreamableHTTPServerTransport,
    ListTools: types.ListToolsRequestSchema,
    CallTool: types.CallToolRequestSchema,
  };
}

function notLoaded(cause: unknown): never {
  const message = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  throw new ConfigError(`tools need the package @modelcontextprotocol/sdk, which could not be loaded: ${message}`, {
    cause,
    hint: "Install it: npm install @modelcontextprotocol/sdk@1",
  });
}
