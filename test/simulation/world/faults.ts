/** What can happen to one request and to one event stream, and how it is drawn. */
import type { Random } from "./random.js";

/** What happens to a request. */
export type RequestFault =
  /** No connection is made. */
  | "refused"
  /** The connection breaks before the server has the request; the client cannot know. */
  | "cut before"
  /** The server has done it; its answer is lost. */
  | "cut after"
  /** The answer breaks off in its body, whatever its status. */
  | "cut inside"
  /** The answer ends too early, without an error: a proxy has repaired the end of the transfer. */
  | "ended early"
  /** 502 to 504 in plain text by a gateway; the server has not seen the request. */
  | "gateway"
  /** The same, and the server has done it. */
  | "gateway, passed"
  /** No answer, and no end. The server has done it. */
  | "stalled"
  /** The answer comes late. */
  | "late answer"
  /** The request comes to the server late, also when the client has given up. */
  | "late request";

/** How an event stream goes wrong. */
export type StreamFault =
  /** The connection breaks. */
  | "broken"
  /** It ends properly. */
  | "ended"
  /** Nothing comes any more, and no end. */
  | "silent"
  /** The headers come late. */
  | "late start"
  /** Everything that it brings comes late. */
  | "slow"
  /** A gateway answers instead. */
  | "no stream";

/** The weather of a world: what is drawn for each request and stream. */
export interface Faults {
  /** Share of the requests that something happens to. */
  readonly requests: number;
  /** Share of the event streams that do not stay. */
  readonly streams: number;
  readonly requestKinds: Readonly<Partial<Record<RequestFault, number>>>;
  readonly streamKinds: Readonly<Partial<Record<StreamFault, number>>>;
  /** From the client to the server, and back: ms, each. */
  readonly latency: readonly [number, number];
  /** What the server itself takes for an answer, in ms. */
  readonly service: readonly [number, number];
  /** Answers and events come in pieces, cut at any byte. */
  readonly chunked: number;
}

/** Everything, about as often as it is seen in the field. */
export const everyRequestFault: Faults["requestKinds"] = {
  refused: 10,
  "cut before": 14,
  "cut after": 14,
  "cut inside": 12,
  "ended early": 4,
  gateway: 10,
  "gateway, passed": 8,
  stalled: 5,
  "late answer": 8,
  "late request": 8,
};

export const everyStreamFault: Faults["streamKinds"] = {
  broken: 10,
  ended: 6,
  silent: 4,
  "late start": 5,
  slow: 4,
  "no stream": 5,
};

/** What happens to one request. */
export interface RequestFate {
  readonly fault: RequestFault | undefined;
  /** ms to the server, in the server, and back. */
  readonly up: number;
  readonly service: number;
  readonly down: number;
  /** Of 502 to 504. */
  readonly status: number;
  /** Where the body is cut: a share of its length. */
  readonly at: number;
  readonly isChunked: boolean;
}

/**
 * A request comes at most so late (ms): an abort waits five seconds for a prompt that is still on its way, and a command
 * that comes after eight runs twice, as documented.
 */
const latestRequest = 4_000;

export function requestFate(faults: Faults, random: Random): RequestFate {
  const fault = random.chance(faults.requests) ? random.weighted(faults.requestKinds) : undefined;
  const up = random.between(...faults.latency);
  const down = random.between(...faults.latency);
  const service = random.between(...faults.service);
  const late = random.logBetween(1_500, 60_000);
  return {
    fault,
    up: fault === "late request" ? Math.min(late, latestRequest) : up,
    service,
    down: fault === "late answer" ? late : down,
    status: random.pick([502, 503, 504]),
    at: random.next(),
    isChunked: random.chance(faults.chunked),
  };
}

/** What happens to one event stream. */
export interface StreamFate {
  readonly fault: StreamFault | undefined;
  readonly up: number;
  /** ms until the headers come, and from the agent to the reader. */
  readonly start: number;
  readonly down: number;
  /** When it happens, in ms from the opening. */
  readonly after: number;
  readonly status: number;
  readonly isChunked: boolean;
}

export function streamFate(faults: Faults, random: Random): StreamFate {
  const fault = random.chance(faults.streams) ? random.weighted(faults.streamKinds) : undefined;
  return {
    fault,
    up: random.between(...faults.latency),
    start: fault === "late start" ? random.logBetween(500, 20_000) : 0,
    down: random.between(...faults.latency) + (fault === "slow" ? random.logBetween(200, 5_000) : 0),
    after: random.logBetween(20, 30_000),
    status: random.pick([502, 503, 504]),
    isChunked: random.chance(faults.chunked),
  };
}
