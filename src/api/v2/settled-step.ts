/**
 * The end of a step that the server leaves open. When the user refuses a request without a reason, or interrupts a tool, a run of 2.x ends
 * in silence; messages of 1.x say what has happened. Only for the last step of a run that is over.
 */
import { isRecord, type JsonRecord, numberProperty, recordProperty, stringProperty } from "../../util/json.js";

/** Of a tool call that was refused, or whose run was interrupted (2.0 preview 1.18.18). */
const cutTool = "Tool execution interrupted";
/** The same of released 2.x, by its sources; not run against a real 2.1. */
const declinedTool = /declined this tool call/i;
/** Of a refusal with a reason, in 2.1. */
const refused = "permission.rejected";
/** Our own mark of a call that the user has refused. */
const declined = "declined";

/** The error text of 1.x for a call that was refused; `undefined` for other errors. */
export function declinedText(tool: string, type: string | undefined, message: string): string | undefined {
  if (type === declined || (type === "aborted" && declinedTool.test(message))) {
    if (tool === "question") return "The user dismissed this question";
    return "The user rejected permission to use this specific tool call.";
  }
  if (type !== refused) return undefined;
  return `The user rejected permission to use this specific tool call with the following feedback: ${message}`;
}

/** A call of the step, which nothing has followed, was refused: a run that was cut leaves its calls open. */
export function hasRefusal({ content }: JsonRecord): boolean {
  const isRefusal = (type: string | undefined, text: string): boolean =>
    isCut(type, text) || type === refused || declinedTool.test(text);
  return Array.isArray(content) && content.some((item) => hasError(item, isRefusal));
}

/** The record as it would be with an end; the same object when it has one, or none can be told: its server has died. */
export function settledStep(record: JsonRecord): JsonRecord {
  const { finish, error, content } = record;
  const tools = Array.isArray(content) ? content.filter((item) => isRecord(item) && item["type"] === "tool") : [];
  const hasDeclined = tools.some((tool) =>
    hasError(tool, (type, text) => type === "aborted" && declinedTool.test(text)),
  );
  if (hasDeclined && (error === undefined || stringProperty(error, "type") === "aborted"))
    return withoutError(record, tools);
  if (error !== undefined || !tools.some((tool) => hasError(tool, isCut)) || tools.some(isOpen)) return record;
  if (finish === "tool-calls") {
    // The step has its end, and none follows: the run was interrupted.
    return { ...record, error: { type: "aborted", message: cutTool } };
  }
  if (finish !== undefined || numberProperty(recordProperty(record, "time"), "completed") !== undefined) return record;
  return withoutError({ ...record, content: (content as unknown[]).map(marked) }, tools);
}

/** A run that a refusal has ended: 1.x stores no error of it. */
function withoutError(record: JsonRecord, tools: readonly unknown[]): JsonRecord {
  const { error: _refusal, ...rest } = record;
  const time = recordProperty(record, "time");
  const ends = tools.map((tool) => numberProperty(recordProperty(tool, "time"), "completed") ?? 0);
  const completed = numberProperty(time, "completed") ?? Math.max(...ends, numberProperty(time, "created") ?? 0);
  return { ...rest, finish: "tool-calls", time: { ...time, completed } };
}

function marked(item: unknown): unknown {
  if (!isRecord(item) || !hasError(item, isCut)) return item;
  return { ...item, state: { ...recordProperty(item, "state"), error: { type: declined, message: cutTool } } };
}

function isCut(_type: string | undefined, message: string): boolean {
  return message === cutTool;
}

function hasError(tool: unknown, check: (type: string | undefined, message: string) => boolean): boolean {
  const state = recordProperty(tool, "state");
  const error = recordProperty(state, "error");
  if (stringProperty(state, "status") !== "error" || error === undefined) return false;
  return check(stringProperty(error, "type"), stringProperty(error, "message") ?? "");
}

function isOpen(tool: unknown): boolean {
  const status = stringProperty(recordProperty(tool, "state"), "status");
  return status !== "completed" && status !== "error";
}
