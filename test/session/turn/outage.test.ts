/** Longer faults than a cut: gateways that say 502, a port where nobody listens, answers that are lost at the wrong moment. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { APIConnectionError, createOpencode, type Opencode } from "../../../src/index.js";
import { hold } from "../../../src/testing/index.js";
import { lockDatabase } from "../../support/database-lock.js";
import { eventually, type Fixture, startFixture } from "../../support/fixture.js";
import { unhurried } from "../../support/slowness.js";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.js";

let fixture: Fixture;
let proxy: TcpProxy;
let oc: Opencode;
const everything = /^[A-Z]+ \//;
const creations = /^POST \/session(\?|$)/;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture?.[Symbol.asyncDispose]());
beforeEach(async () => {
  const { server } = fixture.oc;
  proxy = await startTcpProxy(server?.url ?? "");
  const options = { baseUrl: proxy.url, password: server?.password, directory: fixture.directory };
  oc = await createOpencode({ ...options, reconnectTimeout: unhurried().reconnectTimeout });
});
afterEach(async () => {
  await oc.close();
  await proxy[Symbol.asyncDispose]();
});

async function titled(title: string): Promise<string[]> {
  const found: string[] = [];
  for await (const session of fixture.oc.sessions()) if (session.title === title) found.push(session.id);
  return found;
}

describe("a session", () => {
  test("a session whose creation lost its response is found, and exists once", async () => {
    proxy.loseAnswers(creations, 1);
    const session = await oc.createSession({ title: "created once", metadata: { mine: 1 } });
    expect(await titled("created once")).toEqual([session.id]);
    expect((await session.info()).metadata).toMatchObject({ mine: 1 });
  });

  test("createSession succeeds at a later attempt after status 503, and makes one session", async () => {
    proxy.refuse(creations, 503);
    const creating = oc.createSession({ title: "second try" });
    await eventually("it was tried", () => proxy.lines.some((line) => creations.test(line)));
    proxy.refuse(undefined);
    const { id } = await creating;
    expect(await titled("second try")).toEqual([id]);
  });

  test("fork() with a lost response rejects, and the error says that the outcome is unknown", async () => {
    const session = await oc.createSession({ title: "original" });
    proxy.loseAnswers(/^POST .*\/fork/, 1);
    const error = await session.fork().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(APIConnectionError);
    expect(error).toMatchObject({
      sessionId: session.id,
      message: expect.stringContaining("unknown whether"),
      hint: expect.stringContaining("sessions()"),
    });
    expect(await titled("original (fork #1)")).toHaveLength(1); // it was: the hint finds it
  });
});

describe("a gateway that answers 502 for a while", () => {
  test("a turn goes on after a gateway answers 502 for a while", async () => {
    const rest = hold("rest");
    fixture.answer("gateway", { text: ["begin ", rest] });
    const stream = oc.askStream("gateway");
    const chunks: string[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
      if (chunks.length > 1) continue;
      proxy.refuse(everything);
      proxy.cut();
      const before = proxy.lines.length;
      await eventually("requests were turned away", () => proxy.lines.length > before + 3);
      rest.release();
      proxy.refuse(undefined);
    }
    expect(chunks.join("")).toBe("begin rest");
    expect(fixture.model.calls("gateway")).toBe(1);
  });

  test("a prompt that a gateway answers with 504 runs once when the gateway recovers", async () => {
    proxy.refuse(everything, 504);
    const answer = oc.ask("behind a gateway");
    await eventually("requests were turned away", () => proxy.lines.length > 4);
    proxy.refuse(undefined);
    expect((await answer).text).toBe("echo: behind a gateway");
    expect(fixture.model.calls("behind a gateway")).toBe(1);
  });
});

describe("a port where nobody listens for ten seconds", () => {
  const tenSeconds = () => new Promise((resolve) => setTimeout(resolve, 10_000)); // the fault itself, not a wait for an effect

  test("a turn and its text go on after the port is closed for ten seconds", async () => {
    const rest = hold("rest");
    fixture.answer("refused", { text: ["begin ", rest] });
    const stream = oc.askStream("refused");
    let text = "";
    for await (const chunk of stream) {
      text += chunk;
      if (text !== "begin ") continue;
      const comeBack = await proxy.vanish();
      await tenSeconds();
      rest.release();
      await comeBack();
    }
    expect(text).toBe("begin rest");
    expect(fixture.model.calls("refused")).toBe(1);
  });

  test("a prompt to a closed port is sent when the server is back, and runs once", async () => {
    const session = await oc.createSession({ title: "t" });
    const comeBack = await proxy.vanish();
    const answer = oc.session(session.id).ask("patient");
    await tenSeconds();
    await comeBack();
    expect((await answer).text).toBe("echo: patient");
    expect(fixture.model.calls("patient")).toBe(1);
  });

  test("ask() rejects with APIConnectionError when the prompt is blocked beyond reconnectTimeout", async () => {
    const { server } = fixture.oc;
    const impatient = { baseUrl: proxy.url, password: server?.password, directory: fixture.directory };
    await using client = await createOpencode({ ...impatient, reconnectTimeout: 1_000 });
    const session = await client.createSession({ title: "t" });
    proxy.block(/prompt_async/);
    const error = await session.ask("never arrives").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "APIConnectionError", sessionId: session.id });
    expect(fixture.model.calls("never arrives")).toBe(0);
  });
});

describe("a prompt that a gateway loses and brings long after", () => {
  test.each([
    ["plain", undefined],
    ["with a schema", { type: "object", properties: { n: { type: "number" } }, required: ["n"] }],
  ])("a prompt that a gateway delivers late is not run again (%s)", async (name, schema) => {
    const prompt = `brought late, ${name}`;
    fixture.answer(prompt, { structured: { n: 1 } });
    const bring = proxy.postpone(/prompt_async/);
    const answer = await oc.ask(prompt, schema === undefined ? {} : { schema });
    expect(answer.output).toEqual(schema === undefined ? undefined : { n: 1 });
    expect(await bring()).toContain("204");
    await fixture.oc.ask(`after ${prompt}`); // time enough for a run to begin
    await fixture.oc.session(answer.sessionId).waitUntilIdle();
    expect(fixture.model.calls(prompt)).toBe(1);
  });
});

describe("a shell line that a gateway loses and brings a moment later", () => {
  test("a shell line that a gateway delivers late is waited for and run once", async () => {
    const session = await oc.createSession({ title: "t" });
    const seen = proxy.lines.length;
    const bring = proxy.postpone(/\/shell/);
    const running = session.shell("echo once >> brought-late.txt");
    const looks = () => proxy.lines.slice(seen).filter((line) => /^GET .*\/message\/msg_/.test(line));
    await eventually("it was looked for again and again", () => looks().length >= 5);
    await Promise.all([bring(), running]);
    expect(proxy.lines.slice(seen).filter((line) => /^POST .*\/shell/.test(line))).toHaveLength(1);
    expect(await readFile(join(fixture.directory, "brought-late.txt"), "utf8")).toBe("once\n");
  });
});

describe("a locked database", () => {
  test("a prompt that a locked database rejects is sent again after the lock, and runs once", async () => {
    const session = await oc.createSession({ title: "t" });
    await using lock = await lockDatabase(fixture.oc.server?.home?.root ?? "");
    const stream = session.askStream("locked out");
    for await (const event of stream.events) if (event.type === "error") await lock.release();
    expect((await stream.answer).text).toBe("echo: locked out");
    expect(fixture.model.calls("locked out")).toBe(1);
    const asked = (await session.messages()).filter(({ info }) => info.role === "user");
    expect(asked.map(({ parts }) => parts.length)).toEqual([1]);
  });

  test("a turn rejects with AgentError when the database stays locked", async () => {
    const session = await oc.createSession({ title: "t" });
    await using _lock = await lockDatabase(fixture.oc.server?.home?.root ?? "");
    const error = await session.ask("never stored").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "AgentError", message: expect.stringContaining("database is locked") });
    expect(fixture.model.calls("never stored")).toBe(0);
  });
});

describe("a compaction", () => {
  test("compact() with a lost response waits for the compaction, and makes one summary", async () => {
    const session = await oc.createSession({ title: "t" });
    await session.ask("something to compact");
    proxy.loseAnswers(/^POST .*\/summarize/, 1);
    await session.compact();
    const summaries = (await session.messages()).filter(
      ({ info }) => info.role === "assistant" && info.summary === true,
    );
    expect(summaries).toHaveLength(1);
  });

  test("compact() is sent again after a refusal by the gateway, and makes one summary", async () => {
    const session = await oc.createSession({ title: "t" });
    await session.ask("something to compact");
    proxy.refuse(/^POST .*\/summarize/);
    const compacting = session.compact();
    await eventually("it was tried", () => proxy.lines.some((line) => /^POST .*\/summarize/.test(line)));
    proxy.refuse(undefined);
    await compacting;
    const summaries = (await session.messages()).filter(
      ({ info }) => info.role === "assistant" && info.summary === true,
    );
    expect(summaries).toHaveLength(1);
  });
});
