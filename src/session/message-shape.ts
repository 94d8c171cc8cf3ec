/** Checks of messages as events carry them, before their fields are read. */
import { isRecord, numberProperty, recordProperty, stringProperty } from "../internal/json.js";
import type { AssistantMessage } from "../types/answer.js";

/** The fields of an assistant message that are read without a check elsewhere. */
export function isAssistant(info: unknown): info is AssistantMessage {
  if (!isRecord(info) || stringProperty(info, "role") !== "assistant") return false;
  const tokens = recordProperty(info, "tokens");
  return (
    stringProperty(info, "parentID") !== undefined &&
    stringProperty(info, "providerID") !== undefined &&
    stringProperty(info, "modelID") !== undefined &&
    numberProperty(recordProperty(info, "time"), "created") !== undefined &&
    numberProperty(info, "cost") !== undefined &&
    numberProperty(tokens, "input") !== undefined &&
    numberProperty(tokens, "output") !== undefined
  );
}
