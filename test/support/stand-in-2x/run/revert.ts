/** Taking a session back to a message: staged first, then committed or cleared. */
import { messageNotFound, sessionBusy } from "../http/failure.js";
import type { SessionInfo, SessionRecord } from "../types.js";
import type { World } from "../world.js";
import { diffsOf, mergedChanges, restore } from "./snapshots.js";

/** @throws {Failure} 404 for an unknown message, 409 while a run is active. */
export function stageRevert(
  world: World,
  record: SessionRecord,
  messageID: string,
  withFiles: boolean,
): NonNullable<SessionInfo["revert"]> {
  refuseBusy(world, record);
  const behind = idsFrom(record, messageID);
  const changes = mergedChanges(record, behind);
  if (withFiles) restore(record.info.location.directory, changes, "before");
  const revert = { messageID, files: diffsOf(changes) };
  record.info.revert = revert;
  world.hub.durable(record, "session.revert.staged", { revert });
  return revert;
}

export function clearRevert(world: World, record: SessionRecord): void {
  refuseBusy(world, record);
  const { revert } = record.info;
  if (revert === undefined) return;
  restore(record.info.location.directory, mergedChanges(record, idsFrom(record, revert.messageID)), "after");
  delete record.info.revert;
  world.hub.durable(record, "session.revert.cleared");
}

/** Removes the message and all behind it. The next prompt does it, too. */
export function commitRevert(world: World, record: SessionRecord): void {
  refuseBusy(world, record);
  const { revert } = record.info;
  if (revert === undefined) return;
  const gone = new Set(idsFrom(record, revert.messageID));
  record.messages = record.messages.filter(({ id }) => !gone.has(id));
  for (const id of gone) delete record.changes[id];
  delete record.info.revert;
  world.hub.durable(record, "session.revert.committed", { to: revert.messageID });
}

/** @throws {Failure} 404 */
export function idsFrom(record: SessionRecord, messageID: string): string[] {
  const at = record.messages.findIndex(({ id }) => id === messageID);
  if (at < 0) throw messageNotFound(record.info.id, messageID);
  return record.messages.slice(at).map(({ id }) => id);
}

function refuseBusy(world: World, record: SessionRecord): void {
  if (world.runs.isBusy(record.info.id)) throw sessionBusy(record.info.id);
}
