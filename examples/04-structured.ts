/** An answer as a typed, validated value. */
import assert from "node:assert/strict";
import { createOpencode, StructuredOutputError } from "opencode-ts";
import { z } from "zod";
import { setUp } from "./setup.js";

const Person = z.object({ name: z.string(), born: z.number().int() });

await using setup = await setUp([
  { structured: { name: "Ada Lovelace", born: 1815 } },
  { text: ['{"name": "Ada ', 'Lovelace", "born": 18', "15}"] },
  { structured: { name: "Ada" } },
  { structured: ["blue", "red", "yellow"] },
]);
await using opencode = await createOpencode(setup.options);

const prompt = "Who wrote the first computer program, and in which year was that person born?";
const { output } = await opencode.ask(prompt, { schema: Person });
console.log(`${output.name}, born in ${output.born}`); // output is { name: string; born: number }
if (setup.scripted) assert.deepEqual(output, { name: "Ada Lovelace", born: 1815 });

// While the model writes it: texts grow, everything else appears complete. The last value is the output of the answer.
const stream = opencode.askStream(prompt, { schema: Person, structured: "prompt" });
let last: unknown;
for await (const { name = "…", born } of stream.partialOutput) {
  console.log(`so far: ${name}${born === undefined ? "" : `, ${born}`}`);
  last = { name, born };
}
assert.deepEqual(last, (await stream.answer).output);

// Invalid output is requested again, twice by default. Then the call rejects with an error that gives the reason.
// It never returns an invalid value.
if (setup.scripted) {
  const once = { schema: Person, maxRepairs: 0 };
  const error: unknown = await opencode.ask(prompt, once).catch((reason: unknown) => reason);
  assert.ok(error instanceof StructuredOutputError);
  console.log(error.message);
  assert.deepEqual(error.raw, { name: "Ada" });
  assert.deepEqual(error.issues[0]?.path, ["born"]);
}

// Without a schema library: a JSON Schema, and the type as a type argument.
const colours = await opencode.ask<string[]>("The three primary colours, in lower case.", {
  schema: { type: "array", items: { type: "string" } },
});
console.log(colours.output.join(", "));
assert.equal(colours.output.length, 3);
