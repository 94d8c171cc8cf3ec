/** A policy as `onPermission` of real turns. */
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { policy } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ config: { permission: { bash: "ask", edit: "ask" } } });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const rules = policy(
  [
    { permission: "bash", pattern: "echo *", action: "allow" },
    { permission: "edit", pattern: "src/**", action: "allow" },
  ],
  { default: "deny" },
);

async function statuses(prompt: string): Promise<string[]> {
  const { toolCalls } = await fixture.oc.ask(prompt, { onPermission: rules });
  return toolCalls.map(({ status }) => status);
}

test("a shell line runs only if a rule allows each of its commands", async () => {
  const bash = (command: string) => toolCall("bash", { command, description: "d" });
  fixture.answer("shell", bash("echo fine"), bash("echo fine; touch evil"), bash("echo fine > evil"), "done");
  expect(await statuses("shell")).toEqual(["completed", "error", "error"]);
  await expect(readFile(join(fixture.directory, "evil"))).rejects.toThrow();
});

test("an edit runs only inside the allowed folder, also through a link to a missing file", async () => {
  await mkdir(join(fixture.directory, "src"));
  await symlink(join(fixture.directory, "outside.txt"), join(fixture.directory, "src", "dangling"));
  const write = (name: string) => toolCall("write", { filePath: join(fixture.directory, name), content: "x" });
  fixture.answer("edit", write("src/inside.txt"), write("src/../escaped.txt"), write("src/dangling"), "done");
  expect(await statuses("edit")).toEqual(["completed", "error", "error"]);
  await expect(readFile(join(fixture.directory, "outside.txt"))).rejects.toThrow();
});
