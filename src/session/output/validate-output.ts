/** The model's output against the schema: the server does not check it at all (1.18.33). */
import type { SchemaIssue } from "../../errors/index.js";
import { describeIssue } from "../../schema/describe-issue.js";
import { type OutputFormat, unwrap } from "./output-format.js";

/** The value, or why there is none; `message` tells it to the model. */
export type CheckedOutput<T> =
  | { readonly isValid: true; readonly value: T }
  | {
      readonly isValid: false;
      readonly message: string;
      readonly issues: readonly SchemaIssue[];
      readonly cause?: unknown;
    };

/** Checks what the model gave; `undefined` is nothing. */
export async function checkOutput<T>(format: OutputFormat<T>, raw: unknown): Promise<CheckedOutput<T>> {
  if (raw === undefined) {
    const message = "there is no JSON value in the answer";
    return { isValid: false, message, issues: [{ message }] };
  }
  let result = await format.validate(unwrap(format, raw));
  // `{ value: … }` may be the value itself.
  if (result.issues !== undefined && format.isWrapped) {
    const asGiven = await format.validate(raw);
    if (asGiven.issues === undefined) result = asGiven;
  }
  if (result.issues === undefined) return { isValid: true, value: result.value };
  const { issues } = result;
  const cause = "cause" in result ? result.cause : undefined;
  return { isValid: false, message: issues.map(describeIssue).join("; "), issues, cause };
}
