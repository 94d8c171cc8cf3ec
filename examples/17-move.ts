/** Moves a conversation to another server: as a document, without secrets. */
import assert from "node:assert/strict";
import { createOpencode, type SessionDocument } from "opencode-ts";
import type { ModelRequest } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(rememberName);
const document = await exported();
console.log(`${document.messages.length} messages, version ${document.version}`);
assert.ok(!JSON.stringify(document).includes("hunter22"));

// Another server, with its own home: it knows nothing of the first one.
await using opencode = await createOpencode(setup.options);
const session = await opencode.importSession(document);
const answer = await session.ask("What is my name? One word.");
console.log(answer.text);
assert.match(answer.text, /Ada/);

/** The document of a conversation whose server has ended since. It is JSON: write it into a file or a database. */
async function exported(): Promise<SessionDocument> {
  await using first = await createOpencode(setup.options);
  const session = await first.createSession({ title: "Names" });
  await session.ask("My name is Ada, my password=hunter22. Answer with OK.");
  return JSON.parse(JSON.stringify(await session.export({ redact: true }))) as SessionDocument;
}

/** The scripted model stores nothing: like any model, it receives the whole conversation each time. */
function rememberName({ messages, lastUserText }: ModelRequest): string {
  if (!lastUserText.startsWith("What")) return "OK";
  const name = /My name is (\w+)/.exec(JSON.stringify(messages))?.[1];
  return name === undefined ? "unknown" : `${name}.`;
}
