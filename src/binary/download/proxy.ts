/** Which proxy an address is reached through, by the variables that programs have in common. Pure. */
import type { Environment } from "../../process/unsafe-environment.js";
import { isLoopback } from "../../util/loopback.js";

/** The text of `HTTPS_PROXY` or `HTTP_PROXY`; `undefined` for none, and for a server on this machine. */
export function proxyOf(url: URL, env: Environment): string | undefined {
  const setting = (name: string): string => env[name.toLowerCase()] || env[name] || "";
  if (isLoopback(url) || isExcepted(url, setting("NO_PROXY"))) return undefined;
  return setting(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") || undefined;
}

/** `host`, `host:port`, `.domain`, `*.domain`, or `*`, with commas or spaces between them. */
function isExcepted(url: URL, exceptions: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .some((exception) => {
      if (exception === "*") return true;
      const [, name = "", ofPort] = /^(.*?)(?::(\d+))?$/.exec(exception) ?? [];
      if (name === "" || (ofPort !== undefined && ofPort !== port)) return false;
      return /^[.*]/.test(name) ? host.endsWith(name.replace(/^\*/, "")) : host === name;
    });
}
