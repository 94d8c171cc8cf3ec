/** A server that runs already: connected to by its address, and never ended by who has only connected. */
import assert from "node:assert/strict";
import { ask, createOpencode, createOpencodeServer } from "opencode-ts";
import { setUp } from "./setup.js";

await using setup = await setUp(({ lastUserText }) => `You said: ${lastUserText}`);
const { model, ...serverOptions } = setup.options;

// Elsewhere this is `OPENCODE_SERVER_PASSWORD=… opencode serve`, perhaps on another machine.
await using server = await createOpencodeServer(serverOptions);
const { url: baseUrl, password, directory } = server;

const opencode = await createOpencode({ baseUrl, password, directory, model });
console.log(`connected to opencode ${(await opencode.health()).version}`);

const [first, second] = await Promise.all([opencode.ask("one"), opencode.ask("two")]);
console.log(`${first} / ${second}`);
await opencode.close();

// One question needs no client of its own.
const third = await ask("three", { baseUrl, password, directory, model });
console.log(third.text);

assert.equal((await fetch(baseUrl)).status, 401); // it still runs, and lets nobody in without the password
if (setup.scripted)
  assert.deepEqual([`${first}`, `${second}`, `${third}`], ["You said: one", "You said: two", "You said: three"]);
