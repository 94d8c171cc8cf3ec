/** How a process comes to its connection: over HTTP in the 1.x protocol, or over an `AgentApi` that makes no request. */
import { createOpencodeClient } from "../../../src/client/client.js";
import { createOpencode, type Logger } from "../../../src/client.js";
import { Opencode } from "../../../src/opencode.js";
import { defaults } from "../../../src/types/options.js";
import type { AtAgent } from "../../support/memory-api.js";
import type { Network } from "../world/network.js";
import { distant } from "../world/seam.js";

/** The implementations of `AgentApi` that a world can run on. */
export const apiNames = ["v1", "memory"] as const;

/** One of {@link apiNames}. */
export type ApiName = (typeof apiNames)[number];

/** Throws for another name. */
export function apiNamed(name: string): ApiName {
  const found = apiNames.find((one) => one === name);
  if (found === undefined) throw new Error(`there is no api "${name}"; there are ${apiNames.join(", ")}`);
  return found;
}

/** Connects a process. */
export type Connect = (
  process: string,
  settings: { readonly baseUrl: string; readonly logger: Logger },
) => Promise<Opencode>;

/** The shipped client, whose requests go over the network. */
export function connectByHttp(network: Network): Connect {
  return (process, { baseUrl, logger }) =>
    createOpencode({ baseUrl, fetch: network.fetchOf(process, baseUrl), logger, logLevel: "debug" });
}

/**
 * The same engine over an `AgentApi`, whose calls go over the network; `api` is the one at the agent's side. Only the question for
 * the server's health is still a request: a changed password is checked by it.
 */
export function connectByApi(network: Network, api: AtAgent, complain: (what: string) => void): Connect {
  return async (process, { baseUrl, logger }) => {
    const fetch = network.fetchOf(process, baseUrl);
    const health: typeof globalThis.fetch = (input, init) => {
      if (String(input) === `${baseUrl}/global/health`) return fetch(input, init);
      complain(`a request was made past the AgentApi: ${String(input)}`);
      throw new TypeError("fetch failed");
    };
    const client = createOpencodeClient({ baseUrl, fetch: health, logger, logLevel: "debug" });
    return new Opencode({
      client,
      server: undefined,
      defaults: {},
      reconnectTimeout: defaults.reconnectTimeout,
      apiOf: (own) => distant({ api, network, process, client: own }),
    });
  };
}
