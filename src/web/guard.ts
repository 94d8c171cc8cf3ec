/**
 * Checks every request before any other code. Pure.
 *
 * `Host` blocks a web page whose name resolves to this machine (DNS rebinding). `Origin` and `Sec-Fetch-Site` block requests
 * of other pages. The page's own header does the same for browsers that send neither: another page cannot send it without a
 * preflight, which is never answered.
 */
import type { IncomingHttpHeaders } from "node:http";

/** Sent by the page with every request to the agent. */
export const pageHeader = "x-opencode-web";

/** The checked parts of a request. */
export interface GuardedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** All header lines, to detect duplicates. */
  readonly rawHeaders: readonly string[];
}

/** The reason of a rejection. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Rejects a request that is not from this page; `undefined` for an accepted request. */
export function refusalOf(request: GuardedRequest, port: number): Refusal | undefined {
  const { headers, url } = request;
  if (!/^\/[\x21-\x7e]*$/.test(url)) return { status: 400, message: "The address of the request is not a path." };
  if (isRepeated(request, "host") || !isOwnHost(headers.host, port)) {
    return { status: 403, message: `This page is served as http://127.0.0.1:${port}/ only.` };
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`) {
    return { status: 403, message: "Requests of other pages are refused." };
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return {
      status: 403,
      message: "Links from other pages are refused: copy the address into the browser's address bar.",
    };
  }
  return undefined;
}

/** Rejects a request to the agent that is not from the page. */
export function agentRefusalOf({ headers, method }: GuardedRequest): Refusal | undefined {
  const isOurs = headers[pageHeader] === "1" && headers["sec-fetch-site"] !== "none";
  // Every browser sends `Origin` with unsafe methods (Fetch standard, "append a request Origin header").
  if (isOurs && (method === "GET" || headers.origin !== undefined)) return undefined;
  return { status: 403, message: "Only the page itself may talk to the agent." };
}

function isOwnHost(host: string | undefined, port: number): boolean {
  const suffix = port === 80 ? "" : `:${port}`;
  return host === `127.0.0.1${suffix}` || host === `localhost${suffix}`;
}

function isRepeated({ rawHeaders }: GuardedRequest, name: string): boolean {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length > 1;
}

/** The value of a cookie; `undefined` if it is missing or duplicated: one copy may be planted. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const values = (header ?? "").split(";").flatMap((pair) => {
    const [key = "", ...value] = pair.trim().split("=");
    return key === name ? [value.join("=")] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}
