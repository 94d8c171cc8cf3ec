/** The todo list of a session, which the preview stores with the tool call that wrote it, and nowhere else (1.18.18). */
import type { Todo } from "../../types/answer.js";
import { property, recordProperty, stringProperty } from "../../util/json.js";
import { toTodos } from "../todo-list.js";
import { storedPages } from "./message-pages.js";
import { contentOf } from "./message-parts.js";
import type { Wire } from "./wire.js";

const tool = "todowrite";
const pageSize = 100;

/** The list that the agent has written last; empty when it has written none. */
export async function newestTodos({ client }: Wire, sessionId: string): Promise<Todo[]> {
  for await (const { records } of storedPages(client, sessionId, { limit: pageSize })) {
    for (const record of records) {
      const written = contentOf(record).findLast(isWritten);
      if (written !== undefined) return toTodos(todosIn(written));
    }
  }
  return [];
}

/** A completed call that names a list. */
function isWritten(item: unknown): boolean {
  const isCompleted = stringProperty(recordProperty(item, "state"), "status") === "completed";
  return stringProperty(item, "name") === tool && isCompleted && Array.isArray(todosIn(item));
}

function todosIn(call: unknown): unknown {
  const state = recordProperty(call, "state");
  const said = recordProperty(state, "structured") ?? recordProperty(state, "metadata");
  return property(said, "todos") ?? property(recordProperty(state, "input"), "todos");
}
