/**
 * The event stream of 2.x: one `GET /api/event` has the events of all directories; those of the client's own are told. What a run has
 * stored is told before its end, also where the server says nothing of the end, and over a cut of the connection.
 */
import { type OpencodeClient, openEvents } from "../../client/client.js";
import { APIConnectionError } from "../../errors/index.js";
import type { ApiEvent } from "../api-event.js";
import type { EventReader } from "../event-reader.js";
import { readEvents } from "../sse.js";
import { type DialectName, dialectOf } from "./dialects.js";
import { EventConnection } from "./event-connection.js";
import { createEventMemory } from "./event-memory.js";
import { ledgerOf } from "./ledger.js";
import { createPlaceReader } from "./session-reads.js";
import { parseWireEvent } from "./wire-event.js";

/** `client` must be bound to the directory whose events are wanted. */
export function createEventReaderV2(client: OpencodeClient, dialectName: DialectName): EventReader {
  const dialect = dialectOf(dialectName);
  const placeOf = createPlaceReader(client);
  const memory = createEventMemory();
  const { asking } = ledgerOf(client);
  return async (given) => {
    const { signal, onActivity, onMalformed } = given;
    // A request is answered below its session, and the list of requests may fail.
    const told = (event: ApiEvent): void => {
      if (event.type === "permission-asked") asking.set(event.request.id, event.request.sessionId);
      given.onEvent(event);
    };
    const reading = { ...given, onEvent: told };
    const place = await placeOf({ signal });
    const response = await openEvents(client, "/api/event", { signal });
    if (response.body === null) throw new APIConnectionError("the event stream has no body");
    const connection = new EventConnection({ client, dialect, place, memory, reading });
    try {
      const onEvent = connection.take.bind(connection);
      await readEvents(response.body, { parse: parseWireEvent, onEvent, onActivity, onMalformed });
    } finally {
      connection.end();
    }
  };
}
