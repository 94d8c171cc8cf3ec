/** Steering: a correction reaches the agent at its next step, and nothing is stopped. */
import assert from "node:assert/strict";
import { createOpencode, type SteerResult } from "opencode-ts";
import { toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(({ lastUserText, stepIndex }) => {
  if (lastUserText.startsWith("Use tabs")) return "Tabs it is.";
  if (stepIndex > 0) return "Done, with spaces.";
  return toolCall("bash", { command: "sleep 3", description: "Formats the files" });
});
await using opencode = await createOpencode(setup.options);

const session = await opencode.createSession({ title: "Format" });
const stream = session.askStream("Run `sleep 3`, then format the files.");
let steered: Promise<SteerResult> | undefined;
for await (const event of stream.events) {
  // The tool goes on; the model reads the correction when it is done.
  if (event.type === "tool-call") steered ??= stream.steer("Use tabs, please.");
}

const answer = await stream.answer;
console.log(answer.text);
const result = await steered;
console.log(`absorbed by the ${result?.absorbed} turn`);
if (setup.scripted) {
  assert.equal(result?.absorbed, "running");
  assert.equal(answer.text, "Tabs it is.");
}

// Nothing runs any more: the prompt is the next turn.
const late = await session.steer("Use tabs from now on.");
assert.equal(late.absorbed, "next");
console.log((await late.answer)?.text);
