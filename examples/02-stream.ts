/** Streams the text, then gives the complete answer. */
import assert from "node:assert/strict";
import { askStream } from "opencode-ts";
import { setUp } from "./setup.js";

await using setup = await setUp({ text: ["one, ", "two, ", "three, ", "four"], delay: 50 });

const stream = askStream("Count to four in words.", setup.options);

let text = "";
for await (const piece of stream) {
  process.stdout.write(piece);
  text += piece;
}
console.log();

// The pieces add up to the text; the answer has everything else. Leaving the loop early would abort the run.
const answer = await stream.answer;
console.log(`session ${answer.sessionId}, ${answer.usage.total} tokens`);

assert.equal(text, answer.text);
if (setup.scripted) assert.equal(text, "one, two, three, four");
