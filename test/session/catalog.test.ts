/** Models and agents that the server does not have: told before anything is stored, at no cost for a warm call. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AgentNotFoundError, createOpencode, ModelNotFoundError, type Opencode } from "../../src/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";

let fixture: Fixture;
let proxy: TcpProxy;
let oc: Opencode;
beforeAll(async () => {
  fixture = await startFixture();
  proxy = await startTcpProxy(fixture.oc.server?.url ?? "");
  oc = await createOpencode({
    baseUrl: proxy.url,
    password: fixture.oc.server?.password,
    directory: fixture.directory,
  });
  await oc.ask("warm up");
});
afterAll(async () => {
  await oc?.close();
  await proxy?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** What was requested meanwhile, without the queries. */
async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = proxy.lines.length;
  await work();
  return proxy.lines.slice(before).map((line) => line.replace(/\?.*/, "").replaceAll(/(ses|msg)_\w+/g, "$1"));
}

const lists = (lines: readonly string[]): string[] =>
  lines.filter((line) => /\/config\/providers$|\/agent$/.test(line));

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "no failure",
    (error: unknown) => error,
  );
}

describe("an unknown model or agent", () => {
  test("ask() rejects an unknown model or agent before it creates a session", async () => {
    const lines = await requestsOf(async () => {
      const error = await failureOf(oc.ask("x", { model: "scripted/modle" }));
      expect(error).toBeInstanceOf(ModelNotFoundError);
      expect(error).toMatchObject({ suggestions: ["scripted/model"], hint: "Did you mean scripted/model?" });
      expect(await failureOf(oc.ask("x", { agent: "paln" }))).toMatchObject({ suggestions: ["plan"] });
    });
    expect(lines.filter((line) => line.startsWith("POST"))).toEqual([]);
  });

  test("ask(), command() and compact() of a session reject an unknown name before anything is stored", async () => {
    const session = await oc.createSession();
    const lines = await requestsOf(async () => {
      const failures = [
        await failureOf(session.ask("x", { model: "scripted/nope" })),
        await failureOf(session.command("init", "", { agent: "nope" })),
        await failureOf(session.compact({ model: "nobody/model" })),
      ];
      expect(failures[0]).toBeInstanceOf(ModelNotFoundError);
      expect(failures[1]).toBeInstanceOf(AgentNotFoundError);
      expect(failures[2]).toBeInstanceOf(ModelNotFoundError);
      for (const error of failures) expect(error).toMatchObject({ sessionId: session.id });
    });
    expect(lines.filter((line) => line.startsWith("POST"))).toEqual([]);
    expect(await session.messages()).toEqual([]);
    expect((await session.ask("goes on")).text).toBe("echo: goes on");
  });

  test("an unknown agent that a prompt mentions is rejected before anything is stored", async () => {
    const session = await oc.createSession();
    const mention = (name: string) => [{ type: "text", text: "ask it" } as const, { type: "agent", name } as const];
    const lines = await requestsOf(async () => {
      for (const asking of [session.ask(mention("generl")), oc.ask(mention("generl"))]) {
        const error = await failureOf(asking);
        expect(error).toBeInstanceOf(AgentNotFoundError);
        expect(error).toMatchObject({ suggestions: ["general"] });
      }
    });
    expect(lines.filter((line) => line.startsWith("POST"))).toEqual([]);
    expect((await session.ask(mention("general"))).finishReason).toBe("stop");
  });

  test("createSession rejects an unknown model or agent before it creates a session", async () => {
    const lines = await requestsOf(async () => {
      expect(await failureOf(oc.createSession({ model: "scripted/nope" }))).toBeInstanceOf(ModelNotFoundError);
      expect(await failureOf(oc.createSession({ agent: "nope" }))).toBeInstanceOf(AgentNotFoundError);
    });
    expect(lines.filter((line) => line.startsWith("POST"))).toEqual([]);
  });

  test("a repeated messageId gives the stored answer even with an unknown model", async () => {
    const session = await oc.createSession();
    const first = await session.ask("stored", { messageId: "msg_stored_names" });
    const again = await session.ask("stored", { messageId: "msg_stored_names", model: "scripted/gone" });
    expect(again.text).toBe(first.text);
  });
});

describe("the catalog of models and agents", () => {
  test("the catalog is read once: a later turn with names makes the same requests as one without names", async () => {
    const cold = await createOpencode({
      baseUrl: proxy.url,
      password: fixture.oc.server?.password,
      directory: fixture.directory,
    });
    const names = { model: "scripted/model", agent: "build" };
    const first = await requestsOf(() => Promise.all([cold.ask("a", names), cold.ask("b", names)]));
    expect(lists(first).sort()).toEqual(["GET /agent", "GET /config/providers"]);
    expect(lists(await requestsOf(() => cold.ask("c", names)))).toEqual([]);
    const session = await cold.createSession(names);
    await session.ask("its own model is read once");
    const warm = await requestsOf(() => session.ask("d", names));
    expect(warm).toEqual(await requestsOf(() => session.ask("e")));
    expect(lists(warm)).toEqual([]);
    expect(lists(await requestsOf(() => failureOf(cold.ask("f", { model: "no/model" }))))).toEqual([
      "GET /config/providers",
    ]);
    await cold.setAuth("scripted", { key: "another" });
    expect(lists(await requestsOf(() => cold.ask("g", { agent: "build" })))).toEqual(["GET /agent"]);
    await cold.close();
  });

  test("the server rejects an unknown model when the catalog cannot be read", async () => {
    proxy.refuse(/\/(config\/providers|agent)(\?|$)/, 404);
    try {
      const model = await failureOf(oc.ask("x", { model: "scripted/nope" }));
      expect(model).toBeInstanceOf(ModelNotFoundError);
      expect(model).toMatchObject({ suggestions: [], sessionId: expect.stringMatching(/^ses_/) });
      expect((await oc.ask("fine", { model: "scripted/model" })).text).toBe("echo: fine");
    } finally {
      proxy.refuse(undefined);
    }
  });
});
