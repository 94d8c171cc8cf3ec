/** Sub-agents: their events, permission requests, states and limits, and the usage of each model in the tree. */
import assert from "node:assert/strict";
import { createOpencode } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(delegate);
// A session's rules do not apply to its sub-agents: the server's configuration sets their permissions.
const config = { ...setup.options.config, agent: { general: { permission: { bash: "ask" } } } } as const;
await using opencode = await createOpencode({ ...setup.options, config });

const stream = opencode.askStream("Let a general sub-agent run `echo 42` in bash, and tell me what it printed.", {
  // `chain` leads from the prompted session to the requesting session.
  onPermission: ({ permission, patterns, chain }) => {
    console.log(`level ${chain.length - 1} requests ${permission}: ${patterns.join(", ")}`);
    return patterns.join() === "echo 42" ? "once" : { reject: "only echo 42" };
  },
});

let steps = 0;
for await (const event of stream.events) {
  if (event.type !== "subagent") continue;
  if (event.event === undefined) console.log(`sub-agent ${event.sessionId.slice(0, 8)}… starts`);
  if (event.event?.type === "tool-result") console.log(`it ran ${event.event.tool}: ${event.event.output.trim()}`);
  if (event.event?.type === "step-finish") steps += 1;
}

// Text, tool calls and parts belong to the turn itself; usage, cost and denials cover the whole tree.
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

// The sub-agents of the turn: the sums of their steps, and their states. `abort(reason)` would end one that runs, and only that one.
for (const { title, agent, status, usage: own } of stream.subagents()) console.log(title, agent, status, own.total);
if (setup.scripted)
  assert.deepEqual(
    stream.subagents().map(({ status }) => status),
    ["completed"],
  );

// Limits for a turn: one sub-agent too many is refused with a reason, and the run continues without it.
const limited = await opencode.ask("Let a general sub-agent run `echo 42` in bash, and tell me what it printed.", {
  maxSubagents: 0,
  maxDepth: 1,
});
for (const { permission, by, reason } of limited.denials) console.log(permission, by, reason);
if (setup.scripted) assert.equal(limited.denials[0]?.by, "maxSubagents");

/** One model plays both roles: the prompt tells it which. */
function delegate({ lastUserText, stepIndex, toolResults }: ModelRequest): Reply {
  const isChild = lastUserText === "Run it.";
  if (stepIndex > 0) return isChild ? `${toolResults[0]?.content}` : "It printed 42.";
  if (isChild) return toolCall("bash", { command: "echo 42", description: "prints" });
  return toolCall("task", { description: "echo", prompt: "Run it.", subagent_type: "general" });
}
