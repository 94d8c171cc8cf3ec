/** A connection, narrowed to one directory: its events, its lists, and reads that all turns share. */
import type { AgentApi } from "../api/agent-api.js";
import type { OpencodeClient } from "../client/client.js";
import { sharedRead } from "../client/shared-read.js";
import { ConfigError } from "../errors/index.js";
import { EventHub } from "../events/event-hub.js";
import { isAbsolute } from "../permissions/paths/normalize.js";
import { Catalog } from "./catalog.js";
import type { DirectoryContext } from "./context.js";

/** Makes the context of the directory that `client` and `api` are bound to. `lifetime` ends its reads. */
export function directoryContext(client: OpencodeClient, api: AgentApi, lifetime: AbortSignal): DirectoryContext {
  return {
    client,
    api,
    hub: new EventHub(api),
    names: new Catalog(api, lifetime),
    status: sharedRead((call) => api.sessions.statuses(call), lifetime, api.liveness),
    permissions: sharedRead((call) => api.requests.permissions(call), lifetime, api.liveness),
    questions: sharedRead((call) => api.requests.questions(call), lifetime, api.liveness),
  };
}

/** Checks a directory of a server that is not ours: nothing here knows the folder that a relative path counts from. */
export function requireAbsolute(directory: string): string {
  if (typeof directory === "string" && isAbsolute(directory)) return directory;
  throw new ConfigError(
    `directory must be an absolute path of the server's machine; got ${JSON.stringify(directory)}`,
    {
      hint: "A relative one would count from the server's own folder.",
    },
  );
}
