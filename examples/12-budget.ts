/** Limits for a turn: steps, tokens, cost and time. Budgets for a session, over all its turns, in every process. */
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

// A budget binds all turns of the session, also those of other processes.
const bounded = await opencode.createSession({ title: "Bounded", budget: { steps: 2, cost: 1 } });
const turns = await Promise.allSettled(["Look once.", "Look again."].map((prompt) => bounded.ask(prompt)));
for (const turn of turns) {
  if (turn.status === "fulfilled")
    console.log(turn.value.text); // a real model may need one step only
  else if (turn.reason instanceof BudgetExceededError) console.log(turn.reason.scope, turn.reason.message);
  else throw turn.reason;
}
const { spent, left } = await bounded.budget();
console.log(`${spent.steps} steps, ${left.steps} left`);
if (setup.scripted) {
  assert.equal(left.steps, 0);
  const [first, second] = turns.map((turn) => (turn.status === "rejected" ? turn.reason : undefined));
  assert.ok(first instanceof BudgetExceededError && first.answer !== undefined); // aborted with the second step
  assert.ok(second instanceof BudgetExceededError && second.answer === undefined); // refused: no model was called
}

// A copy goes on with a budget of its own.
const copy = await bounded.fork({ budget: { steps: 10 } });
assert.equal((await copy.budget()).left.steps, 10);
