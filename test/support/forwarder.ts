/** An HTTP server in front of a real one, which answers some requests itself. */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers a request, or gives `false`: then it is passed on. `count` is 1 for the first of this method and path. */
export type Tamper = (incoming: IncomingMessage, response: ServerResponse, count: number) => boolean;

export interface Forwarder extends AsyncDisposable {
  readonly url: string;
  /** `"GET /path"` of all requests, without their queries. */
  readonly lines: readonly string[];
}

/** Listens on a free loopback port. */
export async function startForwarder(target: string, tamper: Tamper): Promise<Forwarder> {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  const server = createServer((incoming, response) => {
    const line = `${incoming.method} ${incoming.url?.split("?", 1).join("")}`;
    lines.push(line);
    const count = (counts.get(line) ?? 0) + 1;
    counts.set(line, count);
    if (tamper(incoming, response, count)) return;
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? "/", target), { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a pipe's name
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
