/** The 2.x server itself: logins, and what is loaded. */
import { InternalServerError, ProviderAuthError } from "../../errors/index.js";
import { property, stringProperty } from "../../util/json.js";
import type { ServerApi } from "../agent-api.js";
import { ledgerOf } from "./ledger.js";
import { requireThing } from "./missing.js";
import { activeIn } from "./sessions.js";
import { locationQuery, requestRoute, type Wire } from "./wire.js";

/** The server behind the client. */
export function serverV2(wire: Wire): ServerApi {
  const { client, dialect } = wire;
  return {
    setProviderKey: async (providerId, key) => {
      const path = `/api/integration/${encodeURIComponent(providerId)}/connect/key`;
      try {
        await client.request("POST", path, { ...locationQuery(wire), body: { key } });
      } catch (error) {
        // For a provider that only the configuration knows (2.0 preview 1.18.18).
        if (!(error instanceof InternalServerError)) throw error;
        throw new ProviderAuthError(`the server takes no key for the provider "${providerId}"`, {
          cause: error,
          hint: "A provider of the configuration has its key there, as `options.apiKey`.",
        });
      }
    },
    disposeDirectory: async (call) => {
      requireThing(dialect, "disposeDirectory");
      ledgerOf(client).settled.clear();
      if (dialect.reload !== undefined) await requestRoute(wire, dialect.reload, "", undefined, call);
    },
    isDirectoryInUse: async (call) => {
      const query = locationQuery(wire, call);
      const { data } = await client.request("GET", "/api/location", { ...call, ...query });
      const directory = stringProperty(data, "directory") ?? "";
      if (await activeIn(wire, directory, call)) return true;
      const { data: terminals } = await client.request("GET", "/api/pty", { ...call, ...query });
      const list = property(terminals, "data");
      return Array.isArray(list) && list.some((one) => stringProperty(one, "status") === "running");
    },
  };
}
