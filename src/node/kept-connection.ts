/** The connection to a kept server. Its `close()` does not end the server. */
import { whenEnded } from "../daemon/exit-reason.js";
import type { KeptFound } from "../daemon/find.js";
import { clientOf } from "../daemon/verify.js";
import { Opencode } from "../opencode.js";
import type { ConversationOptions } from "../types/kept.js";
import { defaults } from "../types/options.js";
import { existingConfigFiles } from "./config-files.js";
import { localPermissionContext } from "./permission-context.js";

/** Connects without a request. */
export function connectKept(found: KeptFound, options: ConversationOptions): Opencode {
  const client = clientOf(found.entry, options);
  client.liveness.beat(); // it has just answered the health request
  const { reconnectTimeout } = defaults;
  return new Opencode({
    client,
    server: undefined,
    defaults: {},
    reconnectTimeout,
    ended: (lifetime) => whenEnded(found, lifetime),
    permissionContext: localPermissionContext,
    configFiles: existingConfigFiles,
  });
}
