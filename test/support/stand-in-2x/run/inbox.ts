/** The inbox: a prompt is admitted first and delivered later. Ids make a repeat safe. */
import type { JsonRecord } from "../../../../src/util/json.js";
import { conflict } from "../http/failure.js";
import { newId } from "../ids.js";
import type { Delivery, InboxItem, SessionRecord, StoredFile, StoredMessage, UserMessage } from "../types.js";
import type { World } from "../world.js";
import { commitRevert } from "./revert.js";

export interface Draft {
  readonly id?: string | null | undefined;
  readonly type: InboxItem["type"];
  readonly payload: JsonRecord;
  readonly delivery?: Delivery | null | undefined;
  readonly resume?: boolean | null | undefined;
}

/**
 * Takes an item in and wakes the session, unless `resume` is false. An id that it has had returns the first admission, whatever
 * the new one says.
 * @throws {Failure} 409 for an id of another session, or of another kind of message.
 */
export function admit(world: World, record: SessionRecord, draft: Draft): InboxItem {
  const known = draft.id == null ? undefined : record.admissions[draft.id];
  if (known !== undefined) {
    const isWaiting = record.inbox.some(({ id }) => id === known.id);
    if (isWaiting && draft.resume !== false) world.runs.wake(record);
    return known;
  }
  if (draft.id != null) refuseTaken(world, draft.id);
  if (record.info.revert !== undefined) commitRevert(world, record);
  const item: InboxItem = {
    id: draft.id ?? newId("msg"),
    sessionID: record.info.id,
    time: { created: Date.now() },
    type: draft.type,
    payload: draft.payload,
    delivery: draft.delivery ?? "steer",
  };
  record.inbox.push(item);
  record.admissions[item.id] = { ...item };
  const { type, payload, delivery } = item;
  world.hub.durable(record, "session.inbox.enqueued", { inboxID: item.id, item: { type, payload, delivery } });
  if (draft.resume !== false) world.runs.wake(record);
  return item;
}

/** Makes a message of the item. Returns it. */
export function deliver(world: World, record: SessionRecord, item: InboxItem): void {
  record.inbox = record.inbox.filter(({ id }) => id !== item.id);
  const message = messageOf(item);
  if (message !== undefined) record.messages.push(message);
  world.hub.durable(record, "session.inbox.delivered", { inboxID: item.id });
}

export function redeliver(world: World, record: SessionRecord, item: InboxItem, delivery: Delivery): void {
  item.delivery = delivery;
  world.hub.durable(record, "session.inbox.delivery.changed", { inboxID: item.id, delivery });
  if (delivery === "steer") world.runs.wake(record);
}

export function cancel(world: World, record: SessionRecord, id: string): void {
  if (!record.inbox.some((item) => item.id === id)) return;
  record.inbox = record.inbox.filter((item) => item.id !== id);
  world.hub.durable(record, "session.inbox.cancelled", { inboxID: id });
}

function refuseTaken(world: World, id: string): void {
  for (const { admissions, messages } of world.store.all()) {
    if (admissions[id] !== undefined || messages.some((message) => message.id === id)) {
      throw conflict(`The id is taken: ${id}`, id);
    }
  }
}

/** A compaction makes its message when it begins. */
function messageOf({ id, type, payload }: InboxItem): StoredMessage | undefined {
  const time = { created: Date.now() };
  if (type === "synthetic") {
    return { id, type, time, ...(payload as { text: string; description?: string; metadata?: JsonRecord }) };
  }
  if (type !== "user") return undefined;
  return { id, type, time, ...(payload as { text: string; files?: StoredFile[] }) } satisfies UserMessage;
}
