/** The event stream of 1.x: one `GET /event` per directory. */
import { type OpencodeClient, openEvents } from "../../client/client.js";
import { APIConnectionError } from "../../errors/index.js";
import type { ApiEvent } from "../api-event.js";
import type { EventReader } from "../event-reader.js";
import { readEvents } from "../sse.js";
import { createDeltaReader } from "./delta-message.js";
import { parseEvent } from "./event-envelope.js";
import { toApiEvent } from "./events.js";

/** `client` must be bound to the directory whose events are wanted. */
export function createEventReader(client: Pick<OpencodeClient, "stream">): EventReader {
  return async ({ signal, onEvent, onActivity, onMalformed }) => {
    const response = await openEvents(client, "/event", { signal });
    if (response.body === null) throw new APIConnectionError("the event stream has no body");
    const readDelta = createDeltaReader();
    const parse = (data: string): ApiEvent | undefined => readDelta(data) ?? readOther(data);
    await readEvents(response.body, {
      parse,
      onEvent,
      onActivity,
      onMalformed,
    });
  };
}

function readOther(data: string): ApiEvent | undefined {
  const raw = parseEvent(data);
  return raw === undefined ? undefined : toApiEvent(raw);
}
