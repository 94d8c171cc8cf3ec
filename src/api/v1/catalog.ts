/** What a 1.x server offers in a directory, its MCP servers, its files, and the server itself. */
import type { OpencodeClient } from "../../client/client.js";
import { property } from "../../util/json.js";
import type { CatalogApi, FilesApi, McpApi, ServerApi } from "../agent-api.js";
import type { ApiCall } from "../inputs.js";

/** The lists of the client's directory. */
export function catalogV1(client: OpencodeClient): CatalogApi {
  return {
    // The list begins with the default agent: `build`, or the agent that the configuration names (1.18.33).
    agents: async (call) => (await client.GET("/agent", call)).data,
    providers: async (call) => (await client.GET("/config/providers", call)).data.providers,
    commands: async (call) => (await client.GET("/command", call)).data,
    toolNames: async () => (await client.GET("/experimental/tool/ids")).data,
    config: async (call) => (await client.GET("/config", call)).data,
    paths: async () => (await client.GET("/path")).data,
    hasVersionControl: async () => property((await client.GET("/project/current")).data, "vcs") === "git",
  };
}

/** The MCP servers of the client's directory. */
export function mcpV1(client: OpencodeClient): McpApi {
  const disconnect: McpApi["disconnect"] = async (name, call) => {
    await client.POST("/mcp/{name}/disconnect", { ...call, params: { path: { name } } });
  };
  return {
    statuses: async (call) => (await client.GET("/mcp", call)).data,
    add: async (name, config, call) => (await client.POST("/mcp", { ...call, body: { name, config } })).data,
    connect: async (name, call) => {
      await client.POST("/mcp/{name}/connect", { ...call, params: { path: { name } } });
    },
    disconnect,
    remove: disconnect,
  };
}

/** The files of the client's directory. */
export function filesV1(client: OpencodeClient): FilesApi {
  return {
    list: async (path, call) => void (await client.GET("/file", { ...call, params: { query: { path } } })),
    text: async (path) => {
      const { data } = await client.GET("/file/content", { params: { query: { path } } });
      return data.type === "text" ? data.content : undefined;
    },
  };
}

/** The server behind the client. */
export function serverV1(client: OpencodeClient): ServerApi {
  return {
    setProviderKey: async (providerID, key) => {
      await client.PUT("/auth/{providerID}", { params: { path: { providerID } }, body: { type: "api", key } });
    },
    disposeDirectory: async (call) => void (await client.POST("/instance/dispose", call)),
    isDirectoryInUse: (call) => isInUse(client, call),
  };
}

/** Answers are read as unknown values: a list with one entry of another release must not keep a directory for ever. */
async function isInUse(client: OpencodeClient, call: ApiCall | undefined): Promise<boolean> {
  const { data: statuses } = await client.request("GET", "/session/status", { ...call, shape: "object" });
  if (Object.values(Object(statuses)).some((one) => Object(one).type !== "idle")) return true;
  const { data: terminals } = await client.request("GET", "/pty", { ...call, shape: "array" });
  return Array.isArray(terminals) && terminals.some((one) => Object(one).status === "running");
}
