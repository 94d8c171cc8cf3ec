/** How full the context is: told on request, and by an event when it passes a share. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentEvent, attach, ConfigError, createOpencode, type Session } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { targetOf } from "../../conformance/targets.js";
import { startWorld } from "../../conformance/world.js";
import { type Fixture, shared, startFixture, temporaryFolder } from "../../support/fixture.js";

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
  expect(await session.contextUsage()).toMatchObject({ used: 0, limit: 10_000, reserved: 1_000, share: 0 });
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

test("contextUsage() before the first turn has the limit of the model that the turn will have", async () => {
  const { scripted } = fixture.model.config.provider ?? {};
  const first = { ...scripted?.models?.["model"], tool_call: true };
  const sized = (context: number) => ({ ...first, limit: { context, output: 1_000 } });
  const models = { model: first, second: sized(20_000), third: sized(30_000), fourth: sized(40_000) };
  const agent = { cheap: { mode: "primary", model: "scripted/fourth", description: "Cheap." } } as const;
  const config = { ...fixture.model.config, provider: { scripted: { ...scripted, models } }, agent };
  const options = { ...shared(fixture.model, await temporaryFolder()), config };
  await using oc = await createOpencode(options);
  const limitOf = async (session: Session): Promise<unknown> => (await session.contextUsage()).limit;
  expect(await limitOf(await oc.createSession())).toBe(10_000);
  const given = await oc.createSession({ model: "scripted/second" });
  expect(await limitOf(given)).toBe(20_000);
  expect(await limitOf(await oc.createSession({ agent: "cheap" }))).toBe(40_000);
  const { server, client } = oc;
  const connection = { baseUrl: client.baseUrl, password: server?.password, directory: options.directory };
  await using another = await createOpencode({ ...connection, model: "scripted/third" });
  expect(await limitOf(another.session(given.id))).toBe(20_000);
  const usual = await another.createSession();
  expect(await limitOf(usual)).toBe(30_000);
  await usual.ask("use 5000 tokens", { model: "scripted/second" });
  expect(await usual.contextUsage()).toMatchObject({ limit: 20_000, share: 0.25 });
  const only = await oc.createSession({ model: "scripted/second" });
  await only.ask("use 100 tokens");
  await only.compact({ model: "scripted/second" });
  expect(await limitOf(only)).toBe(20_000);
});

test("contextUsage() on the preview has the limit of the model that the first turn will have, if it is told", async () => {
  await using world = await startWorld(targetOf("preview"));
  const { oc } = world;
  // One of three, and the server does not tell which.
  expect(await (await oc.createSession()).contextUsage()).toMatchObject({
    used: 0,
    limit: undefined,
    share: undefined,
  });
  const session = await oc.createSession({ model: "scripted/small" });
  expect(await session.contextUsage()).toMatchObject({ used: 0, limit: 20_000, reserved: undefined, share: 0 });
  const usual = await world.connect({ model: "scripted/small" });
  expect(await (await usual.createSession()).contextUsage()).toMatchObject({ used: 0, limit: 20_000, share: 0 });
  world.answer("fill", { text: "full", usage: { input: 900, output: 100 } });
  await session.ask("fill");
  expect(await session.contextUsage()).toMatchObject({ used: 1_000, limit: 20_000, share: 0.05 });
  const { oc: single } = await world.startOwn({ config: world.model.config });
  expect(await (await single.createSession()).contextUsage()).toMatchObject({ used: 0, limit: 200_000, share: 0 });
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
