/** One connection through the proxy: requests one way, answers the other, and what is done to them. */
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { delay } from "../../src/util/delay.js";
import type { FaultKind, Place, RequestFault } from "./faults.js";
import { type Head, HttpFraming, type Segment } from "./http-framing.js";
import { readRequestLine, type SeenRequest } from "./routes.js";

/** What a link needs from its proxy. */
export interface LinkOptions {
  readonly client: Socket;
  readonly target: { readonly host: string; readonly port: number };
  /** The fault of a request that has just begun. */
  readonly draw: (request: SeenRequest) => RequestFault;
  readonly happened: (kind: FaultKind, request: SeenRequest) => void;
  /** A request or an answer has begun. */
  readonly traffic: (request: SeenRequest, what: string) => void;
  readonly closed: () => void;
}

/** One request and its answer. */
interface Exchange {
  readonly request: SeenRequest;
  readonly fault: RequestFault;
  /** Bytes of the answer that have been passed on. */
  sent: number;
  /** Where the fault strikes, once the answer's length is known. */
  strikesAt: number | undefined;
  hasStruck: boolean;
}

/** A half-open connection is left to the server for so long (ms). */
const halfOpenLimit = 30_000;
/** So many bytes of an answer come one by one. */
const dripped = 1_500;

/** Carries bytes until one side ends, or a fault does. */
export class Link {
  readonly #options: LinkOptions;
  readonly #client: Socket;
  readonly #exchanges: Exchange[] = [];
  readonly #end = new AbortController();
  #upstream: Socket | undefined;
  /** The client's side is gone; the server's is still listened to. */
  #isHalfOpen = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#client.setNoDelay(true);
    this.#client.on("error", () => {}); // told to the loop that reads, too
    this.#carry(this.#client, new HttpFraming(), (segment) => this.#request(segment));
  }

  /** Ends both sides: the client's by a reset, unless `isClean`. */
  destroy(isClean = false): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort(new Error("the connection was cut"));
    if (isClean) this.#client.end();
    else if (!this.#client.destroyed) this.#client.resetAndDestroy();
    // What was given to `end()` still leaves; a reset would throw it away.
    if (isClean) this.#client.destroySoon();
    this.#upstream?.destroy();
    this.#options.closed();
  }

  /** Passes what comes from `source` on, piece by piece, no faster than the other side takes it. */
  #carry(source: Socket, framing: HttpFraming, take: (segment: Segment) => Promise<void>): void {
    const run = async (): Promise<void> => {
      for await (const chunk of source) {
        for (const segment of framing.push(chunk as Buffer)) await take(segment); // no encoding is set: always a Buffer
        if (this.#end.signal.aborted) return;
      }
    };
    // A socket that breaks, or bytes that are no HTTP: the end of this connection, as at any proxy.
    const over = (isClean: boolean): void => {
      if (!(this.#isHalfOpen && source === this.#client)) this.destroy(isClean);
    };
    run().then(
      () => over(true),
      () => over(false),
    );
  }

  // ---- requests

  async #request({ bytes, head, isEnd }: Segment): Promise<void> {
    if (head !== undefined) this.#begin(head);
    const exchange = this.#exchanges.at(-1);
    if (exchange === undefined || this.#end.signal.aborted) return;
    const { fault } = exchange;
    if (head !== undefined) {
      if (fault.kind === "cut before the request") return this.#strike(exchange, () => this.destroy());
      if (fault.kind === "late request") {
        this.#strike(exchange);
        await delay(fault.wait, this.#end.signal);
      }
    }
    if (fault.kind === "gateway error") {
      if (isEnd) await this.#answerItself(exchange, fault.status);
      return;
    }
    // A request without a body is cut inside its head.
    if (fault.kind === "cut inside the request" && (head === undefined || isEnd)) {
      await this.#toServer(bytes.subarray(0, Math.floor(bytes.length * fault.share)));
      return this.#strike(exchange, () => this.destroy());
    }
    await this.#toServer(bytes);
    if (isEnd && fault.kind === "half-open") this.#strike(exchange, () => this.#leaveHalfOpen());
  }

  #begin({ line }: Head): void {
    const request = readRequestLine(line);
    const fault = this.#options.draw(request);
    this.#options.traffic(request, "asked");
    this.#exchanges.push({ request, fault, sent: 0, strikesAt: undefined, hasStruck: false });
  }

  /** Counts the fault of an exchange, once, and does it. */
  #strike(exchange: Exchange, act: () => void = () => {}): void {
    if (!exchange.hasStruck && exchange.fault.kind !== "none") {
      exchange.hasStruck = true;
      this.#options.happened(exchange.fault.kind, exchange.request);
    }
    act();
  }

  #leaveHalfOpen(): void {
    this.#isHalfOpen = true;
    this.#client.destroy();
    const timer = setTimeout(() => this.destroy(), halfOpenLimit);
    this.#end.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  /** Answers in the server's place, as gateways do. */
  async #answerItself(exchange: Exchange, status: number): Promise<void> {
    this.#strike(exchange);
    const index = this.#exchanges.indexOf(exchange);
    if (index >= 0) this.#exchanges.splice(index, 1);
    await this.#toClient(gatewayAnswer(status));
  }

  // ---- answers

  async #answer(segment: Segment): Promise<void> {
    const { bytes, head, isEnd } = segment;
    const exchange = this.#exchanges[0];
    if (exchange === undefined || this.#end.signal.aborted) return;
    const { fault } = exchange;
    if (isEnd) this.#exchanges.shift();
    if (head !== undefined) this.#options.traffic(exchange.request, head.line.replace(/^HTTP\/\S+ /, ""));
    if (this.#isHalfOpen) {
      if (isEnd) this.destroy();
      return;
    }
    if (head !== undefined) exchange.strikesAt = strikesAt(fault, head, bytes.length);
    if (fault.kind === "answer lost") return this.#strike(exchange, () => this.destroy());
    if (fault.kind === "gateway error, request passed") {
      if (isEnd) await this.#answerItself(exchange, fault.status);
      return;
    }
    if (fault.kind === "late answer" && head !== undefined) {
      this.#strike(exchange);
      await delay(fault.wait, this.#end.signal);
    }
    await this.#deliver(exchange, segment);
  }

  async #deliver(exchange: Exchange, { bytes, isBoundary }: Segment): Promise<void> {
    const { fault } = exchange;
    const before = exchange.sent;
    exchange.sent += bytes.length;
    if (fault.kind === "slow drip" && before < dripped) {
      this.#strike(exchange);
      return this.#drip(bytes);
    }
    const limit = exchange.strikesAt;
    if (limit === undefined || exchange.sent <= limit) return this.#toClient(bytes);
    const first = bytes.subarray(0, Math.max(0, limit - before));
    switch (fault.kind) {
      case "answer cut":
        await this.#toClient(first);
        return this.#strike(exchange, () => this.destroy());
      case "answer ended early":
        return this.#endEarly(exchange, bytes, isBoundary, first);
      case "fell silent":
        if (!exchange.hasStruck) await this.#toClient(first);
        return this.#strike(exchange);
      case "garbage":
        if (exchange.hasStruck) return this.#toClient(bytes);
        this.#strike(exchange);
        return this.#toClient(Buffer.concat([first, fault.bytes, bytes.subarray(first.length)]));
      default:
        return this.#toClient(bytes);
    }
  }

  /** A chunked answer ends as if it were complete, between two chunks; any other one by the end of the connection. */
  async #endEarly(exchange: Exchange, bytes: Buffer, isBoundary: boolean, first: Buffer): Promise<void> {
    const isStream = exchange.request.route === "events";
    if (isStream && !isBoundary) return this.#toClient(bytes);
    await this.#toClient(isStream ? Buffer.concat([bytes, Buffer.from("0\r\n\r\n")]) : first);
    this.#strike(exchange, () => this.destroy(true));
  }

  async #drip(bytes: Buffer): Promise<void> {
    for (let index = 0; index < bytes.length; index += 1) {
      if (index >= dripped) return this.#toClient(bytes.subarray(index));
      await this.#toClient(bytes.subarray(index, index + 1));
      await nextTurn();
    }
  }

  // ---- sockets

  #toClient(bytes: Buffer): Promise<void> {
    return this.#write(this.#client, bytes);
  }

  #toServer(bytes: Buffer): Promise<void> {
    return this.#write(this.#upstream ?? this.#connect(), bytes);
  }

  #connect(): Socket {
    const { target, happened } = this.#options;
    const upstream = connect(target.port, target.host);
    this.#upstream = upstream;
    upstream.setNoDelay(true);
    upstream.on("error", () => {
      const waiting = this.#exchanges[0];
      if (waiting !== undefined && !this.#end.signal.aborted) happened("server away", waiting.request);
      this.destroy();
    });
    this.#carry(upstream, new HttpFraming(mayHaveBody), (segment) => this.#answer(segment));
    return upstream;
  }

  /** Resolves when more may be written; never waits for a socket that is gone. */
  async #write(socket: Socket, bytes: Buffer): Promise<void> {
    if (bytes.length === 0 || socket.destroyed || this.#end.signal.aborted) return;
    if (socket.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        socket.off("drain", go).off("close", go);
        resolve();
      };
      socket.on("drain", go).on("close", go);
    });
  }
}

/** Answers with these status codes have no body (RFC 9112, section 6.3). */
function mayHaveBody({ line }: Head): boolean {
  return !/^HTTP\/1\.[01] (?:1\d\d|204|304)/.test(line);
}

function strikesAt(fault: RequestFault, head: Head, headLength: number): number | undefined {
  if (!("at" in fault)) return undefined;
  const { share, bytes }: Place = fault.at;
  const length = head.fields.get("content-length");
  if (length === undefined) return bytes;
  return Math.floor((headLength + Number(length) - 1) * share);
}

/** The answer of a gateway that does not reach the server. */
export function gatewayAnswer(status: number): Buffer {
  const body = `<html><body><h1>${status} from the gateway</h1></body></html>`;
  return Buffer.from(
    `HTTP/1.1 ${status} Gateway\r\ncontent-type: text/html\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
