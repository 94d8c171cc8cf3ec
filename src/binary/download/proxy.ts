/** Which proxy an address is reached through, by the variables that programs have in common. Pure. */
import { ConfigError } from "../../errors/index.js";
import type { Environment } from "../../process/unsafe-environment.js";
import { isLoopback } from "../../util/loopback.js";

/** Gives the proxy of an address; `undefined` for none, and for a server on this machine. */
export type ProxyOf = (url: URL) => URL | undefined;

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. The same names in small letters come first.
 * @throws {ConfigError} for a proxy whose address is none, before any request needs the proxy.
 */
export function readProxies(env: Environment): ProxyOf {
  const setting = (name: string): string => env[name.toLowerCase()] || env[name] || "";
  const secure = addressOf(setting("HTTPS_PROXY"));
  const plain = addressOf(setting("HTTP_PROXY"));
  const exceptions = setting("NO_PROXY")
    .toLowerCase()
    .split(/[\s,]+/);
  return (url) => {
    if (isLoopback(url) || exceptions.some((exception) => covers(exception, url))) return undefined;
    return url.protocol === "https:" ? secure : plain;
  };
}

/** An exception is `host`, `host:port`, `.domain`, `*.domain`, or `*`. */
function covers(exception: string, url: URL): boolean {
  if (exception === "*") return true;
  const [, name = "", port] = /^(.*?)(?::(\d+))?$/.exec(exception) ?? [];
  if (name === "") return false;
  if (port !== undefined && port !== (url.port || (url.protocol === "https:" ? "443" : "80"))) return false;
  const host = url.hostname.toLowerCase();
  return /^[.*]/.test(name) ? host.endsWith(name.replace(/^\*/, "")) : host === name;
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
