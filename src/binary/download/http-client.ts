/** Sends GET requests by the runtime's own HTTP, and through the proxy of an environment. */
import { type Agent, type IncomingMessage, get as plainGet } from "node:http";
import { get as secureGet } from "node:https";
import { ConfigError } from "../../errors/index.js";
import type { Environment } from "../../process/unsafe-environment.js";
import { proxyOf } from "./proxy.js";

export interface HttpClient {
  /** Resolves with an answer whose body has not been read. */
  send(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage>;
  /** Ends what is open. */
  close(): void;
}

/** Node 20's `fetch` supports no proxy, so this is not `fetch`. @throws {ConfigError} for a proxy whose address is none. */
export async function openClient(env: Environment): Promise<HttpClient> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  // Every address is checked now: a wrong one must not wait for the first request that needs it.
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) addressOf(env[name.toLowerCase()] || env[name] || "");
  const agents = new Map<string, Agent>();
  const agentFor = (url: URL): Agent | undefined => {
    const proxy = proxyOf(url, env);
    if (proxy === undefined) return undefined;
    const known = agents.get(proxy);
    const agent = known ?? new HttpsProxyAgent(addressOf(proxy) ?? proxy);
    agents.set(proxy, agent);
    return agent;
  };
  const open = new Set<{ destroy(): unknown }>();
  return {
    send: (url, headers, signal) =>
      new Promise((resolve, reject) => {
        const get = url.protocol === "https:" ? secureGet : plainGet;
        const request = get(url, { headers, signal, agent: agentFor(url) ?? false }, resolve);
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

function addressOf(proxy: string): URL | undefined {
  if (proxy === "") return undefined;
  const address = proxy.includes("://") ? proxy : `http://${proxy}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address);
  // The address is not quoted: it may hold a password.
  throw new ConfigError("The variable HTTPS_PROXY or HTTP_PROXY is not the address of a proxy.", {
    hint: "It looks like this: http://proxy.example:8080",
  });
}
