/** How full the context is: told on request, and by an event when it passes a share. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentEvent, attach, ConfigError } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

const limit = { context: 10_000, output: 1_000 };
let fixture: Fixture;

beforeAll(async () => {
  const first: Parameters<typeof startFixture>[1] = ({ lastUserText }) => {
    const used = /^use (\d+)/.exec(lastUserText)?.[1];
    return used === undefined ? undefined : { text: "used", usage: { input: Number(used) - 100, output: 100 } };
  };
  fixture = await startFixture({}, first, { summary: "THE SUMMARY", model: { limit } });
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function typesOf(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("contextUsage() has the tokens of the last step, the model's limit, and when the server compacts", async () => {
  const session = await fixture.oc.createSession();
  expect(await session.contextUsage()).toMatchObject({ used: 0, limit: undefined, share: undefined });
  await session.ask("use 4100 tokens");
  expect(await session.contextUsage()).toMatchObject({ used: 4_100, limit: 10_000, reserved: 1_000, share: 0.41 });
  await session.ask("use 6100 tokens");
  const usage = await session.contextUsage();
  expect(usage.turnsLeft).toBe(1);
  const { system, tools, messages, files } = usage.byKind;
  expect(system + tools + messages + files).toBe(6_100);
  expect(messages).toBeGreaterThan(0);
  const compactions: boolean[] = [];
  for (const prompt of ["use 8100 tokens", "use 9500 tokens"]) {
    const events = await typesOf(session.askStream(prompt).events);
    await session.waitUntilIdle();
    const after = await session.context();
    compactions.push(
      events.some(({ type }) => type === "compacted") ||
        after.some(({ info }) => "summary" in info && info.summary === true),
    );
  }
  expect(compactions).toEqual([false, true]);
});

test("contextUsage() counts tool results and attached files apart from messages", async () => {
  const { answer, oc } = fixture;
  const usage = { input: 5_000, output: 10 };
  answer("with a tool", toolCall("bash", { command: "seq 400", description: "d" }), { text: "done", usage });
  const session = await oc.createSession();
  await session.ask("with a tool", { onPermission: () => "once" });
  const before = await session.contextUsage();
  expect(before.byKind.tools).toBeGreaterThan(100);
  expect(before.byKind.files).toBe(0);
  await session.ask("use 5010 tokens for a file", {
    files: [attach(Buffer.from("word ".repeat(400)), { filename: "words.txt" })],
  });
  expect((await session.contextUsage()).byKind.files).toBeGreaterThan(100);
});

test("contextWarning gives one event with the tokens when a step passes the share", async () => {
  const session = await fixture.oc.createSession();
  const contexts = async (prompt: string): Promise<AgentEvent[]> => {
    const events = await typesOf(session.askStream(prompt, { contextWarning: 0.5 }).events);
    return events.filter(({ type }) => type === "context");
  };
  expect(await contexts("use 4000 tokens")).toEqual([]);
  expect(await contexts("use 6000 tokens")).toEqual([
    { type: "context", sessionId: session.id, used: 6_000, limit: 10_000 },
  ]);
});

test("contextWarning that is no share between 0 and 1 rejects with ConfigError", async () => {
  for (const contextWarning of [0, 1, 80, Number.NaN]) {
    await expect(fixture.oc.ask("never asked", { contextWarning })).rejects.toThrow(ConfigError);
  }
  expect(fixture.model.calls("never asked")).toBe(0);
});
