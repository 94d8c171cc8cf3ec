/** Sends GET requests by the runtime's own HTTP, and through the proxy of an environment. */
import { type Agent, type IncomingMessage, get as plainGet } from "node:http";
import { get as secureGet } from "node:https";
import type { Environment } from "../../process/unsafe-environment.js";
import { readProxies } from "./proxy.js";

export interface HttpClient {
  /** Resolves with an answer whose body has not been read. */
  send(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage>;
  /** Ends what is open. */
  close(): void;
}

/** Node 20's `fetch` supports no proxy, so this is not `fetch`. @throws {ConfigError} for a proxy whose address is none. */
export async function openClient(env: Environment): Promise<HttpClient> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  const proxyOf = readProxies(env);
  const agents = new Map<URL, Agent>();
  const agentFor = (url: URL): Agent | false => {
    const proxy = proxyOf(url);
    if (proxy === undefined) return false;
    const agent = agents.get(proxy) ?? new HttpsProxyAgent(proxy);
    agents.set(proxy, agent);
    return agent;
  };
  const open = new Set<{ destroy(): unknown }>();
  return {
    send: (url, headers, signal) =>
      new Promise((resolve, reject) => {
        const get = url.protocol === "https:" ? secureGet : plainGet;
        const request = get(url, { headers, signal, agent: agentFor(url) }, resolve);
        open.add(request);
        request.once("close", () => open.delete(request));
        request.on("error", reject);
        // The library hands a refusal of the proxy on as the answer of the other side.
        request.once("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
          if (statusCode !== 200) request.destroy(new Error(`the proxy answers ${statusCode}`));
        });
      }),
    close: () => {
      for (const request of open) request.destroy();
      for (const agent of agents.values()) agent.destroy();
    },
  };
}
