/** The faults of the proxy, and how they are drawn. */
import { type Random, randomFor } from "./random.js";
import type { Route, SeenRequest } from "./routes.js";

/** What is done to one request and its answer. Bytes are counted from the first one of the answer's head. */
export type RequestFault =
  | { readonly kind: "none" | "cut before the request" | "answer lost" | "half-open" | "slow drip" }
  | { readonly kind: "cut inside the request" /** Of its body, 0 to 1. */; readonly share: number }
  | { readonly kind: "late request" | "late answer" /** Milliseconds. */; readonly wait: number }
  | { readonly kind: "answer cut" | "answer ended early" | "fell silent"; readonly at: Place }
  | { readonly kind: "garbage"; readonly at: Place; readonly bytes: Buffer }
  | { readonly kind: "gateway error" | "gateway error, request passed"; readonly status: number };

/** A place in an answer: a share of it where its length is known, otherwise so many bytes. */
export interface Place {
  readonly share: number;
  readonly bytes: number;
}

/** Faults that hit the whole connection for a while. */
export type OutageKind = "gateway down" | "connections refused" | "server killed";

/** Everything that is counted. "server away" is a request that met a server which was down. */
export type FaultKind = Exclude<RequestFault["kind"], "none"> | OutageKind | "server away";

/** An outage of the plan. */
export interface Outage {
  readonly kind: OutageKind;
  /** It begins after the job of this index has been begun. */
  readonly atJob: number;
  /** Milliseconds after that. */
  readonly after: number;
  /** Milliseconds; of a server that was killed: until it is started again. */
  readonly duration: number;
}

type Weights = Readonly<Record<RequestFault["kind"], number>>;

const nothing: Weights = {
  none: 0,
  "cut before the request": 0,
  "cut inside the request": 0,
  "answer lost": 0,
  "half-open": 0,
  "answer cut": 0,
  "answer ended early": 0,
  "fell silent": 0,
  garbage: 0,
  "late request": 0,
  "late answer": 0,
  "slow drip": 0,
  "gateway error": 0,
  "gateway error, request passed": 0,
};

/** Per cent, `none` being the rest. */
const weights: Readonly<Record<Route, Weights>> = {
  submit: {
    ...nothing,
    "cut before the request": 6,
    "cut inside the request": 4,
    "answer lost": 10,
    "half-open": 5,
    "answer cut": 3,
    garbage: 2,
    "late request": 4,
    "late answer": 4,
    "slow drip": 2,
    "gateway error": 4,
    "gateway error, request passed": 4,
  },
  create: {
    ...nothing,
    "cut before the request": 4,
    "cut inside the request": 2,
    "answer lost": 4,
    "half-open": 2,
    "answer cut": 2,
    garbage: 1,
    "late request": 2,
    "late answer": 2,
    "gateway error": 2,
    "gateway error, request passed": 2,
  },
  write: {
    ...nothing,
    "cut before the request": 4,
    "cut inside the request": 2,
    "answer lost": 6,
    "half-open": 2,
    "answer cut": 2,
    "late request": 3,
    "late answer": 3,
    "gateway error": 2,
    "gateway error, request passed": 3,
  },
  read: {
    ...nothing,
    "cut before the request": 2,
    "answer lost": 2,
    "half-open": 1,
    "answer cut": 2,
    "answer ended early": 1,
    garbage: 1.5,
    "late request": 2,
    "late answer": 2,
    "slow drip": 1,
    "gateway error": 1.5,
  },
  events: {
    ...nothing,
    "cut before the request": 5,
    "answer cut": 42,
    "answer ended early": 15,
    "fell silent": 4,
    garbage: 12,
    "late answer": 6,
    "slow drip": 3,
    "gateway error": 5,
  },
};

/** How far an event stream gets, in bytes: from its head to some ten turns. */
const eventBytes = { min: 100, max: 300_000 } as const;

/** Draws the faults of requests: the n-th request of a kind always meets the same one under the same seed. */
export class FaultSource {
  readonly #seed: number;
  readonly #intensity: number;
  readonly #drawn = new Map<Route, number>();

  /** `intensity` 1 is what the weights say, 0 is no fault at all. */
  constructor(seed: number, intensity: number) {
    this.#seed = seed;
    this.#intensity = intensity;
  }

  draw({ route }: SeenRequest): RequestFault {
    const index = this.#drawn.get(route) ?? 0;
    this.#drawn.set(route, index + 1);
    const random = randomFor(this.#seed, "request", route, index);
    if (!random.chance(this.#intensity)) return { kind: "none" };
    const table = weights[route];
    const rest = 100 - Object.values(table).reduce((sum, weight) => sum + weight, 0);
    return filledIn(random.weighted({ ...table, none: rest }), random, route);
  }
}

function filledIn(kind: RequestFault["kind"], random: Random, route: Route): RequestFault {
  switch (kind) {
    case "cut inside the request":
      return { kind, share: random.next() };
    case "late request":
    case "late answer":
      return { kind, wait: random.logInt(20, 3_000) };
    case "answer cut":
    case "answer ended early":
    case "fell silent":
      return { kind, at: place(random, route) };
    case "garbage":
      return { kind, at: place(random, route), bytes: garbage(random) };
    case "gateway error":
    case "gateway error, request passed":
      return { kind, status: random.pick([502, 503, 504]) };
    default:
      return { kind };
  }
}

function place(random: Random, route: Route): Place {
  const bytes = route === "events" ? random.logInt(eventBytes.min, eventBytes.max) : random.logInt(1, 4_000);
  return { share: random.next(), bytes };
}

/**
 * Bytes that no reader can take for what was there: they begin with NUL, which is allowed neither in a field of HTTP nor
 * inside JSON, and what follows is no UTF-8. (Changed letters that still make sense cannot be found out by any client.)
 */
function garbage(random: Random): Buffer {
  const noise = Array.from({ length: random.int(1, 40) }, () => random.int(0x80, 0xff));
  return Buffer.from([0, ...noise]);
}

/** How often outages come. */
export interface OutageRates {
  /** Kills of the server per 100 jobs. */
  readonly kills: number;
  /** Share of the other outages that come, 0 to 1. */
  readonly intensity: number;
}

/** The outages of a run of `jobs` jobs. Two never begin with the same job. */
export function drawOutages(seed: number, jobs: number, { kills, intensity }: OutageRates): Outage[] {
  const random = randomFor(seed, "outages");
  const taken = new Set<number>();
  // Not with the first ones: what is still starting is a test of its own.
  const free = (): number => {
    for (;;) {
      const job = random.int(Math.min(2, jobs - 1), jobs - 1);
      if (!taken.has(job) || taken.size >= jobs - 2) return job;
    }
  };
  const some = (kind: OutageKind, per100: number, longest: number): Outage[] =>
    Array.from({ length: Math.round((jobs * per100) / 100) }, () => {
      const atJob = free();
      taken.add(atJob);
      return { kind, atJob, after: random.int(0, 1_500), duration: random.logInt(200, longest) };
    });
  const outages = [
    ...some("server killed", kills, 1_500),
    ...some("gateway down", 4 * intensity, 3_000),
    ...some("connections refused", 4 * intensity, 3_000),
  ];
  // In a long run, once for longer than most clients go on trying.
  if (jobs >= 400 && intensity > 0)
    outages.push({ kind: "connections refused", atJob: free(), after: 0, duration: 10_000 });
  return outages.sort((a, b) => a.atJob - b.atJob);
}
