/** Sub-agents: what they do as it happens, what they ask for, and what each model of the tree has used. */
import assert from "node:assert/strict";
import { createOpencode } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(delegate);
// A session's rules do not reach its sub-agents: what they may do is configured with the server.
const config = { ...setup.options.config, agent: { general: { permission: { bash: "ask" } } } } as const;
await using opencode = await createOpencode({ ...setup.options, config });

const stream = opencode.askStream("Let a general sub-agent run `echo 42` in bash, and tell me what it printed.", {
  // `chain` leads from the session that was asked to the one that asks.
  onPermission: ({ permission, patterns, chain }) => {
    console.log(`level ${chain.length - 1} asks for ${permission}: ${patterns.join(", ")}`);
    return patterns.join() === "echo 42" ? "once" : { reject: "only echo 42" };
  },
});

let steps = 0;
for await (const event of stream.events) {
  if (event.type !== "subagent") continue;
  if (event.event === undefined) console.log(`sub-agent ${event.sessionId.slice(0, 8)}… begins`);
  if (event.event?.type === "tool-result") console.log(`it ran ${event.event.tool}: ${event.event.output.trim()}`);
  if (event.event?.type === "step-finish") steps += 1;
}

// The text, the tool calls and the parts are the turn's own; usage, cost and denials are of the whole tree.
const { text, toolCalls, usage, denials } = await stream.answer;
console.log(text);
for (const [model, used] of Object.entries(usage.byModel)) console.log(`${model}: ${used.total} tokens`);
assert.ok(steps > 0);
assert.equal(toolCalls[0]?.tool, "task");
assert.deepEqual(denials, []);
if (setup.scripted) {
  assert.equal(text, "It printed 42.");
  assert.equal(usage.total, 4 * 15);
}

/** The same model plays both: it knows by the prompt who it is. */
function delegate({ lastUserText, stepIndex, toolResults }: ModelRequest): Reply {
  const isChild = lastUserText === "Run it.";
  if (stepIndex > 0) return isChild ? `${toolResults[0]?.content}` : "It printed 42.";
  if (isChild) return toolCall("bash", { command: "echo 42", description: "prints" });
  return toolCall("task", { description: "echo", prompt: "Run it.", subagent_type: "general" });
}
