/** The tool `question`: a form with one field for each question. */
import { isRecord, type JsonRecord } from "../../../../src/util/json.js";
import { flag, list, object, optional, text } from "../http/shape.js";
import type { Field } from "../run/forms.js";
import { parameters, type Tool, textResult } from "./tool.js";

export const questionTool: Tool = {
  name: "question",
  action: "question",
  description: "Asks the user.",
  parameters: parameters({
    questions: {
      type: "array",
      items: parameters({
        question: { type: "string" },
        header: { type: "string" },
        options: { type: "array", items: parameters({ label: { type: "string" }, description: { type: "string" } }) },
        "multiple?": { type: "boolean" },
        "custom?": { type: "boolean" },
      }),
    },
  }),
  shape: object({
    questions: list(
      object({
        question: text,
        header: text,
        options: list(object({ label: text, description: optional(text) })),
        multiple: optional(flag),
        custom: optional(flag),
      }),
    ),
  }),
  async run(input, call) {
    const questions = (input["questions"] as unknown[]).filter(isRecord);
    await call.require({ action: "question", resources: ["*"] });
    const draft = { sessionID: call.record.info.id, title: "Questions", fields: questions.map(fieldOf) };
    const answer = await call.world.forms.ask(draft, call.directory, call.signal);
    const answers = questions.map((_, index) => answer[`q${index}`] ?? []);
    const lines = questions.map(({ question }, index) => `${question}: ${spoken(answers[index])}`);
    return textResult(lines.join("\n"), { answers: answers.map((one) => [one].flat()) });
  },
};

function fieldOf(question: JsonRecord, index: number): Field {
  const options = (question["options"] as JsonRecord[]).map(({ label, description }) => ({
    value: String(label),
    label: String(label),
    ...(description === undefined ? {} : { description: String(description) }),
  }));
  return {
    key: `q${index}`,
    type: question["multiple"] === true ? "multiselect" : "string",
    title: question["header"],
    description: question["question"],
    options,
    custom: question["custom"] !== false,
  };
}

function spoken(answer: unknown): string {
  const texts = [answer].flat().filter((one) => one !== undefined);
  return texts.length === 0 ? "Unanswered" : texts.join(", ");
}
