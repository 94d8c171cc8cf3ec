/** The agent asks a question. A function answers it; without one the agent continues without an answer. */
import assert from "node:assert/strict";
import { createOpencode } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(curious);
await using opencode = await createOpencode(setup.options);

const answered = await opencode.ask("Set the project up. Ask me which database to use.", {
  onQuestion: ({ questions }) =>
    questions.map(({ question, options }) => {
      console.log(`${question} ${options.map(({ label }) => label).join(" / ")}`);
      return [options.at(-1)?.label ?? "any"];
    }),
});
console.log(answered.text);
assert.match(answered.text, /SQLite/);

// Without onQuestion the question stays unanswered. The run continues.
const alone = await opencode.ask(
  "Set the project up. Ask me which database to use, and decide yourself if I say nothing.",
);
console.log(alone.text);
assert.notEqual(alone.text, "");

function curious({ toolResults: [result] }: ModelRequest): Reply {
  if (result !== undefined)
    return result.content.includes("SQLite") ? "I use SQLite." : "Nobody answered: I use files.";
  const options = [
    { label: "Postgres", description: "a server" },
    { label: "SQLite", description: "a file" },
  ];
  return toolCall("question", { questions: [{ question: "Which database?", header: "Database", options }] });
}
