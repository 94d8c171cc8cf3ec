/**
 * What is checked of every request before anything else looks at it. Pure.
 *
 * `Host` keeps out a web page whose name was made to point at this machine (DNS rebinding); `Origin` and `Sec-Fetch-Site`
 * keep out requests that other pages make; the page's own header, which no other page can send without a preflight that is
 * never answered, does the same for browsers that send neither.
 */
import type { IncomingHttpHeaders } from "node:http";

/** Sent by the page with every request to the agent. */
export const pageHeader = "x-opencode-web";

/** What the guard looks at. */
export interface GuardedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** All header lines, to see what is there twice. */
  readonly rawHeaders: readonly string[];
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** The refusal of a request that is not this page's own; `undefined` for one that is. */
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

/** The refusal of a request to the agent that the page has not made. */
export function agentRefusalOf({ headers, method }: GuardedRequest): Refusal | undefined {
  const isOurs = headers[pageHeader] === "1" && headers["sec-fetch-site"] !== "none";
  // Every browser sends `Origin` with what changes something (Fetch standard, "append a request Origin header").
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

/** The value of a cookie; `undefined` when it is not there, or there twice: one of them may have been planted. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const values = (header ?? "").split(";").flatMap((pair) => {
    const [key = "", ...value] = pair.trim().split("=");
    return key === name ? [value.join("=")] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}
