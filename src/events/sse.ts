/** A server-sent event stream (WHATWG HTML, section 9.2) as the server's event objects. */
import { createParser } from "eventsource-parser";
import { APIConnectionError, APIResponseValidationError } from "../errors.js";
import { isRecord, recordProperty, stringProperty } from "../internal/json.js";
import type { ServerEvent } from "../types/event.js";

/** Characters of one event that are held at most: a part's snapshot may carry a tool's whole output. */
const maxEventSize = 64 * 1024 * 1024;

export interface ReadEventsOptions {
  /** Called for every event, in order. */
  readonly onEvent: (event: ServerEvent) => void;
  /** Called for every piece that arrives, comments and half events included: the connection is alive. */
  readonly onActivity?: (() => void) | undefined;
  /** Characters per event. Default {@link maxEventSize}. */
  readonly maxSize?: number | undefined;
}

/**
 * Reads `body` until it ends, then resolves; a cut rejects with `APIConnectionError`, an event beyond the size limit
 * with `APIResponseValidationError`. The body is released in every case.
 */
export async function readEvents(body: ReadableStream<Uint8Array>, options: ReadEventsOptions): Promise<void> {
  let failure: Error | undefined;
  const parser = createParser({
    maxBufferSize: options.maxSize ?? maxEventSize,
    onEvent: (message) => {
      const event = parseEvent(message.data);
      if (event !== undefined) options.onEvent(event);
    },
    onError: (error) => {
      // Unknown fields and the like are to be ignored by the standard; only the limit ends the stream.
      if (error.type === "max-buffer-size-exceeded")
        failure = new APIResponseValidationError(`event stream: ${error.message}`);
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    while (failure === undefined) {
      const { done, value } = await reader.read();
      if (done) return;
      options.onActivity?.();
      parser.feed(decoder.decode(value, { stream: true }));
    }
    throw failure;
  } catch (cause) {
    if (cause === failure) throw cause;
    throw new APIConnectionError("the event stream was cut", { cause });
  } finally {
    // Cancelling ends the request; releasing the lock alone would keep the socket open.
    reader.cancel().catch(() => {}); // it may be broken already
  }
}

/**
 * Takes both envelopes: `{type, properties}` of `/event` and `{payload: {type, properties}}` of `/global/event`. What is
 * not an event is dropped: a stream must not end because of one odd line.
 */
function parseEvent(data: string): ServerEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined; // not JSON: nothing to tell anybody
  }
  const event = recordProperty(value, "payload") ?? value;
  const type = stringProperty(event, "type");
  if (!isRecord(event) || type === undefined) return undefined;
  return { id: stringProperty(event, "id"), type, properties: recordProperty(event, "properties") ?? {} };
}
