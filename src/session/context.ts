/** What sessions and turns need from the connection they belong to. */
import type { OpencodeClient } from "../client/client.js";
import type { EventHub } from "../events/event-hub.js";
import type { KnownNames } from "./known-names.js";

export interface Connection {
  readonly client: OpencodeClient;
  /** Aborts when the connection is over for good; the reason is the error that open turns end with. */
  readonly lifetime: AbortSignal;
  /** How long a turn goes on trying to reach a server that does not answer, in ms. */
  readonly reconnectTimeout: number;
  /** Tells of a turn that is to be aborted when the connection is closed. */
  track(turn: { abort(): Promise<void>; readonly answer: Promise<unknown> }): void;
  /** A session that this connection made for itself: it is nobody's sub-agent, whatever its parent. */
  isSeparate(sessionId: string): boolean;
  /** The client and the events of one directory; `undefined` is the server's own. */
  scope(directory: string | undefined): Scope;
}

/** A connection, narrowed to one directory. */
export interface Scope {
  readonly client: OpencodeClient;
  readonly hub: EventHub;
  readonly names: KnownNames;
}
