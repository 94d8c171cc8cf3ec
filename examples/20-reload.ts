/** Reload: the agent takes up changed configuration without a restart, once the runs of the directory have ended. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createOpencode } from "opencode-ts";
import { setUp } from "./setup.js";

await using setup = await setUp(() => "Reviewed.");
// A server with its own home (isolation "clean") does not read the configuration of the directory.
await using opencode = await createOpencode({ ...setup.options, isolation: "inherit" });
const session = await opencode.createSession();
await session.ask("Begin.");

const folder = join(setup.options.directory ?? ".", ".opencode", "agent");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "reviewer.md"), "---\ndescription: Reviews changes\nmode: primary\n---\nYou review.\n");

await opencode.reload();
const names = (await opencode.agents()).map(({ name }) => name);
console.log(names);
assert.ok(names.includes("reviewer"));

const answer = await session.ask("Review the change.", { agent: "reviewer" });
console.log(answer.text);
