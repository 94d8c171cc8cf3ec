/** The connection to a kept server. Its `close()` does not end the server. */
import { apiOfRelease } from "../api/select-api.js";
import { whenEnded } from "../daemon/exit-reason.js";
import type { KeptFound } from "../daemon/find.js";
import { clientOf } from "../daemon/verify.js";
import { Opencode } from "../opencode.js";
import type { ConversationOptions } from "../types/kept.js";
import { defaults } from "../types/options.js";
import { existingConfigFiles } from "./config-files.js";
import { intentsOf } from "./kept-intents.js";
import { localPermissionContext } from "./permission-context.js";

/** Connects; to a server of 1.x without a request. */
export async function connectKept(found: KeptFound, options: ConversationOptions): Promise<Opencode> {
  const client = clientOf(found.entry, options);
  client.liveness.beat(); // it has just answered the health request
  const { reconnectTimeout } = defaults;
  return new Opencode({
    ...(await apiOfRelease(client, found.entry.version)),
    client,
    server: undefined,
    defaults: options.onSettled === undefined ? {} : { onSettled: options.onSettled },
    reconnectTimeout,
    ended: (lifetime) => whenEnded(found, lifetime),
    intents: intentsOf(found),
    permissionContext: localPermissionContext,
    configFiles: existingConfigFiles,
  });
}
