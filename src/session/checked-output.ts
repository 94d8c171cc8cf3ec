/** The model's output against the schema: the server does not check it at all (1.18.33). */
import { type SchemaIssue, StructuredOutputError } from "../errors.js";
import type { Answer } from "../types/answer.js";
import { type OutputFormat, unwrap } from "./output.js";

/** The validated output; throws `StructuredOutputError` with the reasons. */
export async function checkedOutput<T>(format: OutputFormat<T>, raw: unknown, answer: Answer<undefined>): Promise<T> {
  const facts = { sessionId: answer.sessionId, answer, raw: raw ?? answer.text };
  if (raw === undefined) {
    const issues = [{ message: "no JSON value in the answer" }];
    throw new StructuredOutputError("the model gave no JSON", { ...facts, issues });
  }
  let result = await format.validate(unwrap(format, raw));
  // `{ value: … }` may be the value itself.
  if (result.issues !== undefined && format.isWrapped) {
    const asGiven = await format.validate(raw);
    if (asGiven.issues === undefined) result = asGiven;
  }
  if (result.issues === undefined) return result.value;
  const { issues } = result;
  const cause = "cause" in result ? result.cause : undefined;
  const text = issues.map(describe).join("; ");
  throw new StructuredOutputError(`the model's output does not fit the schema: ${text}`, { ...facts, issues, cause });
}

function describe({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((item) => String(typeof item === "object" && item !== null && "key" in item ? item.key : item));
  return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
}
