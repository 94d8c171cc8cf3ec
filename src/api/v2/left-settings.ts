/**
 * The agent and the model that a turn has left on its session, because the process that asked is gone. Whoever asks again under the id of
 * the prompt finds them by the switches in front of it, which the server stores.
 */
import type { JsonRecord } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { promptIdOf } from "./continuation.js";
import type { Lent, SessionEntry } from "./ledger.js";
import { readStored } from "./message-pages.js";
import { messageIdOf } from "./message-parts.js";
import { firstAgent } from "./ready.js";
import { modelTextOf, type toSessionInfo } from "./session-shape.js";
import type { Wire } from "./wire.js";

/** Messages that are looked through. */
const longestLook = 200;

type Field = "agent" | "model";

const textOf: Readonly<Record<Field, (value: unknown) => string | undefined>> = {
  agent: (value) => (typeof value === "string" ? value : undefined),
  model: modelTextOf,
};

/** Those of a stored prompt that the session has to this moment. A switch or a prompt behind it means that somebody goes on with them. */
export async function leftSettings(
  wire: Wire,
  info: ReturnType<typeof toSessionInfo>,
  messageId: string,
  call: ApiCall | undefined,
): Promise<Pick<SessionEntry, Field>> {
  const { records } = await readStored(wire.client, info.id, { limit: longestLook, call });
  const at = records.findIndex((record) => messageIdOf(record) === messageId);
  const later = records.slice(0, Math.max(at, 0)); // newest first
  const isOthers = (record: JsonRecord): boolean =>
    record["type"] === "user" && promptIdOf(messageIdOf(record)) !== messageId;
  if (at < 0 || later.some(isOthers)) return {};
  const before = records.slice(at + 1);
  const left = (field: Field, first?: string): Lent | undefined =>
    later.some(({ type }) => type === `${field}-switched`)
      ? undefined
      : switchedBefore(field, before, textOf[field](info[field]), first);
  const place = { ...call, directory: info.directory };
  return { agent: left("agent", await firstAgent(wire, place)), model: left("model") };
}

/**
 * The value before the switch that gave the session what it has now, when nothing but switches stands behind it. `first`: of a session
 * without one.
 */
function switchedBefore(
  field: Field,
  before: readonly JsonRecord[],
  now: string | undefined,
  first: string | undefined,
): Lent | undefined {
  const read = textOf[field];
  const at = before.findIndex(({ type }) => type === `${field}-switched`);
  const switched = before[at];
  if (switched === undefined || now === undefined || read(switched[field]) !== now) return undefined;
  if (before.slice(0, at).some(({ type }) => type === "user" || type === "assistant")) return undefined;
  const older = before.slice(at + 1).find(({ type }) => type === "assistant" || type === `${field}-switched`);
  const own = read(switched["previous"]) ?? read(older?.[field]) ?? first;
  return own === undefined || own === now ? undefined : { own, lent: [now] };
}
