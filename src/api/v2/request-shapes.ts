/** Permission requests, questions and forms of 2.x in our own terms, from events and from lists. */
import { isRecord, type JsonRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import type { OpenPermission, OpenQuestion } from "../api-event.js";
import { openQuestion } from "../v1/request-shapes.js";
import type { Dialect } from "./dialects.js";
import { ownPermission } from "./names.js";

/** `undefined` for a value that is no permission request. */
export function openPermissionV2(dialect: Dialect, value: unknown): OpenPermission | undefined {
  const id = stringProperty(value, "id");
  const sessionId = stringProperty(value, "sessionID");
  const action = stringProperty(value, "action");
  if (id === undefined || sessionId === undefined || action === undefined) return undefined;
  return {
    id,
    sessionId,
    permission: ownPermission(dialect, action),
    patterns: strings(property(value, "resources")),
    always: strings(property(value, "save")),
    metadata: recordProperty(value, "metadata") ?? {},
    call: callOf(recordProperty(value, "source")),
  };
}

/** The call's id is `callID` in the preview (1.18.18), `id` in the types of later ones. */
function callOf(source: JsonRecord | undefined): OpenPermission["call"] {
  return {
    messageId: stringProperty(source, "messageID"),
    callId: stringProperty(source, "callID") ?? stringProperty(source, "id"),
  };
}

/** Before a form's id: the public ids of questions begin so. */
const formPrefix = "que_";

/** The id of a form for those above. */
export function questionIdOf(formId: string): string {
  return formId.startsWith("frm") ? `${formPrefix}${formId}` : formId;
}

/** The server's id of a question. */
export function serverQuestionId(questionId: string): string {
  return questionId.startsWith(`${formPrefix}frm`) ? questionId.slice(formPrefix.length) : questionId;
}

/** A question of the preview, or a form of later ones. `undefined` for what is neither. */
export function openQuestionV2(value: unknown): OpenQuestion | undefined {
  return Array.isArray(property(value, "fields")) ? openForm(value) : openQuestion(value);
}

/** A form's fields as questions, in order. Fields that nobody sees are left out. Not run against a real 2.1. */
function openForm(value: unknown): OpenQuestion | undefined {
  const id = stringProperty(value, "id");
  const sessionId = stringProperty(value, "sessionID");
  if (id === undefined || sessionId === undefined) return undefined;
  const metadata = recordProperty(value, "metadata");
  const title = stringProperty(value, "title") ?? "";
  return {
    id: questionIdOf(id),
    sessionId,
    questions: shownFields(value).map((field) => ({
      question: stringProperty(field, "description") ?? stringProperty(field, "title") ?? title,
      header: stringProperty(field, "title") ?? title,
      options: optionsOf(field).map((option) => ({
        label: option.label,
        description: option.description,
      })),
      multiple: stringProperty(field, "type") === "multiselect",
    })),
    call: callOf(recordProperty(metadata, "source") ?? recordProperty(metadata, "tool")),
  };
}

/** The fields of a form that are asked. */
export function shownFields(form: unknown): JsonRecord[] {
  const fields = property(form, "fields");
  return Array.isArray(fields) ? fields.filter(isRecord).filter((field) => property(field, "hidden") !== true) : [];
}

interface Option {
  readonly value: string;
  readonly label: string;
  readonly description: string;
}

/** A yes-or-no field has the two as its options. */
function optionsOf(field: JsonRecord): Option[] {
  if (stringProperty(field, "type") === "boolean") {
    return ["Yes", "No"].map((label) => ({ value: label, label, description: "" }));
  }
  const options = property(field, "options");
  if (!Array.isArray(options)) return [];
  return options.filter(isRecord).map((option) => {
    const value = stringProperty(option, "value") ?? "";
    const label = stringProperty(option, "label") ?? value;
    return { value, label, description: stringProperty(option, "description") ?? "" };
  });
}

/** The answers to a form by the keys of its fields: an option by its value, anything else as it was written. */
export function formAnswer(form: unknown, answers: readonly (readonly string[])[]): JsonRecord {
  const answer: JsonRecord = {};
  for (const [index, field] of shownFields(form).entries()) {
    const key = stringProperty(field, "key") ?? `q${index}`;
    const given = answers[index] ?? [];
    if (given.length === 0) continue; // unanswered
    const options = optionsOf(field);
    const values = given.map(
      (text) => options.find(({ label, value }) => text === label || text === value)?.value ?? text,
    );
    answer[key] = fieldValue(stringProperty(field, "type"), values);
  }
  return answer;
}

function fieldValue(type: string | undefined, values: readonly string[]): unknown {
  const [first = ""] = values;
  if (type === "multiselect") return [...values];
  if (type === "boolean") return /^(yes|true|y|1)$/i.test(first.trim());
  const number = Number(first);
  if ((type === "number" || type === "integer") && first.trim() !== "" && !Number.isNaN(number)) return number;
  return values.join(", ");
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
