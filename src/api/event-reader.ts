/** How the events of a server are read, whatever the protocol. */
import type { ApiEvent } from "./api-event.js";

/** One connection to the events. */
export interface EventReading {
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** Called for every event, in order; first for `connected`. */
  readonly onEvent: (event: ApiEvent) => void;
  /** Called for every sign of life: pieces of events and heartbeats. */
  readonly onActivity: () => void;
  /** Called for every message that is no event. Its content is lost. */
  readonly onMalformed: () => void;
}

/**
 * Opens one connection and reads it until it ends. Resolves when the server ends it; rejects when it cannot be opened, when
 * it is cut, and when the signal aborts. Reconnecting is the caller's.
 */
export type EventReader = (reading: EventReading) => Promise<void>;
