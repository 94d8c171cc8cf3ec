/** The todo list of a session, which the preview stores with the tool call that wrote it, and nowhere else (1.18.18). */
import type { Todo } from "../../types/answer.js";
import { isRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import { below, records, type Wire } from "./wire.js";

const tool = "todowrite";
const longestPage = 100;
/** Messages that are looked through, in pages. */
const mostPages = 50;

/** The list that the agent has written last; empty when it has written none. */
export async function newestTodos({ client }: Wire, sessionId: string): Promise<Todo[]> {
  const path = below(sessionId, "/message");
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = { limit: longestPage, ...(cursor === undefined ? { order: "desc" } : { cursor }) };
    const { data } = await client.request("GET", path, { query });
    const messages = records(property(data, "data"), path);
    for (const message of messages) {
      const written = todosOf(message);
      if (written !== undefined) return written;
    }
    cursor = stringProperty(property(data, "cursor"), "next");
    if (cursor === undefined || messages.length < longestPage) break;
  }
  return [];
}

/** Of the last completed call in a message. */
function todosOf(message: unknown): Todo[] | undefined {
  const content = property(message, "content");
  if (!Array.isArray(content)) return undefined;
  for (const part of content.toReversed()) {
    const state = recordProperty(part, "state");
    if (stringProperty(part, "name") !== tool || stringProperty(state, "status") !== "completed") continue;
    const said = recordProperty(state, "structured") ?? recordProperty(state, "metadata");
    const list = property(said, "todos") ?? property(recordProperty(state, "input"), "todos");
    if (Array.isArray(list)) return list.filter(isRecord).map(todoOf);
  }
  return undefined;
}

function todoOf(todo: unknown): Todo {
  return {
    content: stringProperty(todo, "content") ?? "",
    status: stringProperty(todo, "status") ?? "",
    priority: stringProperty(todo, "priority") ?? "",
  };
}
