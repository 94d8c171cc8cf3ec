/**
 * The network between the processes of a simulated world and their agent: a `fetch` for each process, and calls of an `AgentApi`.
 * What happens to a request follows from the seed, the process, the route and how many of the kind came before it, and from
 * nothing else.
 */
import type { EventReader, EventReading } from "../../../src/api/event-reader.js";
import { OpencodeError } from "../../../src/errors/index.js";
import type { ApiMethodCall, Result } from "../../support/api-calls.js";
import { ApiEvents, ApiExchange } from "./api-exchange.js";
import type { VirtualClock } from "./clock.js";
import type { Exchange, ExchangeOptions } from "./exchange.js";
import { type Faults, requestFate, streamFate } from "./faults.js";
import { HttpExchange } from "./http-exchange.js";
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
  /** Or the name of an `AgentApi` method and its first argument: `requests.answerPermission/per_1/`. */
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
  readonly #open = new Map<string, Set<AnyExchange>>();
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

  *#all(): Generator<AnyExchange> {
    for (const exchanges of [...this.#open.values()]) yield* [...exchanges];
  }

  /** One call of a method, to an `AgentApi` at the agent. Rejects when it is lost or given up. */
  call<T>(process: string, { name, args, work }: ApiMethodCall<T>, signal: AbortSignal): Promise<Result<T>> {
    const [first] = args;
    const about = typeof first === "string" ? [` ${first}`, `/${first}/`] : ["", ""];
    const named = { label: `${name}${about[0]}`, path: `${name}${about[1]}` };
    const way = this.#enter({ process, method: "call", ...named, route: name }, signal);
    const exchange = new ApiExchange<T>({ ...way.options, send: () => settled(work()) });
    return way.begin(exchange).request(requestFate(this.#faults, way.random));
  }

  /** One connection to the events of an `AgentApi` at the agent. */
  events(process: string, reading: EventReading, reader: EventReader): Promise<Result<undefined>> {
    const name = "readEvents";
    const way = this.#enter({ process, method: "call", path: name, label: name, route: name }, reading.signal);
    const exchange = new ApiEvents({ ...way.options, send: never });
    return way.begin(exchange).read(streamFate(this.#faults, way.random), reading, reader);
  }

  async #fetch(process: string, origin: string, url: string, init: RequestInit): Promise<Response> {
    const { agent } = this.#options;
    const method = init.method ?? "GET";
    const path = url.slice(origin.length);
    const given = { process, method, path, label: `${method} ${path}`, route: `${method} ${routeOf(path)}` };
    const way = this.#enter(given, init.signal ?? undefined);
    const exchange = new HttpExchange({
      ...way.options,
      send: (signal) => agent.fetch(agent.baseUrl + path, { ...init, signal: signal ?? null }),
    });
    way.begin(exchange);
    if (isStream(path)) return exchange.stream(streamFate(this.#faults, way.random));
    return exchange.request(requestFate(this.#faults, way.random));
  }

  get #faults(): Faults {
    const { faults } = this.#options;
    return this.isCalm ? { ...faults, requests: 0, streams: 0 } : faults;
  }

  /** Counts a request, and gives what its exchange is made of. */
  #enter({ process, method, path, label, route }: Entering, signal: AbortSignal | undefined): Way {
    const { clock, seed, trace } = this.#options;
    const key = `${process} ${route}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (this.#dead.has(process)) this.ofTheDead += 1;
    this.sent.push({ process, method, path, at: clock.now });
    const random = new Random(seed, "request", key, count);
    const open = this.#open.get(process) ?? new Set();
    this.#open.set(process, open);
    let entered: AnyExchange | undefined;
    const options: Way["options"] = {
      clock,
      process,
      name: label.split("?")[0] ?? label,
      random,
      signal,
      isUnreachable: () => clock.now < this.#outageUntil,
      note: (what) => trace.add(process, `${label} #${count}: ${what}`),
      fault: () => {
        this.faultsDone += 1;
      },
      silent: () => {
        this.fellSilent += 1;
      },
      onEnd: () => entered !== undefined && open.delete(entered),
    };
    const begin = <E extends AnyExchange>(exchange: E): E => {
      entered = exchange;
      open.add(exchange);
      return exchange;
    };
    return { random, options, begin };
  }
}

type AnyExchange = Pick<Exchange<unknown>, "name" | "breakOff" | "silence" | "vanish">;

/** A request that is made. */
interface Entering {
  readonly process: string;
  readonly method: string;
  readonly path: string;
  /** For the trace. */
  readonly label: string;
  /** What is counted as the same. */
  readonly route: string;
}

/** What an exchange is made of. */
interface Way {
  readonly random: Random;
  readonly options: Omit<ExchangeOptions<unknown>, "send">;
  /** Notes it as under way. */
  readonly begin: <E extends AnyExchange>(exchange: E) => E;
}

const never = (): Promise<never> => Promise.reject(new Error("nothing is sent"));

/** What the agent refuses is an answer; what fails otherwise is a connection. */
function settled<T>(work: Promise<T>): Promise<Result<T>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => {
      if (error instanceof OpencodeError && error.code !== "api_connection") return { ok: false, error };
      throw error;
    },
  );
}

function isStream(path: string): boolean {
  return /^\/(?:global\/)?event(?:\?|$)/.test(path);
}

/** The path without what differs from one session to the next. */
function routeOf(path: string): string {
  return path.split("?")[0]?.replace(/\/(?:ses|msg|per|que|prt)_[^/]+/g, "/*") ?? path;
}
