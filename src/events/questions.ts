/** The questions of a `question.asked` event, and of the server's list of them. */

import type { QuestionRequest } from "../types/request.js";
import { isRecord, stringProperty } from "../util/json.js";

/** Of what is no list: none. */
export function questionsOf(list: unknown): QuestionRequest["questions"] {
  if (!Array.isArray(list)) return [];
  return list.map((item) => ({
    question: stringProperty(item, "question") ?? "",
    header: stringProperty(item, "header") ?? "",
    options: optionsOf(item),
    multiple: isRecord(item) && item["multiple"] === true,
  }));
}

function optionsOf(item: unknown): { label: string; description: string }[] {
  const options = isRecord(item) ? item["options"] : undefined;
  if (!Array.isArray(options)) return [];
  return options.map((option) => ({
    label: stringProperty(option, "label") ?? "",
    description: stringProperty(option, "description") ?? "",
  }));
}
