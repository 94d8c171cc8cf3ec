/** Parts of messages, as a 1.x server sends them. */
import type { Part } from "../../types/answer.js";
import { isRecord, numberProperty, property, recordProperty, stringProperty } from "../../util/json.js";

/** The value as a part, if it is one; the fields that are read later must be of the right type. */
export function asPart(part: unknown): Part | undefined {
  const kind = stringProperty(part, "type");
  if (
    kind === undefined ||
    stringProperty(part, "id") === undefined ||
    stringProperty(part, "messageID") === undefined
  ) {
    return undefined;
  }
  if ((kind === "text" || kind === "reasoning") && stringProperty(part, "text") === undefined) return undefined;
  if (kind === "tool" && !isToolState(property(part, "state"))) return undefined;
  return part as Part; // the fields read from it were checked
}

function isToolState(state: unknown): boolean {
  const status = stringProperty(state, "status");
  const time = recordProperty(state, "time");
  const hasTimes = numberProperty(time, "start") !== undefined && numberProperty(time, "end") !== undefined;
  if (!isRecord(property(state, "input"))) return false;
  if (status === "completed") return hasTimes && stringProperty(state, "output") !== undefined;
  if (status === "error") return hasTimes && stringProperty(state, "error") !== undefined;
  return status === "pending" || status === "running";
}
