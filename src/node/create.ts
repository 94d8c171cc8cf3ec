/** `createOpencode` for Node: starts a server, or connects to one. */

import { type ClientOptions, createOpencodeClient, createWatchedClient } from "../client/client.js";
import { connectOpencode, seedDefaults } from "../connect.js";
import { endedAt, keptAt, whenEnded } from "../daemon/exit-reason.js";
import { APIConnectionError, ConfigError, ServerExitedError } from "../errors/index.js";
import { Opencode } from "../opencode.js";
import { withPermissions } from "../permissions/policy/server-config.js";
import { launchServer } from "../server/launch.js";
import { checkDirectory } from "../server/options.js";
import { Responsiveness } from "../server/responsiveness.js";
import type { Connection } from "../session/context.js";
import { IdleDirectories } from "../session/idle-directories.js";
import { needsGuard } from "../session/permissions/turn-rules.js";
import { isToolList } from "../tools/tool-list.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import {
  type ConnectOptions,
  defaults,
  type StartOptions,
  type ToolOptions,
  type TurnOptions,
} from "../types/options.js";
import type { OpencodeServer, ProcessExit } from "../types/server.js";
import type { Tool } from "../types/tool.js";
import { checkOptions, requireOptions } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { existingConfigFiles } from "./config-files.js";
import { localPermissionContext } from "./permission-context.js";
import { loadLibrary } from "./tools/mcp-sdk.js";
import { offeredTools } from "./tools/offered-tools.js";
import { ToolHost } from "./tools/tool-host.js";

/** Turn options that are defaults of all turns. */
export type TurnDefaultOptions = Omit<TurnOptions<unknown>, "signal" | "schema" | "files" | "tools">;

/** Options of `createOpencode()`: it connects with `baseUrl`, and starts a server without. */
export type OpencodeOptions = (StartOptions | ConnectOptions) & TurnDefaultOptions & ToolOptions;

/**
 * With `baseUrl`: connects to a running server, checks its health and release, and never ends it. Without: finds the agent's
 * binary and starts a server, which `close()` ends. Rejects also as `createOpencodeServer()`, and as a request of
 * {@link OpencodeClient}.
 * @throws {ConfigError} for a wrong option.
 * @throws {UnsupportedServerVersionError} for a server of an unsupported release.
 */
export async function createOpencode(options: OpencodeOptions = {}): Promise<Opencode> {
  requireOptions(options);
  const tools = await checkedTools(options.tools);
  if (isConnect(options)) {
    const hostTools = (connection: Connection) => new ToolHost({ connection, tools, isOwnServer: false });
    const isLocal = isLocalUrl(options.baseUrl);
    const port = isLocal ? Number(new URL(options.baseUrl).port) : 0;
    const kept = isLocal ? await keptAt(port) : undefined;
    return connectOpencode(options, {
      // The files of a server on another machine are not ours to look for.
      configFiles: isLocal ? existingConfigFiles : undefined,
      ended: kept === undefined ? undefined : (lifetime) => whenEnded(kept, lifetime),
      permissionContext: localPermissionContext,
      hostTools,
    }).catch((error: unknown) => {
      throw (isLocal && error instanceof APIConnectionError ? endedAt(port) : undefined) ?? error;
    });
  }
  // A wrong option must not cost the start of a server.
  checkOptions(options, optionNames.start, "createOpencode()", {
    "createOpencode() with a `baseUrl`": optionNames.connect,
    ...placesOfOptions,
  });
  const turnDefaults = seedDefaults(options);
  createOpencodeClient({ ...clientOptions(options), baseUrl: "http://127.0.0.1" });
  const directories = new IdleDirectories(options);
  const { permission, permissionMode } = turnDefaults;
  const stated = { permission, permissionMode, isGuarded: needsGuard(turnDefaults) };
  const { config, ...told } = withPermissions(options.config, stated);
  const inForce = { ...stated, ...told };
  const timeout = checkUnresponsive(options.unresponsiveTimeout ?? defaults.unresponsiveTimeout);
  const server = await launchServer({ ...options, config });
  const { url: baseUrl, username, password, directory } = server;
  const settings = { ...clientOptions(options), baseUrl, username, password, directory };
  const client = createWatchedClient(settings, directories);
  return new Opencode({
    client,
    directories: { idle: directories, client: createOpencodeClient(settings) },
    server,
    responsiveness: new Responsiveness({ server: server.watched, liveness: client.liveness, timeout }),
    defaults: turnDefaults,
    reconnectTimeout: options.reconnectTimeout ?? defaults.reconnectTimeout,
    permissionContext: { ...localPermissionContext, inForce },
    configFiles: existingConfigFiles,
    resolveDirectory: checkDirectory,
    hostTools: (connection) => new ToolHost({ connection, tools, isOwnServer: true }),
    ended: () => server.exited.then((exit) => exitError(server, exit)),
  });
}

/** Tools that cannot be offered must not cost the start of a server. The library, if it is needed, loads meanwhile. */
async function checkedTools(given: OpencodeOptions["tools"]): Promise<readonly Tool[]> {
  if (given === undefined || (isToolList(given) && given.length === 0)) return [];
  const tools = await offeredTools(given, "createOpencode()");
  loadLibrary().catch(() => {}); // told when it is used
  return tools;
}

/** `Infinity` is no limit. Throws `ConfigError`. */
function checkUnresponsive(timeout: unknown): number {
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw invalidOption("unresponsiveTimeout", "a number of milliseconds above 0", timeout);
}

function clientOptions({
  workspace,
  headers,
  fetch,
  logger,
  logLevel,
  maxRetries,
  requestTimeout,
}: StartOptions): Partial<ClientOptions> {
  return { workspace, headers, fetch, logger, logLevel, maxRetries, timeout: requestTimeout };
}

function exitError(server: OpencodeServer, { exitCode, signal }: ProcessExit): ServerExitedError {
  const how = signal === null ? `exit code ${exitCode}` : signal;
  return new ServerExitedError(`the opencode server has ended (${how})`, {
    exitCode,
    signal,
    tail: server.outputTail(),
  });
}

function isConnect(options: OpencodeOptions): options is ConnectOptions & TurnDefaultOptions {
  const baseUrl: unknown = options.baseUrl;
  if (baseUrl !== undefined && typeof baseUrl !== "string")
    throw new ConfigError(`baseUrl must be a URL as a text; got ${typeof baseUrl}`);
  return baseUrl !== undefined;
}

function isLocalUrl(baseUrl: string): boolean {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
  return /^(127\.|localhost$|\[::1\]$)/.test(host);
}
