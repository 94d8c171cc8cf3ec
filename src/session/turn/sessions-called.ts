/** Which sessions a message has given work to. */
import type { Message } from "../../types/answer.js";
import { recordProperty, stringProperty } from "../../util/json.js";

/** The sessions that the `task` tool calls of a message ran in (1.18.33: `metadata.sessionId`). */
export function sessionsCalled({ parts }: Pick<Message, "parts">): string[] {
  return parts.flatMap((part) => {
    if (part.type !== "tool" || part.tool !== "task") return [];
    const id = stringProperty(recordProperty(part.state, "metadata"), "sessionId");
    return id === undefined ? [] : [id];
  });
}
