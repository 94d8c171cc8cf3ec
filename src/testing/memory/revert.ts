/** Taking back: a mark at first, and for good with the next prompt. */
import { sinceRevert } from "./messages.js";
import type { Session } from "./records.js";
import { type MemoryServer, snapshot } from "./server.js";
import { removeUsage } from "./usage.js";

/** Marks all from the message on as taken back; a message that is not there changes nothing. */
export function revert(server: MemoryServer, session: Session, messageID: string): void {
  if (sinceRevert(server, session, messageID).length === 0) return;
  session.revert = server.options.git === true ? { messageID, snapshot, diff: "" } : { messageID };
  server.saved(session);
}

/** Takes the mark away. */
export function unrevert(server: MemoryServer, session: Session): void {
  if (session.revert === undefined) return;
  session.revert = undefined;
  server.saved(session);
}

/** Removes what was taken back: before anything new is added. */
export function cleanUpRevert(server: MemoryServer, session: Session): void {
  const { revert: mark } = session;
  if (mark === undefined) return;
  const list = server.messagesOf(session);
  const removed = sinceRevert(server, session, String(mark["messageID"]));
  list.splice(list.length - removed.length, removed.length);
  for (const { info } of removed) {
    removeUsage(session, info);
    server.tell(session, "message.removed", { sessionID: session.id, messageID: info.id }, session.id);
  }
  session.revert = undefined;
  server.saved(session);
}
