/** A conversation: the second answer uses the first prompt. */
import assert from "node:assert/strict";
import { createOpencode } from "opencode-ts";
import type { ModelRequest } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(rememberName);
await using opencode = await createOpencode(setup.options);

const session = await opencode.createSession({ title: "Names" });
await session.ask("My name is Ada. Answer with OK.");
const answer = await session.ask("What is my name? One word.");
console.log(answer.text);
assert.match(answer.text, /Ada/);

// Another session does not know the name.
const other = await opencode.ask("What is my name? If you do not know, say unknown.");
console.log(other.text);
assert.doesNotMatch(other.text, /Ada/);

// The server stores the conversation: any client can continue a session by its id.
const messages = await opencode.session(session.id).messages();
console.log(messages.map(({ info }) => info.role).join(", "));
assert.deepEqual(
  messages.map(({ info }) => info.role),
  ["user", "assistant", "user", "assistant"],
);

await session.delete();

/** The scripted model stores nothing: like any model, it receives the whole conversation each time. */
function rememberName({ messages, lastUserText }: ModelRequest): string {
  if (!lastUserText.startsWith("What")) return "OK";
  const name = /My name is (\w+)/.exec(JSON.stringify(messages))?.[1];
  return name === undefined ? "unknown" : `${name}.`;
}
