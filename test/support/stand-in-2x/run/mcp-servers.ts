/** MCP servers: connected for real, per directory, until the server ends. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { isRecord, type JsonRecord } from "../../../../src/util/json.js";
import { Failure } from "../http/failure.js";
import type { Content } from "../types.js";
import type { World } from "../world.js";
import { ToolFailure } from "./endings.js";

/** A tool as it is offered to the model. */
export interface McpTool {
  /** `<server>_<tool>`; other characters became `_`. */
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonRecord;
  readonly call: (input: JsonRecord, sessionID: string, signal: AbortSignal) => Promise<Content[]>;
}

interface Status {
  readonly status: "connected" | "pending" | "disabled" | "failed" | "needs_auth";
  readonly error?: string;
}

interface Entry {
  readonly name: string;
  readonly config: JsonRecord;
  status: Status;
  client?: Client;
  tools: McpTool[];
}

/** Twelve hours: the limit of one call. */
const executionTimeout = 12 * 60 * 60 * 1000;

export class McpServers {
  readonly #world: World;
  readonly #entries = new Map<string, Map<string, Entry>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Servers of the configuration; those that are there stay. */
  configure(directory: string, servers: Readonly<Record<string, JsonRecord>>): void {
    for (const [name, config] of Object.entries(servers)) {
      if (!this.#of(directory).has(name)) this.put(directory, name, config);
    }
  }

  list(directory: string): { name: string; status: Status }[] {
    return [...this.#of(directory).values()].map(({ name, status }) => ({ name, status }));
  }

  /** Adds or replaces a server, and begins to connect. */
  put(directory: string, name: string, config: JsonRecord): void {
    const former = this.#of(directory).get(name);
    former?.client?.close().catch(() => {});
    const entry: Entry = { name, config, status: { status: "pending" }, tools: [] };
    this.#of(directory).set(name, entry);
    if (config["disabled"] === true || config["enabled"] === false)
      this.#become(directory, entry, { status: "disabled" });
    else void this.#connect(directory, entry);
  }

  async remove(directory: string, name: string): Promise<void> {
    await this.disconnect(directory, name);
    this.#of(directory).delete(name);
  }

  connect(directory: string, name: string): Promise<void> {
    return this.#connect(directory, this.#find(directory, name));
  }

  async disconnect(directory: string, name: string): Promise<void> {
    const entry = this.#find(directory, name);
    await entry.client?.close();
    entry.tools = [];
    this.#become(directory, entry, { status: "disabled" });
  }

  /** Tools that the model sees under their own names. */
  tools(directory: string): McpTool[] {
    return this.#connected(directory).flatMap(({ config, tools }) => (config["codemode"] === false ? tools : []));
  }

  /** Whether tools are behind the one tool `execute`: code mode is on unless a server's configuration says no. */
  hasCodeMode(directory: string): boolean {
    return this.#connected(directory).some(({ config }) => config["codemode"] !== false);
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()].flatMap((servers) => [...servers.values()]);
    await Promise.allSettled(entries.map(({ client }) => client?.close()));
  }

  async #connect(directory: string, entry: Entry): Promise<void> {
    const client = new Client({ name: "stand-in", version: "2.1.0" });
    try {
      await client.connect(transportOf(entry.config, directory));
      const { tools } = await client.listTools();
      entry.client = client;
      entry.tools = tools.map((tool) => ({
        name: `${clean(entry.name)}_${clean(tool.name)}`,
        description: tool.description ?? "",
        inputSchema: tool.inputSchema,
        call: (input, sessionID, signal) => callTool(client, tool.name, input, sessionID, signal),
      }));
      this.#become(directory, entry, { status: "connected" });
    } catch (error) {
      await client.close().catch(() => {});
      const isUnauthorized = /401|unauthori[sz]ed/i.test(String(error));
      this.#become(
        directory,
        entry,
        isUnauthorized ? { status: "needs_auth" } : { status: "failed", error: String(error) },
      );
    }
  }

  #become(directory: string, entry: Entry, status: Status): void {
    entry.status = status;
    this.#world.hub.ephemeral("mcp.status.changed", { server: entry.name }, directory);
  }

  #connected(directory: string): Entry[] {
    return [...this.#of(directory).values()].filter(({ status }) => status.status === "connected");
  }

  #find(directory: string, name: string): Entry {
    const entry = this.#of(directory).get(name);
    if (entry === undefined) {
      throw new Failure(404, "McpServerNotFoundError", `MCP server not found: ${name}`, { server: name });
    }
    return entry;
  }

  #of(directory: string): Map<string, Entry> {
    const known = this.#entries.get(directory) ?? new Map<string, Entry>();
    this.#entries.set(directory, known);
    return known;
  }
}

function transportOf(config: JsonRecord, directory: string): Transport {
  if (config["type"] === "local") {
    const [command = "", ...args] = config["command"] as string[];
    const env = { PATH: process.env["PATH"] ?? "", ...(config["environment"] as Record<string, string> | undefined) };
    return new StdioClientTransport({ command, args, env, cwd: String(config["cwd"] ?? directory) });
  }
  const headers = (config["headers"] ?? {}) as Record<string, string>;
  // The library's types do not fit `exactOptionalPropertyTypes`.
  return new StreamableHTTPClientTransport(new URL(String(config["url"])), { requestInit: { headers } }) as Transport;
}

/** Each call carries the session it is made for. */
async function callTool(
  client: Client,
  name: string,
  input: JsonRecord,
  sessionID: string,
  signal: AbortSignal,
): Promise<Content[]> {
  const request = { name, arguments: input, _meta: { "ai.opencode/sessionID": sessionID } };
  const result = await client.callTool(request, undefined, { signal, timeout: executionTimeout });
  const items = Array.isArray(result.content) ? (result.content as unknown[]) : [];
  const content = items.filter(isRecord).map((item): Content => {
    if (item["type"] === "image") {
      const mime = String(item["mimeType"]);
      return { type: "file", uri: `data:${mime};base64,${item["data"]}`, mime };
    }
    return { type: "text", text: item["type"] === "text" ? String(item["text"]) : JSON.stringify(item) };
  });
  if (content.length === 0) content.push({ type: "text", text: "" });
  if (result.isError !== true) return content;
  const message = content.map((item) => (item.type === "text" ? item.text : "")).join("\n");
  throw new ToolFailure(message, "tool.execution", { content });
}

function clean(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_");
}
