/** Events of 2.x that need no memory of earlier ones, in our own terms. */
import { recordProperty, stringProperty } from "../../util/json.js";
import type { ApiEvent } from "../api-event.js";
import { toTodos } from "../todo-list.js";
import type { WireEvent } from "./wire-event.js";

/** What event types of any 2.x begin with: others mean nothing that we know of. */
const known: ReadonlySet<string> = new Set(
  (
    "server session permission question form todo file location config provider model catalog agent command skill plugin reference " +
    "websearch integration credential project worktree filesystem vcs mcp pty persistent-pty shell tui installation models-dev rpc " +
    "lsp ide workspace"
  ).split(" "),
);

/** `undefined` for an event of a session's run: those are folded. */
export function plainEvent({ name, data, sessionId, raw }: WireEvent): ApiEvent | undefined {
  const base = { sessionId, raw };
  switch (name) {
    case "server.connected":
      return { type: "connected", ...base };
    case "session.created": {
      const parentId = stringProperty(data, "parentID") ?? stringProperty(recordProperty(data, "info"), "parentID");
      const [title, agent] = [stringProperty(data, "title"), stringProperty(data, "agent")];
      return { type: "session-created", parentId, title, agent, ...base };
    }
    case "todo.updated":
      return { type: "todo", todos: toTodos(data["todos"]), ...base };
    case "file.edited":
      return { type: "file-edited", file: stringProperty(data, "file") ?? "", ...base };
    default:
      return sessionId !== undefined && name.startsWith("session.") ? undefined : otherEvent({ name, raw, sessionId });
  }
}

/** An event that means nothing here. */
export function otherEvent({ name, raw, sessionId }: Pick<WireEvent, "name" | "raw" | "sessionId">): ApiEvent {
  return { type: "other", isKnown: known.has(name.split(".", 1)[0] ?? ""), sessionId, raw };
}
