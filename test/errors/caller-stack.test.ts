/** The stack of what a turn has failed with: it leads to whoever asked. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencode } from "../../src/client.js";
import { ask, type Opencode } from "../../src/index.js";
import { createMemoryAgent, type MemoryAgent } from "../../src/testing/index.js";
import { addCaller, callSite } from "../../src/util/caller-stack.js";

let agent: MemoryAgent;
let opencode: Opencode;
beforeAll(async () => {
  agent = createMemoryAgent(() => ({ status: 400, message: "no" }));
  opencode = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch });
});
afterAll(async () => {
  await opencode.close();
  await agent.close();
});

/** Called by nobody but the tests below. */
async function theCaller(call: () => Promise<unknown>): Promise<unknown> {
  return call();
}

async function stackOf(call: () => Promise<unknown>): Promise<string> {
  const error = await theCaller(call).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  return String((error as Error).stack);
}

class Entry {
  readonly site: object = callSite(Entry);
}

describe("the stack of a failed turn", () => {
  test.each([
    ["opencode.ask()", () => opencode.ask("x")],
    ["opencode.askStream()", () => opencode.askStream("x").answer],
    [
      "iterating a stream",
      async () => {
        for await (const _ of opencode.askStream("x"));
      },
    ],
    ["session.ask()", async () => (await opencode.createSession()).ask("x")],
    ["session.command()", async () => (await opencode.createSession()).command("init")],
    ["the function ask()", () => ask("x", { baseUrl: agent.baseUrl, fetch: agent.fetch })],
    ["a wrong option", () => opencode.ask("x", { maxSteps: -1 })],
  ])("the stack of a failed turn has a line of the caller: %s", async (_name, call) => {
    const stack = await stackOf(call);
    expect(stack).toMatch(/\n {4}at .*caller-stack\.test\.ts:\d+/);
    expect(stack).toMatch(/^\w*Error: /);
  });

  test("the stack of a failed turn begins with name, message and its own frames", async () => {
    const stack = await stackOf(() => opencode.ask("x"));
    expect(stack).toMatch(/^AgentError: the model provider answered 400: .*\n {4}at .*agent-error/);
  });
});

describe("errors that calls share", () => {
  test("an error that several calls share gets each caller once", () => {
    const error = new Error("shared");
    const own = error.stack;
    const one = (): object => new Entry().site;
    const other = (): object => new Entry().site;
    const sites = [one(), other()];
    for (const site of [...sites, ...sites]) addCaller(error, site);
    expect(error.stack?.startsWith(String(own))).toBe(true);
    const added = error.stack?.slice(String(own).length) ?? "";
    expect(added.match(/at async one /g)).toHaveLength(1);
    expect(added.match(/at async other /g)).toHaveLength(1);
  });

  test("addCaller ignores frozen errors and values that are no errors", () => {
    const frozen = Object.freeze(new Error("frozen"));
    const before = frozen.stack;
    for (const value of [frozen, "text", undefined, null, 5]) addCaller(value, new Entry().site);
    expect(frozen.stack).toBe(before);
  });
});
