/** A look into a run: the output of a command while it runs, a repetition, and how full the model's context is. */
import assert from "node:assert/strict";
import { createOpencode, RunawayError } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

// The first prompt runs a command with three lines. The second makes the model call one tool again and again.
function script({ lastUserText, stepIndex }: ModelRequest): Reply {
  const bash = (command: string): Reply => toolCall("bash", { command, description: "runs" });
  if (lastUserText.includes("circle")) return bash("echo again");
  return stepIndex === 0 ? bash("for step in 1 2 3; do echo step $step; sleep 0.3; done") : "Built.";
}

await using setup = await setUp(script);
await using opencode = await createOpencode(setup.options);
const session = await opencode.createSession();

const stream = session.askStream("Build it.", { contextWarning: 0.8 });
let output = "";
for await (const event of stream.events) {
  if (event.type === "tool-progress") {
    output += event.text;
    process.stdout.write(event.text);
  } else if (event.type === "context") console.log("The context is nearly full.");
}
console.log((await stream.answer).text);

const { used, limit, byKind } = await session.contextUsage();
console.log(`${used} of ${limit} tokens are used, ${byKind.tools} of them by results of tools`);

if (setup.scripted !== undefined) {
  assert.equal(output, "step 1\nstep 2\nstep 3\n");
  assert.ok(used > 0);

  const runaway = await session.ask("Run in a circle.", { maxRepeats: 2 }).catch((error: unknown) => error);
  assert.ok(runaway instanceof RunawayError);
  console.log(`Ended: ${runaway.tool} was called ${runaway.count} times with the same result`);
}
