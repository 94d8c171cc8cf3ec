/** Validates the fields of events that the page reads: events arrive unchecked from any agent. Pure. */
import type { AssistantMessage, Part, SessionInfo, UserMessage } from "../../client.js";
import { isRecord } from "./storage.js";

/** Validates the head of a message. */
export function asMessageInfo(value: unknown): UserMessage | AssistantMessage | undefined {
  if (!isRecord(value) || typeof value["id"] !== "string" || !hasCreated(value)) return undefined;
  if (value["role"] === "user") return value as unknown as UserMessage; // the fields that are read were checked
  const { tokens, error } = value;
  const isCounted = isRecord(tokens) && isRecord(tokens["cache"]) && typeof value["cost"] === "number";
  const isReadable = error === undefined || (isRecord(error) && isRecord(error["data"]));
  const isAnswer = value["role"] === "assistant" && typeof value["parentID"] === "string";
  return isAnswer && isCounted && isReadable ? (value as unknown as AssistantMessage) : undefined; // as above
}

/** Validates a part of a message. */
export function asPart(value: unknown): Part | undefined {
  if (!isRecord(value) || typeof value["id"] !== "string" || typeof value["messageID"] !== "string") return undefined;
  const { type, text, state, mime, url } = value;
  const isText = type === "text" || type === "reasoning";
  if (isText && typeof text !== "string") return undefined;
  if (type === "tool" && !(typeof value["tool"] === "string" && isToolState(state))) return undefined;
  if (type === "file" && !(typeof mime === "string" && typeof url === "string")) return undefined;
  return value as unknown as Part; // the fields that are read were checked
}

/** Validates a session's description. */
export function asSession(value: unknown): SessionInfo | undefined {
  if (!isRecord(value) || typeof value["id"] !== "string" || typeof value["title"] !== "string") return undefined;
  const { time } = value;
  const isTimed = isRecord(time) && typeof time["updated"] === "number";
  return isTimed ? (value as unknown as SessionInfo) : undefined; // the fields that are read were checked
}

function hasCreated(value: Record<string, unknown>): boolean {
  const { time } = value;
  return isRecord(time) && typeof time["created"] === "number";
}

function isToolState(state: unknown): boolean {
  if (!isRecord(state) || !isRecord(state["input"])) return false;
  const { status, time, output, error } = state;
  const hasTimes = isRecord(time) && typeof time["start"] === "number" && typeof time["end"] === "number";
  if (status === "completed") return hasTimes && typeof output === "string";
  if (status === "error") return hasTimes && typeof error === "string";
  return status === "pending" || status === "running";
}
