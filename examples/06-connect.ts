/** Connects to a running server by its address, of opencode 1.x or 2.x. Closing the client does not end that server. */
import assert from "node:assert/strict";
import { ask, createOpencode, createOpencodeServer } from "opencode-ts";
import { setUp } from "./setup.js";

await using setup = await setUp(({ lastUserText }) => `You said: ${lastUserText}`);
const { model, ...serverOptions } = setup.options;

// In practice: `OPENCODE_SERVER_PASSWORD=… opencode serve`, possibly on another machine.
await using server = await createOpencodeServer(serverOptions);
const { url: baseUrl, password, directory } = server;

const opencode = await createOpencode({ baseUrl, password, directory, model });
console.log(`connected to opencode ${opencode.protocol.version}, protocol ${opencode.protocol.name}`);

const [first, second] = await Promise.all([opencode.ask("one"), opencode.ask("two")]);
console.log(`${first} / ${second}`);
await opencode.close();

// A single prompt needs no client.
const third = await ask("three", { baseUrl, password, directory, model });
console.log(third.text);

// The server still runs, and rejects requests without the password.
await assert.rejects(createOpencode({ baseUrl }), { name: "AuthenticationError" });
if (setup.scripted)
  assert.deepEqual([`${first}`, `${second}`, `${third}`], ["You said: one", "You said: two", "You said: three"]);
