/** An answer as a typed, validated value. */
import assert from "node:assert/strict";
import { ask, isOpencodeError, StructuredOutputError } from "opencode-ts";
import { z } from "zod";
import { setUp } from "./setup.js";

const Person = z.object({ name: z.string(), born: z.number().int() });

await using setup = await setUp([
  { structured: { name: "Ada Lovelace", born: 1815 } },
  { structured: { name: "Ada" } },
]);

const prompt = "Who wrote the first computer program, and in which year was that person born?";
const { output } = await ask(prompt, { ...setup.options, schema: Person });
console.log(`${output.name}, born in ${output.born}`); // output is { name: string; born: number }
assert.deepEqual(output, { name: "Ada Lovelace", born: 1815 });

// What does not fit is an error that says why, never a half-typed value.
if (setup.scripted) {
  const error: unknown = await ask(prompt, { ...setup.options, schema: Person }).catch((reason: unknown) => reason);
  assert.ok(error instanceof StructuredOutputError && isOpencodeError(error));
  console.log(error.message);
  assert.deepEqual(error.raw, { name: "Ada" });
  assert.deepEqual(error.issues[0]?.path, ["born"]);
}

// Without a schema library: a JSON Schema, and the type you say it has.
if (setup.scripted === undefined) {
  const list = await ask<string[]>("The three primary colours, in lower case.", {
    ...setup.options,
    schema: { type: "array", items: { type: "string" } },
  });
  assert.equal(list.output.length, 3);
}
