import { afterEach, describe, expect, test } from "vitest";
import type { AgentApi } from "../../src/api/agent-api.js";
import { APIConnectionError } from "../../src/errors/index.js";
import type { Opencode } from "../../src/opencode.js";
import { toolCall } from "../../src/testing/index.js";
import { decide } from "../../src/testing/memory/asks.js";
import type { Script } from "../../src/testing/script.js";
import { createMemoryOpencode } from "../support/memory-api.js";

const opened: Opencode[] = [];
afterEach(() => Promise.all(opened.splice(0).map((opencode) => opencode.close())));

function fixture(...given: Parameters<typeof createMemoryOpencode>): ReturnType<typeof createMemoryOpencode> {
  const made = createMemoryOpencode(...given);
  opened.push(made.opencode);
  return made;
}

describe("turns over an AgentApi that makes no request", () => {
  test("a session of the memory AgentApi answers two prompts and stores four messages", async () => {
    const { opencode } = fixture(({ lastUserText }) => `you said: ${lastUserText}`);
    const first = await opencode.ask("one");
    expect(first.text).toBe("you said: one");
    const session = opencode.session(first.sessionId);
    expect((await session.ask("two")).text).toBe("you said: two");
    expect((await session.messages()).map(({ info }) => info.role)).toEqual(["user", "assistant", "user", "assistant"]);
  });

  test("the pieces of a stream of the memory AgentApi add up to the text of the answer", async () => {
    const text = "a text that is long enough to come in more than one piece. ".repeat(20);
    const { opencode } = fixture(() => text);
    const stream = opencode.askStream("tell me");
    const pieces: string[] = [];
    for await (const piece of stream) pieces.push(piece);
    expect(pieces.join("")).toBe(text);
    expect((await stream.answer).text).toBe(text);
  });

  test("onPermission answers a permission request, and a rejection reaches the agent with its reason", async () => {
    const script: Script = ({ stepIndex, toolResults }) =>
      stepIndex === 0 ? toolCall("bash", { command: "git push" }) : String(toolResults[0]?.content);
    const { opencode } = fixture(script, { config: { permission: { bash: "ask" } } });
    const asked: unknown[] = [];
    const allowed = await opencode.ask("push", {
      onPermission: ({ permission, patterns }) => {
        asked.push([permission, patterns]);
        return "once";
      },
    });
    expect(allowed.text).toBe("ok");
    expect(asked).toEqual([["bash", ["git push"]]]);
    const refused = await opencode.ask("push", { onPermission: () => ({ reject: "not today" }) });
    expect(refused.denials).toMatchObject([{ permission: "bash", reason: "not today" }]);
    expect(refused.text).toContain("not today");
  });

  test("the permission rules of one turn do not decide after the turn", async () => {
    const { opencode, server } = fixture(() => "done");
    const session = await opencode.createSession();
    await session.ask("no shell", { permission: { bash: "deny" } });
    const { permission: own = [] } = server.sessions.get(session.id) ?? {};
    expect(own).toContainEqual({ permission: "bash", pattern: "*", action: "deny" });
    const ofAgent = server.agents.get("build")?.permission ?? [];
    expect(decide([...ofAgent, ...own], "bash", "ls")).toBe(decide(ofAgent, "bash", "ls"));
  });

  test("a prompt whose response was lost is looked for only on a server that runs a repeated prompt once more", async () => {
    const counts = await Promise.all(
      [false, true].map(async (canRepeatPrompt) => {
        const calls = { submit: 0, find: 0 };
        const lossy = (api: AgentApi): AgentApi => ({
          ...api,
          capabilities: { ...api.capabilities, canRepeatPrompt },
          prompts: {
            ...api.prompts,
            submit: (...given) => {
              calls.submit += 1;
              return calls.submit === 1 ? Promise.reject(new APIConnectionError("lost")) : api.prompts.submit(...given);
            },
          },
          messages: {
            ...api.messages,
            find: (...given) => {
              calls.find += 1;
              return api.messages.find(...given);
            },
          },
        });
        const { opencode } = fixture(() => "done", { change: lossy });
        expect((await opencode.ask("once")).text).toBe("done");
        return calls;
      }),
    );
    expect(counts).toEqual([
      { submit: 2, find: 2 },
      { submit: 2, find: 0 },
    ]);
  });

  test("an aborted turn ends the run on the server", async () => {
    const stop = new AbortController();
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { opencode, server } = fixture(() => {
      begin();
      return new Promise<string>(() => {});
    });
    const answer = opencode.ask("wait", { signal: stop.signal }).catch((error: unknown) => error);
    await begun;
    stop.abort();
    expect(await answer).toMatchObject({ code: "aborted" });
    expect([...server.runs]).toEqual([]);
  });
});
