/** Ports: finding a free one, and telling why one cannot be had. */
import { createServer } from "node:net";
import { ServerStartupError } from "../errors/index.js";

/** How an address reads in a URL: IPv6 in brackets (RFC 3986 section 3.2.2). */
function inUrl(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/** The URL under which a server that listens on `hostname` is reached from here: "all addresses" is none. */
export function baseUrl(hostname: string, port: number): string {
  if (hostname === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (hostname === "::") return `http://[::1]:${port}`;
  return `http://${inUrl(hostname)}:${port}`;
}

/**
 * A port on which nothing listens at this moment, held only for the time of finding it. Another process may be faster:
 * starting the server has to expect that.
 * @param port this one; 0 for any.
 * @throws {ServerStartupError} when it is in use, or the address is none of this machine's.
 */
export function freePort(hostname: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => reject(cannotListen(hostname, port, error)));
    server.listen({ host: hostname, port, exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(found));
    });
  });
}

function cannotListen(hostname: string, port: number, error: NodeJS.ErrnoException): ServerStartupError {
  if (error.code === "EADDRINUSE") return portInUse(hostname, port, { cause: error });
  const address = port === 0 ? hostname : `${inUrl(hostname)}:${port}`;
  const why = error.code === "EACCES" ? "this user may not use that port" : (error.code ?? error.message);
  return new ServerStartupError(`The server cannot listen on ${address}: ${why}.`, {
    cause: error,
    hint: "Give an address of this machine as `hostname`, and a port above 1023 or none.",
  });
}

/** The error for a port that another process has. */
export function portInUse(
  hostname: string,
  port: number,
  facts: { readonly cause?: unknown; readonly exitCode?: number | null; readonly tail?: string } = {},
): ServerStartupError {
  return new ServerStartupError(`Port ${port} on ${hostname} is in use by another process.`, {
    ...facts,
    hint: "Leave the option `port` out to get a free one.",
  });
}
