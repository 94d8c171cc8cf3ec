/** MCP servers (Model Context Protocol): further tools of the agent. */
import type { AgentApi, McpConfig } from "../api/agent-api.js";
import type { ApiCall } from "../api/inputs.js";
import { ConfigError, ToolError } from "../errors/index.js";
import { invalidOption } from "../util/invalid-option.js";
import { isRecord, stringProperty } from "../util/json.js";

/** Configuration of an MCP server, as in `mcp` of the agent's configuration: an address, or a command that the agent starts. */
export type McpServerConfig = McpConfig;

/** State of an MCP server. */
export interface McpServerStatus {
  /** Name of the MCP server. */
  readonly name: string;
  /** `"connected"`, `"disabled"`, `"failed"`, `"needs_auth"` or `"needs_client_registration"` (1.18.33). */
  readonly status: string;
  /** The server's message about a failure. */
  readonly error?: string | undefined;
}

/** ms. Adding one waits until it answers, twice if it does not, and for those that the configuration names (30,000 each). */
const longestCall = 150_000;

/**
 * The MCP servers of the client's directory. An added server lasts until the opencode server ends or reloads the directory. It is
 * added again after the directory's resources were released for being idle.
 */
export class Mcp {
  readonly #api: () => AgentApi;
  /** What was done to the servers, by name. */
  readonly #done = new Map<string, { config?: McpServerConfig; isOff?: boolean }>();

  /** @internal */
  constructor(api: () => AgentApi) {
    this.#api = api;
  }

  /**
   * Adds a server, or replaces the server of that name, and connects to it. `enabled: false` only adds it.
   * @throws {ToolError} if the connection fails or needs a login.
   * @throws {ConfigError} for a wrong configuration.
   */
  async add(name: string, config: McpServerConfig): Promise<McpServerStatus> {
    requireName(name);
    requireConfig(config);
    this.#done.set(name, { config });
    return this.register(name, config, {});
  }

  /** Adds and disconnects the servers again, with another client. A failure is a line in the log. @internal */
  async repeat(api: AgentApi): Promise<void> {
    const again = new Mcp(() => api);
    for (const [name, { config, isOff }] of this.#done) {
      try {
        if (config !== undefined) await again.register(name, config, {});
        if (isOff === true) await again.disconnect(name);
      } catch (error) {
        api.logger.warn(`the MCP server "${name}" could not be brought back: ${String(error)}`);
      }
    }
  }

  /**
   * Connects to a configured or added server.
   * @throws {ToolError} if the connection fails.
   * @throws {NotFoundError} for an unknown name.
   */
  async connect(name: string): Promise<McpServerStatus> {
    requireName(name);
    await this.#api().mcp.connect(name, { timeout: longestCall });
    this.#done.set(name, { ...this.#done.get(name), isOff: false });
    return requireConnected((await this.status()).find((server) => server.name === name) ?? unknownStatus(name));
  }

  /**
   * Disconnects from a server. The agent loses its tools.
   * @throws {NotFoundError} for an unknown name.
   */
  async disconnect(name: string): Promise<void> {
    requireName(name);
    await this.#api().mcp.disconnect(name);
    this.#done.set(name, { ...this.#done.get(name), isOff: true });
  }

  /** Lists all servers, configured and added. The first call connects to the configured servers, which can take a while. */
  async status(): Promise<McpServerStatus[]> {
    return this.read({ timeout: longestCall });
  }

  /** Lists all servers, with the options of one call. @internal */
  async read(call: ApiCall): Promise<McpServerStatus[]> {
    return statusesOf(await this.#api().mcp.statuses(call));
  }

  /** Adds a server as {@link add}, without a check of its configuration. @internal */
  async register(name: string, config: McpServerConfig, call: ApiCall): Promise<McpServerStatus> {
    const statuses = await this.#api().mcp.add(name, config, { timeout: longestCall, ...call });
    const status = statusesOf(statuses).find((server) => server.name === name) ?? unknownStatus(name);
    return config.enabled === false && status.status === "disabled" ? status : requireConnected(status);
  }
}

function statusesOf(data: unknown): McpServerStatus[] {
  return Object.entries(isRecord(data) ? data : {}).map(([name, said]) => {
    const error = stringProperty(said, "error");
    return { name, status: stringProperty(said, "status") ?? "unknown", ...(error === undefined ? {} : { error }) };
  });
}

/** The server answers 200 whatever came of it (1.18.33). */
function requireConnected(server: McpServerStatus): McpServerStatus {
  if (server.status === "connected") return server;
  const { name, status, error } = server;
  const reason = error === undefined ? "" : `: ${error}`;
  throw new ToolError(`the agent is not connected to the MCP server "${name}" (${status})${reason}`, {
    server: name,
    serverStatus: status,
    hint: status === "needs_auth" ? `Log in with \`opencode mcp auth ${name}\`, or give its \`headers\`.` : undefined,
  });
}

function unknownStatus(name: string): McpServerStatus {
  return { name, status: "unknown", error: "the opencode server does not list it" };
}

function requireName(name: unknown): void {
  if (typeof name === "string" && name.trim() !== "") return;
  throw new ConfigError(`the name of an MCP server must be a text; got ${JSON.stringify(name)}`);
}

function requireConfig(config: unknown): void {
  const type = stringProperty(config, "type");
  if (type === "remote") {
    const url = stringProperty(config, "url") ?? "";
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
    throw invalidOption("url", "the http:// or https:// address of a remote MCP server", url);
  }
  if (type === "local") {
    const command: unknown = isRecord(config) ? config["command"] : undefined;
    if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === "string")) return;
    throw invalidOption("command", "a list of strings: the program of a local MCP server and its arguments", command);
  }
  throw new ConfigError('an MCP server needs the type "remote" (with `url`) or "local" (with `command`)');
}
