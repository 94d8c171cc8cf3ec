/** The operations of `Session`. They load with the first call of one: importing the package loads none. */
export { forkSession } from "./fork.js";
export { readContextUsage } from "./history/context-usage.js";
export { readContext, readDiff, readUsage } from "./history/inspect.js";
export { deleteMessage, iterateMessages, readMessages } from "./history/read-messages.js";
export { revertSession, unrevertSession } from "./history/revert.js";
export { abortSession, waitUntilIdle } from "./idle-session.js";
export { changePermissions } from "./permissions/change-permissions.js";
export { reloadDirectory } from "./reload.js";
export {
  deleteSession,
  readBudget,
  readChildSessions,
  readInfo,
  readStatus,
  readTodos,
  shareSession,
  unshareSession,
  updateSession,
} from "./session-record.js";
export { askSession } from "./turn/ask.js";
export { askNewSession } from "./turn/ask-new.js";
export { compactSession } from "./turn/bounded-compact.js";
export { runCommand, runShell } from "./turn/command.js";
export { steerSession } from "./turn/with-turn.js";
