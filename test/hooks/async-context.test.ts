/** Whatever calls a caller's function, it runs in the async context of the turn that it belongs to. */
import { AsyncLocalStorage } from "node:async_hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defineTool } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { boundTo, contextNow } from "../../src/util/async-context.js";
import { type Fixture, startFixture } from "../support/fixture.js";

const caller = new AsyncLocalStorage<string>();

test("a function that is bound to an async context runs in it when another context calls it", async () => {
  const context = caller.run("alice", contextNow);
  expect(context(() => caller.getStore())).toBe("alice");
  const name = boundTo(context, async (end: string) => {
    await Promise.resolve();
    return `${caller.getStore()}${end}`;
  });
  expect(await caller.run("bob", () => name("!"))).toBe("alice!");
  expect(caller.getStore()).toBeUndefined();
});

describe("one client that several callers share", () => {
  let fixture: Fixture;
  /** By prompt: which functions were called, and in whose context. */
  const seen = new Map<string, Set<string>>();
  const note = (what: string): void => {
    const user = caller.getStore() ?? "nobody";
    seen.set(user, (seen.get(user) ?? new Set()).add(what));
  };
  const tool = defineTool({
    name: "whoami",
    description: "Who asks?",
    input: { type: "object", properties: { user: { type: "string" } } },
    execute: async () => {
      await Promise.resolve();
      note("tool");
      return String(caller.getStore());
    },
  });

  beforeAll(async () => {
    const see = (what: string) => () => note(what);
    fixture = await startFixture({
      serverTimeout: 80_000,
      tools: [tool],
      permission: { bash: "ask" },
      onPermission: () => {
        note("onPermission");
        return "once";
      },
      onQuestion: () => {
        note("onQuestion");
        return [["yes"]];
      },
      reviewer: see("reviewer"),
      audit: see("audit"),
      hooks: {
        preToolUse: { matcher: "bash", run: see("preToolUse") },
        postToolUse: [see("postToolUse")],
        userPromptSubmit: see("userPromptSubmit"),
        sessionStart: see("sessionStart"),
        stop: see("stop"),
      },
    } as never);
    const options = [{ label: "yes", description: "d" }];
    const question = { question: "Really?", header: "h", options };
    for (const user of ["alice", "bob", "carol"]) {
      const steps = [
        toolCall("app_whoami", { user }),
        toolCall("bash", { command: `echo ${user}`, description: "d" }),
        toolCall("question", { questions: [question] }),
      ];
      fixture.answer(user, ...steps, ({ toolResults }) => String(toolResults[0]?.content));
    }
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  const ask = (user: string) => caller.run(user, async () => (await fixture.oc.ask(user)).text);

  test("a shared client calls hooks, handlers and tools in the async context of their own caller", async () => {
    expect(await ask("alice")).toBe("alice");
    expect(await Promise.all([ask("bob"), ask("carol")])).toEqual(["bob", "carol"]);
    const all = ["audit", "onPermission", "onQuestion", "postToolUse", "preToolUse", "reviewer", "sessionStart"];
    for (const user of ["alice", "bob", "carol"]) {
      expect([...(seen.get(user) ?? [])].sort(), user).toEqual([...all, "stop", "tool", "userPromptSubmit"]);
    }
    expect([...seen.keys()].sort()).toEqual(["alice", "bob", "carol"]);
  });

  test("a reader of a stream stays in its own async context when another caller opened the stream", async () => {
    const stream = caller.run("alice", () => fixture.oc.askStream("hello"));
    const users = new Set<string | undefined>();
    await caller.run("bob", async () => {
      for await (const event of stream.events) if (event.type !== "start") users.add(caller.getStore());
    });
    expect([...users]).toEqual(["bob"]);
  });
});
