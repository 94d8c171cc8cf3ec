/** Fallback models: if a provider fails, the turn goes on with the next model, and no tool runs twice. */
import assert from "node:assert/strict";
import { createOpencode } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

// The first model calls a tool; then its provider refuses the key. The second model finishes the work.
function script({ model, stepIndex }: ModelRequest): Reply {
  if (model === "second") return "The tool said: fallback.";
  return stepIndex === 0
    ? toolCall("bash", { command: "echo fallback", description: "prints a word" })
    : { status: 401 };
}

await using setup = await setUp(script);
const { options, scripted } = setup;
const config = options.config as NonNullable<typeof scripted>["config"] | undefined;
const provider = config?.provider?.["scripted"];
const models = { ...provider?.models, second: { ...provider?.models?.["model"], name: "Second model" } };
await using opencode = await createOpencode(
  scripted === undefined
    ? options
    : { ...options, config: { ...config, provider: { scripted: { ...provider, models } } } },
);

const stream = opencode.askStream("Print a word, and say which one.", {
  // With a real model: the names of models of other providers.
  ...(scripted === undefined ? {} : { fallbackModels: ["scripted/second"] }),
});
for await (const event of stream.events)
  if (event.type === "fallback") console.log(`${event.from} failed (${event.reason}): ${event.to} goes on`);

const answer = await stream.answer;
console.log(answer.text);
for (const { model, error } of answer.attempts) console.log(model, error?.message ?? "answered");

if (scripted !== undefined) {
  assert.equal(answer.model, "scripted/second");
  assert.equal(answer.attempts.length, 2);
  assert.equal(answer.toolCalls.length, 1);
}
