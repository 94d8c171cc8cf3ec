/** What a 2.x server offers in a directory. */
import type { Schemas } from "../../types/answer.js";
import { isRecord, type JsonRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import type { CatalogApi } from "../agent-api.js";
import type { ApiCall } from "../inputs.js";
import { toAgent, toCommand, toProviders } from "./catalog-shapes.js";
import { ledgerOf } from "./ledger.js";
import { missingError } from "./missing.js";
import { settledOffers } from "./ready.js";
import { locationList, locationQuery, type Wire } from "./wire.js";

/** The lists of the client's directory. */
export function catalogV2(wire: Wire): CatalogApi {
  const { client, dialect } = wire;
  ledgerOf(client).prices.storesCosts = dialect.storesCosts;
  const location = async (): Promise<unknown> =>
    (await client.request("GET", "/api/location", locationQuery(wire))).data;
  return {
    agents: async (call) => (await settledOffers(wire, call)).agents.flatMap((agent) => toAgent(dialect, agent) ?? []),
    providers: async (call) => {
      const { models, providers } = await settledOffers(wire, call);
      return toProviders(providers, models);
    },
    commands: async (call) => {
      await settledOffers(wire, call); // the list is empty until then
      const [list, config] = [await locationList(wire, "/api/command", call), await configOf(wire, call)];
      const configured = { ...recordProperty(config, "command"), ...recordProperty(config, "commands") };
      return list.flatMap((one) => {
        const known = configured[stringProperty(one, "name") ?? ""];
        return toCommand(one, isRecord(known) ? known : undefined) ?? [];
      });
    },
    toolNames: () => Promise.reject(missingError(dialect, "toolNames")),
    config: async (call) => (await configOf(wire, call)) as Schemas["Config"], // its fields are those of the user's files
    paths: async () => {
      const found = await location();
      const directory = stringProperty(found, "directory") ?? "";
      const worktree = stringProperty(recordProperty(found, "project"), "directory") ?? directory;
      return { directory, worktree, config: "", home: "", state: "" }; // these servers do not tell their own folders
    },
    // Directories without a repository belong to one project of this name (2.0 preview 1.18.18).
    hasVersionControl: async () => {
      const id = stringProperty(recordProperty(await location(), "project"), "id");
      return id !== undefined && id !== "global";
    },
  };
}

/**
 * The documents of the configuration in their order, later ones over earlier ones, in the shape of the files. Empty for the preview, which
 * does not tell it.
 */
async function configOf(wire: Wire, call: ApiCall | undefined): Promise<JsonRecord> {
  const { client, dialect } = wire;
  if (dialect.config === undefined) return {};
  const { data } = await client.request("GET", dialect.config, { ...call, ...locationQuery(wire, call) });
  const list = Array.isArray(data) ? data : property(data, "data");
  const merged: JsonRecord = {};
  for (const document of Array.isArray(list) ? list : []) {
    for (const [key, value] of Object.entries(recordProperty(document, "info") ?? {})) {
      const before = merged[key];
      merged[key] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
    }
  }
  return merged;
}
