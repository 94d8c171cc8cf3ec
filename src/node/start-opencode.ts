/** `createOpencode()` without a `baseUrl`: a server of our own, and the connection to it. */
import { apiOfRelease, type SelectedApi } from "../api/select-api.js";
import {
  type ClientOptions,
  createOpencodeClient,
  createWatchedClient,
  type OpencodeClient,
} from "../client/client.js";
import { seedDefaults, type TurnDefaults } from "../connect.js";
import { ServerExitedError, UnsupportedEndpointError } from "../errors/index.js";
import { Opencode } from "../opencode.js";
import { launchServer } from "../server/launch.js";
import { checkDirectory } from "../server/options.js";
import { checkUnresponsive, Responsiveness } from "../server/responsiveness.js";
import { IdleDirectories } from "../session/idle-directories.js";
import { loadOperations } from "../session/load-operations.js";
import type { OpencodeServer, ProcessExit, StartOptions, Tool } from "../types/index.js";
import { defaults } from "../types/options.js";
import { existingConfigFiles } from "./config-files.js";
import { localPermissionContext, permissionsFromStart } from "./permission-context.js";
import { ToolHost } from "./tools/tool-host.js";

/** Starts a server, and connects to it. The names of the options are checked before. `tools` are for all sessions. */
export async function startOpencode(options: StartOptions & TurnDefaults, tools: readonly Tool[]): Promise<Opencode> {
  const turnDefaults = seedDefaults(options);
  createOpencodeClient({ ...clientOptions(options), baseUrl: "http://127.0.0.1" });
  const directories = new IdleDirectories(options);
  // Checked before anything starts; what the server is told depends on what it is found to be.
  let told = permissionsFromStart(options.config, turnDefaults);
  const timeout = checkUnresponsive(options.unresponsiveTimeout ?? defaults.unresponsiveTimeout);
  loadOperations();
  const server = await launchServer(options, ({ hasSessionRules }) => {
    told = permissionsFromStart(options.config, turnDefaults, !hasSessionRules);
    return told.config;
  });
  const { url: baseUrl, username, password, directory } = server;
  const settings = { ...clientOptions(options), baseUrl, username, password, directory };
  const client = createWatchedClient(settings, directories);
  client.liveness.beat(); // it has just answered the health request: its first read may take long, and is not repeated soon
  // A server that no `Opencode` has would live on without an owner.
  const selected = await selectApi(client, server.version, options).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const { disposesDirectories } = selected.apiOf(client).capabilities;
  return new Opencode({
    ...selected,
    client,
    directories: disposesDirectories ? { idle: directories, client: createOpencodeClient(settings) } : undefined,
    server,
    responsiveness: new Responsiveness({ server: server.watched, liveness: client.liveness, timeout }),
    defaults: turnDefaults,
    budget: options.budget,
    reconnectTimeout: options.reconnectTimeout ?? defaults.reconnectTimeout,
    permissionContext: { ...localPermissionContext, inForce: told.inForce },
    approvalStore: options.approvalStore,
    configFiles: existingConfigFiles,
    resolveDirectory: checkDirectory,
    hostTools: (connection) => new ToolHost({ connection, tools, isOwnServer: true }),
    ended: () => server.exited.then((exit) => exitError(server, exit)),
  });
}

/** Rejects with `UnsupportedEndpointError` when the server cannot keep to `maxDirectories`. */
async function selectApi(
  client: OpencodeClient,
  version: string,
  { maxDirectories }: StartOptions,
): Promise<SelectedApi> {
  const selected = await apiOfRelease(client, version);
  const most = maxDirectories ?? Number.POSITIVE_INFINITY;
  if (selected.apiOf(client).capabilities.disposesDirectories || most === Number.POSITIVE_INFINITY) return selected;
  throw new UnsupportedEndpointError("maxDirectories: opencode 2.x cannot unload one directory", {
    hint: "Leave the option out, and restart the server when it has loaded too many.",
  });
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
