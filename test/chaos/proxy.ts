/** A real TCP proxy between client and server that keeps breaking things. */
import { createServer, type Server, type Socket } from "node:net";
import { delay } from "../../src/util/delay.js";
import type { FaultLog } from "./fault-log.js";
import type { RequestFault } from "./faults.js";
import { Link } from "./link.js";
import type { SeenRequest } from "./routes.js";

/** What it stands in front of, and where its faults come from. */
export interface ChaosProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly draw: (request: SeenRequest) => RequestFault;
  readonly log: FaultLog;
}

/** A running proxy. It passes everything on unharmed until it is told to break things. */
export interface ChaosProxy extends AsyncDisposable {
  readonly url: string;
  /** From now on requests meet their faults, or (`false`) no longer do. */
  breakThings(on: boolean): void;
  /** Answers every new request itself, with 502 to 504, for `ms`. */
  gatewayDown(ms: number): Promise<void>;
  /** Closes the listener and all connections, and listens again after `ms`. */
  refuse(ms: number): Promise<void>;
}

/** Listens on a free port of loopback. */
export async function startChaosProxy(options: ChaosProxyOptions): Promise<ChaosProxy> {
  const proxy = new BreakingProxy(options);
  await proxy.listen(0);
  return proxy;
}

const host = "127.0.0.1";

class BreakingProxy implements ChaosProxy {
  readonly #options: ChaosProxyOptions;
  readonly #links = new Set<Link>();
  readonly #closing = new AbortController();
  #server: Server | undefined;
  #port = 0;
  #breaks = false;
  #gatewaysDown = 0;

  constructor(options: ChaosProxyOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://${host}:${this.#port}`;
  }

  breakThings(on: boolean): void {
    this.#breaks = on;
  }

  async gatewayDown(ms: number): Promise<void> {
    const outage = this.#options.log.outage("gateway down");
    this.#gatewaysDown += 1;
    await this.#wait(ms);
    this.#gatewaysDown -= 1;
    outage.until = Date.now();
  }

  async refuse(ms: number): Promise<void> {
    if (this.#server === undefined) return; // it is refusing already
    const outage = this.#options.log.outage("connections refused");
    await this.#stopListening();
    await this.#wait(ms);
    // The port may have been lent to an outgoing connection meanwhile: that one ends sooner or later.
    while (!this.#closing.signal.aborted) {
      try {
        await this.listen(this.#port);
        break;
      } catch {
        await this.#wait(50);
      }
    }
    outage.until = Date.now();
  }

  async listen(port: number): Promise<void> {
    const server = createServer((client) => this.#accept(client));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    this.#port = address.port;
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("the proxy is closed"));
    await this.#stopListening();
  }

  #accept(client: Socket): void {
    const { target, log } = this.#options;
    const link = new Link({
      client,
      target,
      draw: (request) => this.#draw(request),
      happened: (kind, request) => log.request(kind, request),
      traffic: (request, what) => log.traffic(request, what),
      closed: () => this.#links.delete(link),
    });
    this.#links.add(link);
  }

  #draw(request: SeenRequest): RequestFault {
    if (this.#gatewaysDown > 0) return { kind: "gateway error", status: 503 };
    return this.#breaks ? this.#options.draw(request) : { kind: "none" };
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const link of [...this.#links]) link.destroy();
    if (server === undefined) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Ends early when the proxy is closed. */
  async #wait(ms: number): Promise<void> {
    await delay(ms, this.#closing.signal).catch(() => {}); // closed: whoever waited looks for itself
  }
}
