/** `createOpencode` for Node: starts a server, or connects to one. */
import { createOpencodeClient } from "../client/client.js";
import { connectOpencode, seedDefaults } from "../connect.js";
import { ConfigError, ServerExitedError } from "../errors.js";
import { Opencode } from "../opencode.js";
import { createOpencodeServer } from "../server/server.js";
import { type ConnectOptions, defaults, type StartOptions, type TurnOptions } from "../types/options.js";
import type { OpencodeServer } from "../types/server.js";
import { existingConfigFiles } from "./config-files.js";

/** Turn options that hold for every turn that does not say otherwise. */
export type TurnDefaultOptions = Omit<TurnOptions<unknown>, "signal" | "schema">;

/** What `createOpencode` takes: `baseUrl` to connect, everything else to start. */
export type OpencodeOptions = (StartOptions | ConnectOptions) & TurnDefaultOptions;

/**
 * With `baseUrl`: connects to a running server, checks its health and release, and never ends it. Without: finds the
 * agent's binary, starts a server, and ends it with `close()`. Throws `ConfigError`, and what `createOpencodeServer` or
 * the health check throws.
 */
export async function createOpencode(options: OpencodeOptions = {}): Promise<Opencode> {
  if (isConnect(options)) return connectOpencode(options, { configFiles: localConfigFiles(options.baseUrl) });
  const server = await createOpencodeServer(options);
  try {
    return startedOpencode(server, options);
  } catch (error) {
    await server.close();
    throw error;
  }
}

function startedOpencode(server: OpencodeServer, options: StartOptions & TurnDefaultOptions): Opencode {
  const { url: baseUrl, username, password, directory } = server;
  const { workspace, headers, fetch, logger, logLevel, maxRetries, requestTimeout: timeout } = options;
  const client = createOpencodeClient({
    baseUrl,
    username,
    password,
    directory,
    workspace,
    headers,
    fetch,
    logger,
    logLevel,
    maxRetries,
    timeout,
  });
  return new Opencode({
    client,
    server,
    defaults: seedDefaults(options),
    reconnectTimeout: options.reconnectTimeout ?? defaults.reconnectTimeout,
    configFiles: existingConfigFiles,
    ended: server.exited.then(
      ({ exitCode, signal }) =>
        new ServerExitedError(`the opencode server has ended (${signal === null ? `exit code ${exitCode}` : signal})`, {
          exitCode,
          signal,
          tail: server.outputTail(),
        }),
    ),
  });
}

function isConnect(options: OpencodeOptions): options is ConnectOptions & TurnDefaultOptions {
  const baseUrl: unknown = options.baseUrl;
  if (baseUrl !== undefined && typeof baseUrl !== "string")
    throw new ConfigError(`baseUrl must be a URL as a text; got ${typeof baseUrl}`);
  return baseUrl !== undefined;
}

/** The files of a server on another machine are not ours to look for. */
function localConfigFiles(baseUrl: string): typeof existingConfigFiles | undefined {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
  return /^(127\.|localhost$|\[::1\]$)/.test(host) ? existingConfigFiles : undefined;
}
