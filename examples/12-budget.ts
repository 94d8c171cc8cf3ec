/** Limits for a turn: steps, tokens, cost and time. A run that exceeds a limit is aborted, also on the server. */
import assert from "node:assert/strict";
import { BudgetExceededError, createOpencode } from "opencode-ts";
import { toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

// An agent that never finishes: every step calls a tool again.
await using setup = await setUp({
  ...toolCall("bash", { command: "echo still not sure", description: "looks again" }),
  text: "Let me look once more. ",
});
await using opencode = await createOpencode(setup.options);

const session = await opencode.createSession({ title: "Endless" });
const error: unknown = await session
  .ask("Look at the clock with `date` until it is midnight.", {
    maxSteps: 3, // model steps, sub-agents' included
    maxTokens: 1_000_000,
    maxCost: 0.5, // USD; applies only to models with a price
    timeout: 300_000,
  })
  .then(
    ({ text }) => text, // a real model may notice that the task is endless
    (reason: unknown) => reason,
  );

if (setup.scripted) assert.ok(error instanceof BudgetExceededError);
if (error instanceof BudgetExceededError) {
  const { limit, used, max, answer } = error;
  console.log(`${limit}: ${used} of ${max}; so far ${answer?.toolCalls.length} tool calls`);
  assert.equal(limit, "maxSteps");
  assert.ok(used >= max);
}

// The usage stays recorded, and the session can continue.
assert.equal((await session.status()).type, "idle");
const { total, cost, costKnown, byModel } = await session.usage();
console.log(`${total} tokens, ${costKnown ? `${cost} USD` : "at an unknown price"}`);
for (const [model, used] of Object.entries(byModel)) console.log(`${model}: ${used.input} in, ${used.output} out`);
assert.ok(total > 0);
