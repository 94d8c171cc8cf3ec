/** Permission requests and questions, from events and from the server's lists of open ones. */

import type { QuestionRequest } from "../../types/request.js";
import { isRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import type { OpenPermission, OpenQuestion } from "../api-event.js";

/** `undefined` for a value that is no permission request. */
export function openPermission(value: unknown): OpenPermission | undefined {
  const base = baseOf(value);
  const permission = stringProperty(value, "permission");
  if (base === undefined || permission === undefined) return undefined;
  return {
    ...base,
    permission,
    patterns: strings(property(value, "patterns")),
    always: strings(property(value, "always")),
    metadata: recordProperty(value, "metadata") ?? {},
  };
}

/** `undefined` for a value that is no question. */
export function openQuestion(value: unknown): OpenQuestion | undefined {
  const base = baseOf(value);
  const questions = property(value, "questions");
  if (base === undefined || !Array.isArray(questions)) return undefined;
  return { ...base, questions: questions.map(questionOf) };
}

function baseOf(value: unknown): Pick<OpenQuestion, "id" | "sessionId" | "call"> | undefined {
  const id = stringProperty(value, "id");
  const sessionId = stringProperty(value, "sessionID");
  if (id === undefined || sessionId === undefined) return undefined;
  const tool = recordProperty(value, "tool");
  return {
    id,
    sessionId,
    call: { messageId: stringProperty(tool, "messageID"), callId: stringProperty(tool, "callID") },
  };
}

function questionOf(item: unknown): QuestionRequest["questions"][number] {
  return {
    question: stringProperty(item, "question") ?? "",
    header: stringProperty(item, "header") ?? "",
    options: optionsOf(item),
    multiple: isRecord(item) && item["multiple"] === true,
  };
}

function optionsOf(item: unknown): { label: string; description: string }[] {
  const options = isRecord(item) ? item["options"] : undefined;
  if (!Array.isArray(options)) return [];
  return options.map((option) => ({
    label: stringProperty(option, "label") ?? "",
    description: stringProperty(option, "description") ?? "",
  }));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
