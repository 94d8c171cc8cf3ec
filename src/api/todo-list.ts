/** Todo lists, which all protocols send in one shape. */
import type { Todo } from "../types/answer.js";
import { stringProperty } from "../util/json.js";

/** The entries of a list; fields that are missing are empty. None for what is no list. */
export function toTodos(list: unknown): Todo[] {
  if (!Array.isArray(list)) return [];
  return list.map((todo) => ({
    content: stringProperty(todo, "content") ?? "",
    status: stringProperty(todo, "status") ?? "",
    priority: stringProperty(todo, "priority") ?? "",
  }));
}
