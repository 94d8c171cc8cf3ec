/**
 * The network between the processes of a simulated world and their agent: a `fetch` for each process. What happens to a
 * request follows from the seed, the process, the route and how many of the kind came before it, and from nothing else.
 */
import type { VirtualClock } from "./clock.js";
import { Exchange } from "./exchange.js";
import { type Faults, requestFate, streamFate } from "./faults.js";
import { Random } from "./random.js";
import type { Trace } from "./trace.js";

export interface NetworkOptions {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly seed: number;
  readonly faults: Faults;
  /** The agent's own `fetch`: no fault is made there. */
  readonly agent: { readonly fetch: typeof globalThis.fetch; readonly baseUrl: string };
}

/** A request as it was made, for counting. */
export interface SentRequest {
  readonly process: string;
  readonly method: string;
  readonly path: string;
  readonly at: number;
}

/** The network of one world. */
export class Network {
  /** Every request that a process has made. */
  readonly sent: SentRequest[] = [];
  /** How many faults were done. */
  faultsDone = 0;
  /** Event streams that a process has given up because nothing came. */
  fellSilent = 0;
  /** Events that a client could not read. */
  malformed = 0;
  /** Requests of processes that are dead: there must be none. */
  ofTheDead = 0;
  /** Nothing goes wrong any more, from now on. */
  isCalm = false;
  readonly #options: NetworkOptions;
  readonly #dead = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #open = new Map<string, Set<Exchange>>();
  #outageUntil = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** The `fetch` of a process, whose requests go to `origin`. */
  fetchOf(process: string, origin: string): typeof globalThis.fetch {
    return (input, init) => this.#fetch(process, origin, String(input), init ?? {});
  }

  /** Requests and streams of a process that are under way: method and path. */
  open(process: string): string[] {
    return [...(this.#open.get(process) ?? [])].map(({ name }) => name);
  }

  /** Nobody reaches the agent for `ms`; what is open breaks. */
  outage(ms: number): void {
    this.#outageUntil = this.#options.clock.now + ms;
    for (const exchange of this.#all()) exchange.breakOff("ECONNRESET");
  }

  /** Every connection is dead from now on, and nobody is told. */
  silence(): void {
    for (const exchange of this.#all()) exchange.silence();
  }

  /** The process is gone: the agent sees its connections end. */
  kill(process: string): void {
    this.#dead.add(process);
    for (const exchange of [...(this.#open.get(process) ?? [])]) exchange.vanish();
    this.#open.delete(process);
  }

  *#all(): Generator<Exchange> {
    for (const exchanges of [...this.#open.values()]) yield* [...exchanges];
  }

  async #fetch(process: string, origin: string, url: string, init: RequestInit): Promise<Response> {
    const { clock, seed, trace, agent } = this.#options;
    const method = init.method ?? "GET";
    const path = url.slice(origin.length);
    const route = `${method} ${routeOf(path)}`;
    const key = `${process} ${route}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (this.#dead.has(process)) this.ofTheDead += 1;
    this.sent.push({ process, method, path, at: clock.now });
    const random = new Random(seed, "request", key, count);
    const open = this.#open.get(process) ?? new Set();
    this.#open.set(process, open);
    const exchange = new Exchange({
      clock,
      process,
      name: `${method} ${path.split("?")[0]}`,
      random,
      signal: init.signal ?? undefined,
      send: (signal) => agent.fetch(agent.baseUrl + path, { ...init, signal: signal ?? null }),
      isUnreachable: () => clock.now < this.#outageUntil,
      note: (what) => trace.add(process, `${method} ${path} #${count}: ${what}`),
      fault: () => {
        this.faultsDone += 1;
      },
      silent: () => {
        this.fellSilent += 1;
      },
      onEnd: () => open.delete(exchange),
    });
    open.add(exchange);
    const faults = this.isCalm ? calmer(this.#options.faults) : this.#options.faults;
    return isStream(path) ? exchange.stream(streamFate(faults, random)) : exchange.request(requestFate(faults, random));
  }
}

function calmer(faults: Faults): Faults {
  return { ...faults, requests: 0, streams: 0 };
}

function isStream(path: string): boolean {
  return /^\/(?:global\/)?event(?:\?|$)/.test(path);
}

/** The path without what differs from one session to the next. */
function routeOf(path: string): string {
  return path.split("?")[0]?.replace(/\/(?:ses|msg|per|que|prt)_[^/]+/g, "/*") ?? path;
}
