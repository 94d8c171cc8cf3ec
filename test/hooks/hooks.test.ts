/** Hooks: which are called when, which can stop something, and what becomes of one that fails. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  AbortedError,
  type AgentEvent,
  type Answer,
  ConfigError,
  createOpencode,
  type Hooks,
  type ToolUse,
  type ToolUsed,
} from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";

let fixture: Fixture;
let file: string;
beforeAll(async () => {
  fixture = await startFixture();
  file = join(fixture.directory, "new.txt");
  fixture.answer("run", toolCall("bash", { command: "echo ran", description: "x" }), "done");
  fixture.answer("write", toolCall("write", { filePath: file, content: "x" }), "done");
  fixture.answer("fail", toolCall("read", { filePath: join(fixture.directory, "nothing.txt") }), "done");
  fixture.answer("leave", toolCall("read", { filePath: "/etc/hostname" }), "done");
});
afterAll(() => fixture[Symbol.asyncDispose]());
beforeEach(() => rm(file, { force: true }));

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let number = 0;
  for await (const _ of items) number += 1;
  return number;
}

const statuses = ({ toolCalls }: Answer): string[] => toolCalls.map(({ status }) => status);

describe("preToolUse", () => {
  test("a preToolUse hook sees the tool and its input, and the agent is told the reason of a refusal", async () => {
    const seen: ToolUse[] = [];
    const preToolUse = (use: ToolUse) => {
      seen.push(use);
      return { reject: "not on a Friday" };
    };
    const answer = await fixture.oc.ask("write", { hooks: { preToolUse } });
    expect(seen).toMatchObject([{ tool: "write", input: { filePath: file, content: "x" }, agent: "build" }]);
    expect(seen[0]?.directory).toBe(fixture.directory);
    expect(answer.denials).toMatchObject([{ permission: "edit", by: "hook", reason: "not on a Friday" }]);
    expect(answer.toolCalls[0]?.error).toContain("not on a Friday");
    expect(answer.text).toBe("done");
    expect(existsSync(file)).toBe(false);
  });

  test("a preToolUse hook without a reply leaves the decision to the rules of the server", async () => {
    const preToolUse = (): void => {};
    const session = await fixture.oc.createSession({ title: "t" });
    expect(statuses(await session.ask("run", { hooks: { preToolUse } }))).toEqual(["completed"]);
    expect(statuses(await fixture.oc.ask("write", { hooks: { preToolUse } }))).toEqual(["completed"]);
    const denying = await fixture.oc.createSession({ permission: { bash: { "echo *": "deny" } } });
    const { denials } = await denying.ask("run", { hooks: { preToolUse }, onPermission: () => "once" });
    expect(denials).toMatchObject([{ permission: "bash", by: "rules" }]);
    const asking = await fixture.oc.createSession({ permission: { bash: "ask" } });
    expect((await asking.ask("run", { hooks: { preToolUse } })).denials).toMatchObject([{ by: "nobody" }]);
  });

  test("matching preToolUse hooks run once and in order for a tool call that needs two permissions", async () => {
    const calls: string[] = [];
    const hooks: Hooks = {
      preToolUse: [
        { matcher: "read", run: ({ tool }) => void calls.push(`first ${tool}`) },
        { matcher: /^(write|edit)$/, run: () => void calls.push("never") },
        async ({ tool }) => void calls.push(`second ${tool}`),
      ],
    };
    const answer = await fixture.oc.ask("leave", { hooks, onPermission: () => "once" });
    expect(statuses(answer)).toEqual(["completed"]);
    expect(calls).toEqual(["first read", "second read"]);
  });

  test("a preToolUse hook is called although three reads of the tool call return cut responses", async () => {
    let cuts = 0;
    const cutting: typeof globalThis.fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!/\/message\/msg_[^/]+$/.test(new URL(String(input)).pathname) || cuts >= 3) return response;
      cuts += 1;
      return new Response((await response.text()).slice(0, 20), response);
    };
    const { url: baseUrl, username, password } = fixture.oc.server ?? expect.fail("no server of ours");
    const { directory } = fixture;
    await using oc = await createOpencode({ baseUrl, username, password, directory, fetch: cutting });
    const seen: string[] = [];
    const answer = await oc.ask("run", { hooks: { preToolUse: ({ tool }) => void seen.push(tool) } });
    expect(cuts).toBe(3);
    expect(seen).toEqual(["bash"]);
    expect(statuses(answer)).toEqual(["completed"]);
    expect(answer.denials).toEqual([]);
  });

  test("a preToolUse hook that throws or exceeds `callbackTimeout` refuses the tool call", async () => {
    const throwing = await fixture.oc.ask("run", {
      hooks: {
        preToolUse: () => {
          throw new Error("no database");
        },
      },
    });
    expect(throwing.denials).toMatchObject([{ by: "hook", reason: expect.stringContaining("no database") }]);
    const late = await fixture.oc.ask("run", {
      callbackTimeout: 50,
      hooks: { preToolUse: () => new Promise<undefined>(() => {}) },
    });
    expect(late.denials).toMatchObject([{ by: "hook", reason: expect.stringContaining("within 50 ms") }]);
  });
});

describe("postToolUse", () => {
  test("a postToolUse hook gets the output or error and the duration of a tool before `ask()` resolves", async () => {
    const seen: ToolUsed[] = [];
    const postToolUse = async (used: ToolUsed): Promise<void> => void seen.push(used);
    await fixture.oc.ask("run", { hooks: { postToolUse } });
    await fixture.oc.ask("fail", { hooks: { postToolUse } });
    expect(seen).toMatchObject([
      {
        tool: "bash",
        input: { command: "echo ran" },
        output: expect.stringContaining("ran"),
        durationMs: expect.any(Number),
      },
      { tool: "read", error: expect.stringContaining("nothing.txt"), durationMs: expect.any(Number) },
    ]);
  });

  test("a postToolUse hook that throws emits an error event and leaves the answer unchanged", async () => {
    const stream = fixture.oc.askStream("run", {
      hooks: {
        postToolUse: () => {
          throw new Error("full disk");
        },
      },
    });
    const errors: AgentEvent[] = [];
    for await (const event of stream.events) if (event.type === "error") errors.push(event);
    expect(errors).toMatchObject([{ message: "a hook postToolUse failed: full disk" }]);
    expect((await stream.answer).text).toBe("done");
  });
});

describe("userPromptSubmit", () => {
  test("userPromptSubmit hooks change the prompt one after the other", async () => {
    const hooks: Hooks = {
      userPromptSubmit: [(prompt) => `${String(prompt)} b`, async (prompt) => `${String(prompt)} c`],
    };
    expect((await fixture.oc.ask("a", { hooks })).text).toBe("echo: a b c");
  });

  test("a rejection by a userPromptSubmit hook sends no prompt and creates no session", async () => {
    const hooks: Hooks = { userPromptSubmit: () => ({ reject: "it has a key in it" }) };
    const before = await count(fixture.oc.sessions());
    const error = await fixture.oc.ask("my key", { hooks }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AbortedError);
    expect(error).toMatchObject({ message: expect.stringContaining("it has a key in it") });
    expect(await count(fixture.oc.sessions())).toBe(before);
    expect(fixture.model.calls("my key")).toBe(0);
  });
});

describe("sessionStart, stop and error", () => {
  test("the hooks sessionStart, stop and error receive the session, the answer and the failure", async () => {
    const seen: string[] = [];
    const hooks: Hooks = {
      sessionStart: ({ sessionId, directory }) => void seen.push(`start ${sessionId} ${directory}`),
      stop: ({ text }) => void seen.push(`stop ${text}`),
      error: (error) => void seen.push(`error ${error instanceof Error ? error.name : ""}`),
    };
    const { sessionId } = await fixture.oc.ask("hello", { hooks });
    expect(seen).toEqual([`start ${sessionId} ${fixture.directory}`, "stop echo: hello"]);
    await fixture.oc
      .session(sessionId)
      .ask("hello", { hooks, model: "scripted/none" })
      .catch(() => {});
    expect(seen.at(-1)).toBe("error ModelNotFoundError");
  });
});

test("a preToolUse hook of the client is called for the tools of a sub-agent", async () => {
  const seen: string[] = [];
  const hooks: Hooks = { preToolUse: ({ tool, chain }) => void seen.push(`${tool} ${chain.length}`) };
  await using guarded = await startFixture({ hooks });
  guarded.answer(
    "delegate",
    toolCall("task", { description: "d", prompt: "part", subagent_type: "general" }),
    "all done",
  );
  guarded.answer("part", toolCall("bash", { command: "echo sub", description: "x" }), "part done");
  const { text, denials } = await guarded.oc.ask("delegate");
  expect(text).toBe("all done");
  expect(denials).toEqual([]);
  expect(seen).toEqual(["task 1", "bash 2"]);
});

test("an unknown hook, a hook that is no function and a matcher on stop are rejected", async () => {
  await expect(fixture.oc.ask("x", { hooks: { preTool: () => {} } as never })).rejects.toThrow("hooks.preTool");
  await expect(fixture.oc.ask("x", { hooks: { stop: "no" as never } })).rejects.toThrow(ConfigError);
  await expect(fixture.oc.ask("x", { hooks: { stop: { matcher: "x", run: () => {} } } })).rejects.toThrow("matcher");
});
