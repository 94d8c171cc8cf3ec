/** The end of a shell line. It is no run: nothing but its own event tells it (by the public types; not run against a real 2.1). */
import { recordProperty, stringProperty } from "../../util/json.js";
import type { ApiEvent } from "../api-event.js";
import type { LaneContext } from "./lane-context.js";
import { mapMessages } from "./message-map.js";
import { readStored } from "./message-pages.js";
import { madeEvent, madeStatus } from "./session-fold.js";
import { readActive } from "./session-reads.js";
import type { WireEvent } from "./wire-event.js";

/** Messages that are looked through for the line. */
const newest = 20;

/** The two messages of the line, and the end of the session's work when nothing else runs in it. */
export async function shellEvents(
  { client, call, place, dialect }: LaneContext,
  sessionId: string,
  { data, raw }: WireEvent,
): Promise<ApiEvent[]> {
  const shellId = stringProperty(recordProperty(data, "shell"), "id");
  const { records } = await readStored(client, sessionId, { limit: newest, call });
  const line = records.find(({ type, shellID }) => type === "shell" && shellID === shellId);
  const { storesWholeTexts } = dialect;
  const messages = line === undefined ? [] : mapMessages([line], { place: { sessionId, ...place }, storesWholeTexts });
  const events = messages.flatMap(({ info, parts }): ApiEvent[] => {
    const { id } = info;
    const message =
      info.role === "user"
        ? { role: info.role, id, createdAt: info.time.created }
        : { role: info.role, id, isSummary: false, info };
    const stored = parts.map((part): ApiEvent => ({ type: "part-stored", part, sessionId, raw }));
    return [{ type: "message-stored", message, sessionId, raw }, ...stored];
  });
  if ((await readActive(client, call)).has(sessionId)) return events;
  return [...events, madeStatus("idle", sessionId), madeEvent("session-idle", sessionId)];
}
