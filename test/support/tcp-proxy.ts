/** A real TCP proxy in front of a server, which cuts, refuses and delays as told. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface TcpProxy extends AsyncDisposable {
  readonly url: string;
  /** Requests whose first line matches are not passed on: the connection is destroyed. */
  block(pattern: RegExp | undefined): void;
  /** Lets the request through but destroys the connection instead of bringing the answer; this many times. */
  loseAnswers(pattern: RegExp, times: number): void;
  /** Passes matching requests on, but not what is answered to them. */
  swallowAnswers(pattern: RegExp | undefined): void;
  /** Answers matching requests itself, with this status, as a gateway does whose server is away. */
  refuse(pattern: RegExp | undefined, status?: number): void;
  /** Stops listening and drops all connections, as if nothing were there, until the returned function is called. */
  vanish(): Promise<() => Promise<void>>;
  /** Keeps matching requests back until the returned function is called. */
  holdBack(pattern: RegExp): () => void;
  /**
   * Answers the next matching request as a gateway that has lost its server, and brings it to the server when the returned
   * function is called: it resolves to the server's status line.
   */
  postpone(pattern: RegExp): () => Promise<string>;
  /** Destroys all open connections that carry a request whose first line matches. */
  cut(pattern?: RegExp): number;
  /** Request lines in order of arrival. */
  readonly lines: readonly string[];
}

const gatewayError = "HTTP/1.1 502 Away\r\ncontent-length: 4\r\nconnection: close\r\n\r\naway";

/** Head and body, as long as the head says. */
function isWhole(request: Buffer): boolean {
  const end = request.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: *(\d+)/i.exec(request.subarray(0, Math.max(end, 0)).toString("latin1"))?.[1];
  return end >= 0 && request.length >= end + 4 + Number(length ?? 0);
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  line: string;
  loses: boolean;
  isSwallowed: boolean;
}

/** Listens on a free loopback port. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const links = new Set<Link>();
  const lines: string[] = [];
  let blocked: RegExp | undefined;
  let swallowed: RegExp | undefined;
  let held: RegExp | undefined;
  let refused: { pattern: RegExp; status: number } | undefined;
  let postponed: { readonly pattern: RegExp; client?: Socket; request: Buffer } | undefined;
  let waiting: (() => void)[] = [];
  let losing: { pattern: RegExp; times: number } | undefined;
  const destroy = (link: Link): void => {
    link.client.resetAndDestroy();
    link.upstream.destroy();
    links.delete(link);
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const link: Link = { client, upstream, line: "", loses: false, isSwallowed: false };
    links.add(link);
    client.on("data", (chunk) => {
      const line = /^(?:GET|POST|PUT|PATCH|DELETE) \S+/.exec(chunk.toString("latin1"))?.[0];
      if (line !== undefined) {
        link.line = line;
        lines.push(line);
        if (blocked?.test(line) === true) return destroy(link);
        link.loses = losing !== undefined && losing.times > 0 && losing.pattern.test(line);
        if (link.loses && losing !== undefined) losing.times -= 1;
      }
      if (refused?.pattern.test(link.line) === true) {
        client.end(`HTTP/1.1 ${refused.status} Away\r\ncontent-length: 4\r\nconnection: close\r\n\r\naway`);
        return;
      }
      if (
        postponed !== undefined &&
        (postponed.client === client || (postponed.client === undefined && postponed.pattern.test(link.line)))
      ) {
        postponed.client = client;
        postponed.request = Buffer.concat([postponed.request, chunk]);
        if (isWhole(postponed.request)) client.end(gatewayError);
        return;
      }
      link.isSwallowed = swallowed?.test(link.line) === true;
      if (held?.test(link.line) === true) waiting.push(() => upstream.write(chunk));
      else upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (link.loses) destroy(link);
      else if (!link.isSwallowed) client.write(chunk);
    });
    for (const socket of [client, upstream]) {
      socket.on("error", () => destroy(link));
      socket.on("close", () => destroy(link));
    }
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    lines,
    block: (pattern) => {
      blocked = pattern;
    },
    loseAnswers: (pattern, times) => {
      losing = { pattern, times };
    },
    swallowAnswers: (pattern) => {
      swallowed = pattern;
    },
    refuse: (pattern, status = 502) => {
      refused = pattern === undefined ? undefined : { pattern, status };
    },
    vanish: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const link of [...links]) destroy(link);
      });
      return () => listen(address.port);
    },
    holdBack: (pattern) => {
      held = pattern;
      return () => {
        held = undefined;
        for (const pass of waiting) pass();
        waiting = [];
      };
    },
    postpone: (pattern) => {
      const kept = { pattern, request: Buffer.alloc(0) };
      postponed = kept;
      return async () => {
        const socket = connect(Number(port), hostname);
        socket.write(kept.request);
        const [answer] = await once(socket, "data");
        socket.destroy();
        return String(answer).split("\r\n", 1)[0] ?? "";
      };
    },
    cut: (pattern = /./) => {
      const matching = [...links].filter(({ line }) => pattern.test(line));
      for (const link of matching) destroy(link);
      return matching.length;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const link of [...links]) destroy(link);
      }),
  };
}
