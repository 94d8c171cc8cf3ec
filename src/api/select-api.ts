/** From a server to the implementation of its protocol. */
import { checkProtocol, protocolOf } from "../binary/version.js";
import type { OpencodeClient } from "../client/client.js";
import type { Protocol } from "../types/protocol.js";
import type { AgentApi } from "./agent-api.js";
import { identify, requireProtocol, type ServerIdentity } from "./protocol.js";
import { apiV1 } from "./v1/api.js";

export type { ServerIdentity };
export { apiV1 };

/** Makes the `AgentApi` of a client, which is bound to a directory. */
export type ApiOf = (client: OpencodeClient) => AgentApi;

/** A server, and how it is spoken to. */
export interface SelectedApi {
  readonly identity: ServerIdentity;
  readonly apiOf: ApiOf;
}

/**
 * The implementation for a server that is not known. Throws also as {@link identify} and {@link requireProtocol}.
 * @throws {ConfigError} for another option `protocol` than "auto", "v1" and "v2", before any request.
 */
export async function selectApi(client: OpencodeClient, given?: Protocol | "auto"): Promise<SelectedApi> {
  const wanted = checkProtocol(given);
  const identity = await identify(client);
  requireProtocol(client, identity, wanted);
  return { identity, apiOf: await apiFor(identity) };
}

/** The same for a server whose binary has said its release. Of 1.x no request is made. */
export async function apiOfRelease(client: OpencodeClient, version: string): Promise<SelectedApi> {
  if (protocolOf(version) === "v2") return selectApi(client, "v2");
  return { identity: { protocol: "v1", version }, apiOf: apiV1 };
}

/** That of 2.x loads with the first server of 2.x. */
async function apiFor({ protocol, dialect = "2.1" }: ServerIdentity): Promise<ApiOf> {
  if (protocol === "v1") return apiV1;
  const { apiV2 } = await import("./v2/api.js");
  return (client) => apiV2(client, dialect);
}
