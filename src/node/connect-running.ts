/** `createOpencode()` with a `baseUrl`: the connection to a server that runs, on this machine or another. */
import { connectOpencode } from "../connect.js";
import { endedAt, keptAt, whenEnded } from "../daemon/exit-reason.js";
import { APIConnectionError } from "../errors/index.js";
import type { Opencode } from "../opencode.js";
import type { Connection } from "../session/context.js";
import type { TurnDefaults } from "../session/turn-options.js";
import type { ConnectOptions, Tool } from "../types/index.js";
import { existingConfigFiles } from "./config-files.js";
import { intentsOf } from "./kept-intents.js";
import { localPermissionContext } from "./permission-context.js";
import { ToolHost } from "./tools/tool-host.js";

/** Connects. A kept server that has ended tells why. `tools` are for all sessions. */
export async function connectRunning(
  options: ConnectOptions & TurnDefaults,
  tools: readonly Tool[],
): Promise<Opencode> {
  const hostTools = (connection: Connection) => new ToolHost({ connection, tools, isOwnServer: false });
  const isLocal = isLocalUrl(options.baseUrl);
  const port = isLocal ? Number(new URL(options.baseUrl).port) : 0;
  const kept = isLocal ? await keptAt(port) : undefined;
  return connectOpencode(options, {
    // The files of a server on another machine are not ours to look for.
    configFiles: isLocal ? existingConfigFiles : undefined,
    ended: kept === undefined ? undefined : (lifetime) => whenEnded(kept, lifetime),
    intents: kept && intentsOf(kept),
    permissionContext: localPermissionContext,
    hostTools,
  }).catch((error: unknown) => {
    throw (isLocal && error instanceof APIConnectionError ? endedAt(port) : undefined) ?? error;
  });
}

function isLocalUrl(baseUrl: string): boolean {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
  return /^(127\.|localhost$|\[::1\]$)/.test(host);
}
