/** What a message must have for the fold to read it. */
import { isAssistantInfo } from "../client/content.js";
import type { AssistantMessage } from "../types/answer.js";

/** The head of an assistant message, with the fields that are read without a check elsewhere. */
export function isAssistant(info: unknown): info is AssistantMessage {
  return isAssistantInfo(info);
}
