/** What readers of messages and events ask a 2.x server about sessions. */
import type { OpencodeClient } from "../../client/client.js";
import { APIResponseValidationError, APIStatusError } from "../../errors/index.js";
import { type JsonRecord, recordProperty, stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { ledgerOf } from "./ledger.js";
import type { SessionPlace } from "./message-place.js";
import { below, locationQuery, plainDirectory } from "./wire.js";

/** The sessions in which something runs, in all directories. */
export async function readActive(client: OpencodeClient, call?: ApiCall): Promise<ReadonlySet<string>> {
  const { data } = await client.request("GET", "/api/session/active", call);
  const sessions = recordProperty(data, "data");
  if (sessions === undefined) throw new APIResponseValidationError("GET /api/session/active: no object in `data`");
  return new Set(Object.keys(sessions));
}

/** The session as the server describes it. */
export async function readSession(client: OpencodeClient, sessionId: string, call?: ApiCall): Promise<JsonRecord> {
  const { data } = await client.request("GET", below(sessionId), call);
  return recordProperty(data, "data") ?? {};
}

/** The directory of a client as the server names it, the root of its project, and the prices of its models. */
export type Place = Pick<SessionPlace, "cwd" | "root" | "prices">;

/** Asks once, and again after a failure. A server that cannot open the directory leaves it as the client names it. */
export function createPlaceReader(client: OpencodeClient): (call?: ApiCall) => Promise<Place> {
  const named = client.directory === undefined ? undefined : plainDirectory(client.directory);
  const { prices } = ledgerOf(client);
  let known: Place | undefined;
  return async (call) => {
    if (known !== undefined) return known;
    try {
      const { data } = await client.request("GET", "/api/location", { ...call, ...locationQuery({ client }) });
      const cwd = stringProperty(data, "directory") ?? named ?? "";
      const root = stringProperty(recordProperty(data, "project"), "directory") ?? cwd;
      known = { cwd, root, prices };
      return known;
    } catch (error) {
      if (!(error instanceof APIStatusError) || error.status < 500 || named === undefined) throw error;
      return { cwd: named, root: named, prices };
    }
  };
}
