/** What is told of a prompt's changes after each step: there are none, and it is told all the same. */
import type { Session } from "./records.js";
import type { Run } from "./run-handle.js";
import type { MemoryServer } from "./server.js";

/** Tells of all prompts that the run has noted. */
export function tellSummaries(server: MemoryServer, session: Session, run: Run): void {
  for (const user of run.takeUsers()) tellSummary(server, session, user.id);
}

function tellSummary(server: MemoryServer, session: Session, userId: string): void {
  session.summary = { additions: 0, deletions: 0, files: 0 };
  server.saved(session, false);
  server.tell(session, "session.diff", { sessionID: session.id, diff: [] });
  const user = server.messagesOf(session).find(({ info }) => info.id === userId);
  // One that asks for structured output cannot be read back by the server itself.
  if (user === undefined || user.info.format !== undefined) return;
  server.saveInfo(session, { ...user.info, summary: { diffs: [] } });
}
