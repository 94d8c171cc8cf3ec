/** MCP servers of 2.x, added at run time. Not run against a real 2.1. */
import { backoff } from "../../util/backoff.js";
import { delay } from "../../util/delay.js";
import { property, recordProperty, stringProperty } from "../../util/json.js";
import type { McpApi, McpConfig } from "../agent-api.js";
import type { ApiCall } from "../inputs.js";
import { given } from "../v1/given-fields.js";
import { requireThing } from "./missing.js";
import { firstPath, locationList, locationQuery, type Wire } from "./wire.js";

/** Between two looks at a server that connects, in ms. */
const firstWait = 50;
const longestWait = 1_000;
/** For a server that connects, in ms. */
const longestConnect = 60_000;

/** The MCP servers of the client's directory. */
export function mcpV2(wire: Wire): McpApi {
  const { client, dialect } = wire;
  const request = async (method: string, name: string, rest: string, call?: ApiCall, body?: unknown): Promise<void> => {
    requireThing(dialect, "mcp");
    const options = { ...call, ...locationQuery(wire, call), ...(body === undefined ? {} : { body }) };
    await firstPath(dialect.mcp, (path) =>
      client.request(method, `${path}/${encodeURIComponent(name)}${rest}`, options),
    );
  };
  return {
    statuses: (call) => statuses(wire, call),
    add: async (name, config, call) => {
      await request("PUT", name, "", call, { config: serverConfig(config) });
      return whenConnected(wire, name, call);
    },
    connect: async (name, call) => {
      await request("POST", name, "/connect", call);
      await whenConnected(wire, name, call);
    },
    remove: (name, call) => request("DELETE", name, "", call),
    disconnect: (name, call) => request("POST", name, "/disconnect", call),
  };
}

/** By name. None where there are none. */
async function statuses(wire: Wire, call: ApiCall | undefined): Promise<Record<string, unknown>> {
  requireThing(wire.dialect, "mcp");
  const list = await locationList(wire, "/api/mcp", call);
  return Object.fromEntries(list.map((one) => [stringProperty(one, "name") ?? "", property(one, "status")]));
}

/** The server connects by itself, beside the request. */
async function whenConnected(wire: Wire, name: string, call: ApiCall | undefined): Promise<Record<string, unknown>> {
  const nextWait = backoff(firstWait, longestWait);
  const began = Date.now();
  for (;;) {
    const all = await statuses(wire, call);
    const status = stringProperty(recordProperty(all, name), "status");
    if ((status !== undefined && status !== "pending") || Date.now() - began >= longestConnect) return all;
    await delay(nextWait(), call?.signal);
  }
}

/** With `codemode`, which is its default, the model sees one tool that runs programs instead of the server's own. */
export function serverConfig(config: McpConfig): object {
  const { timeout, enabled } = config;
  const common = given({
    disabled: enabled === false ? true : undefined,
    codemode: false,
    timeout: timeout === undefined ? undefined : { startup: timeout, catalog: timeout, execution: timeout },
  });
  if (config.type === "remote") {
    const { type, url, headers, oauth } = config;
    return { type, url, ...given({ headers, oauth }), ...common };
  }
  const { type, command, cwd, environment } = config;
  return { type, command, ...given({ cwd, environment }), ...common };
}
