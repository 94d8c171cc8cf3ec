/** One prompt, one answer. `ask` starts the agent's server and ends it afterwards. */
import assert from "node:assert/strict";
import { ask } from "opencode-ts";
import { setUp } from "./setup.js";

await using setup = await setUp({ text: "Paris.", usage: { input: 12, output: 3 } });

const answer = await ask("What is the capital of France? One word.", setup.options);

console.log(answer.text);
console.log(`${answer.model}, ${answer.usage.input} + ${answer.usage.output} tokens, ${answer.finishReason}`);

assert.match(answer.text, /Paris/);
assert.equal(answer.finishReason, "stop");
if (setup.scripted) assert.deepEqual([answer.usage.input, answer.usage.output], [12, 3]);
