/** What the lanes of one connection share. */
import type { OpencodeClient } from "../../client/client.js";
import type { ApiEvent } from "../api-event.js";
import type { ApiCall } from "../inputs.js";
import type { Dialect } from "./dialects.js";
import type { IdleWatch } from "./idle-watch.js";
import type { Place } from "./session-reads.js";

/** One connection to the events. */
export interface LaneContext {
  readonly client: OpencodeClient;
  readonly dialect: Dialect;
  readonly place: Place;
  readonly watch: IdleWatch;
  /** How reads are made: bounded, and ended with the connection. */
  readonly call: ApiCall;
  /** Ends with the connection. */
  readonly signal: AbortSignal;
  /** Tells an event. */
  readonly emit: (event: ApiEvent) => void;
  /** A read has failed, and with it some events are lost. */
  readonly missed: (error: unknown) => void;
}
