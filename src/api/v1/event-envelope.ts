/** The JSON of one message of the event stream. */
import type { ServerEvent } from "../../types/event.js";
import { isRecord, parseJson, property, recordProperty, stringProperty } from "../../util/json.js";

/**
 * Takes both envelopes: `{type, properties}` of `/event` and `{payload: {type, properties}}` of `/global/event`.
 * `undefined` for what is no event: a stream must not end because of one odd line.
 */
export function parseEvent(data: string): ServerEvent | undefined {
  let value: unknown;
  try {
    value = parseJson(data);
  } catch {
    return undefined; // not JSON: the caller is told that something is missing
  }
  const event = recordProperty(value, "payload") ?? value;
  const type = stringProperty(event, "type");
  const properties = property(event, "properties") ?? {};
  if (type === undefined || !isRecord(properties)) return undefined;
  return { id: stringProperty(event, "id"), type, properties };
}
