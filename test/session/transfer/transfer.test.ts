/** A conversation that goes on on another server, on real agents. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AgentNotFoundError,
  attach,
  ConfigError,
  createOpencode,
  InternalServerError,
  ModelNotFoundError,
  type Opencode,
  type Session,
  type SessionDocument,
} from "../../../src/index.js";
import { createMemoryAgent, type ModelRequest, toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture, startOwnFixture, temporaryFolder } from "../../support/fixture.js";

let from: Fixture;
let to: Fixture;
beforeAll(async () => {
  from = await startFixture({ permissionMode: "bypass" }, undefined, { summary: "THE SUMMARY" });
  to = await startOwnFixture({ permissionMode: "bypass" });
});
afterAll(async () => {
  await from[Symbol.asyncDispose]();
  await to[Symbol.asyncDispose]();
});

/** The conversation as the model was sent it: without the system prompt, which names the directory. */
function conversation(request: ModelRequest | undefined): unknown {
  return request?.messages.filter(({ role }) => role !== "system");
}

async function sentBy(fixture: Fixture, session: Session, prompt: string): Promise<unknown> {
  await session.ask(prompt);
  return conversation(fixture.model.requests.findLast(({ lastUserText }) => lastUserText === prompt));
}

const throughJson = (document: SessionDocument): SessionDocument => JSON.parse(JSON.stringify(document));

async function ids(oc: Opencode): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of oc.sessions({ archived: true })) found.push(id);
  return found;
}

/** Another client of the server that takes documents, whose requests go through `fetch`. */
function connect(directory: string, fetch: typeof globalThis.fetch): Promise<Opencode> {
  const { url = "", password = "" } = to.oc.server ?? {};
  return createOpencode({ baseUrl: url, password, directory, fetch, logLevel: "off", permissionMode: "bypass" });
}

/** A document to spoil. */
async function document(): Promise<Mutable> {
  const session = await from.oc.createSession({ title: "spoil" });
  await session.ask("one");
  return throughJson(await session.export()) as Mutable;
}

type Mutable = { -readonly [Name in keyof SessionDocument]: SessionDocument[Name] };

describe("an exported session on another server", () => {
  test("importSession() gives the model the same messages, tool calls and attachments", async () => {
    await writeFile(join(from.directory, "note.txt"), "remember the harbour");
    from.answer("work", toolCall("bash", { command: "echo moved", description: "d" }), "worked");
    const session = await from.oc.createSession({ title: "moving", metadata: { ticket: 17 } });
    await session.ask("work");
    await session.ask("look", { files: [attach(join(from.directory, "note.txt"))] });
    const exported = throughJson(await session.export());
    expect(exported).toMatchObject({
      format: "opencode-ts/session",
      version: 1,
      redacted: false,
      session: { id: session.id, title: "moving", directory: from.directory, metadata: { ticket: 17 } },
    });
    expect(exported.usage.total).toBeGreaterThan(0);
    const calls = to.model.requests.length;
    const imported = await to.oc.importSession(exported);
    expect(imported.id).not.toBe(session.id);
    expect(imported.directory).toBe(to.directory);
    expect(to.model.requests.length).toBe(calls);
    expect(await imported.info()).toMatchObject({ title: "moving", metadata: { ticket: 17 }, directory: to.directory });
    expect(await sentBy(to, imported, "go on")).toEqual(await sentBy(from, session, "go on"));
    const texts = (await imported.messages()).map(({ info, parts }) => [info.role, parts.map(({ type }) => type)]);
    expect(texts).toEqual(
      (await session.messages()).map(({ info, parts }) => [
        info.role,
        parts.map(({ type }) => type).filter((type) => type !== "patch"),
      ]),
    );
  });

  test("importSession() keeps tokens, the own model and rules of the session", async () => {
    const session = await from.oc.createSession({ permission: { bash: "deny" }, model: from.model.model });
    await session.ask("count me");
    const exported = throughJson(await session.export());
    expect(exported.rules).toContainEqual({ permission: "bash", pattern: "*", action: "deny" });
    const imported = await to.oc.importSession(exported);
    const usage = await imported.usage();
    expect(usage.total).toBe((await session.usage()).total);
    const info = await imported.info();
    expect(info.permission).toEqual(exported.rules);
    expect(info.model).toMatchObject({ providerID: "scripted", id: "model" });
    expect((await (await to.oc.importSession(exported, { rules: false })).info()).permission ?? []).toEqual([]);
  });

  test("importSession() on the memory agent, and from there on the real one, keeps messages and context", async () => {
    from.answer("list them", toolCall("bash", { command: "echo listed", description: "d" }), "they are listed");
    const session = await from.oc.createSession({ title: "through memory" });
    await session.ask("list them");
    await using agent = createMemoryAgent(({ lastUserText }) => `echo: ${lastUserText}`);
    await using memory = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch });
    const inMemory = await memory.importSession(throughJson(await session.export()));
    await inMemory.ask("in memory");
    await session.ask("in memory");
    const sent = conversation(agent.requests.at(-1));
    expect(sent).toEqual(
      conversation(from.model.requests.findLast(({ lastUserText }) => lastUserText === "in memory")),
    );
    const back = await to.oc.importSession(throughJson(await inMemory.export()));
    expect(await sentBy(to, back, "back again")).toEqual(await sentBy(from, session, "back again"));
  });

  test("importSession() goes on behind a compaction with the same context", async () => {
    const session = await from.oc.createSession();
    await session.ask("long ago");
    await session.compact();
    await session.ask("after it");
    const imported = await to.oc.importSession(throughJson(await session.export()));
    const sent = await sentBy(to, imported, "and now");
    expect(JSON.stringify(sent)).toContain("THE SUMMARY");
    expect(sent).toEqual(await sentBy(from, session, "and now"));
    expect((await imported.context()).length).toBe((await session.context()).length);
  });

  test("importSession() on the same server makes a copy, and leaves the session as it is", async () => {
    const session = await from.oc.createSession({ title: "twice" });
    await session.ask("once");
    const before = await session.messages();
    const [first, second] = [
      await from.oc.importSession(await session.export()),
      await from.oc.importSession(await session.export(), { directory: await temporaryFolder(from.directory) }),
    ];
    await first.ask("only in the copy");
    expect(await session.messages()).toEqual(before);
    expect(second.directory).not.toBe(from.directory);
    expect((await second.messages()).length).toBe(2);
    expect((await first.messages()).length).toBe(4);
  });

  test("importSession() of a long conversation keeps the order of its messages", async () => {
    const document_ = await document();
    const [prompt, answer] = document_.messages;
    const count = 400;
    document_.messages = Array.from({ length: count }, (_, index) => {
      const one = structuredClone(index % 2 === 0 ? prompt : answer);
      if (one === undefined || one.info.role === "unreadable") throw new Error("the document has no messages");
      one.info.id = `msg_${index}`;
      if (one.info.role === "assistant") one.info.parentID = `msg_${index - 1}`;
      for (const part of one.parts) if (part.type === "text") part.text = `text ${index}`;
      return one;
    });
    const imported = await to.oc.importSession(document_);
    const texts = (await imported.messages()).flatMap(({ parts }) =>
      parts.flatMap((one) => ("text" in one ? one.text : [])),
    );
    expect(texts).toEqual(Array.from({ length: count }, (_, index) => `text ${index}`));
    expect((await imported.ask("the end")).text).toBe("echo: the end");
    expect((await imported.info()).title).toBe("spoil");
  });

  test("importSession() of a turn that the export has cut tells the model that its tool was aborted", async () => {
    from.answer("cut", toolCall("bash", { command: "echo cut", description: "d" }), "done");
    const session = await from.oc.createSession();
    await session.ask("cut");
    const exported = throughJson(await session.export()) as Mutable;
    const messages = exported.messages.slice(0, 2);
    const call = messages[1]?.parts.find((part) => part.type === "tool");
    if (call?.type !== "tool" || messages[1]?.info.role !== "assistant") throw new Error("there is no call");
    Object.assign(call, { state: { status: "running", input: call.state.input, time: { start: 1 } } });
    messages[1].info.time = { created: messages[1].info.time.created };
    const imported = await to.oc.importSession({ ...exported, messages });
    expect(await imported.status()).toEqual({ type: "idle" });
    expect(JSON.stringify(await sentBy(to, imported, "go on after the cut"))).toContain("Tool execution aborted");
  });
});

describe("a document that cannot be imported", () => {
  test.each<[string, (document: Mutable) => unknown, RegExp]>([
    ["another kind", (one) => ({ ...one, format: "other" }), /`document\.format`/],
    ["no object", () => "text", /`document`.*an object/],
    ["a newer version", (one) => ({ ...one, version: 2 }), /version 2.*reads version 1/],
    ["no version", (one) => ({ ...one, version: "1" }), /`document\.version`/],
    ["messages that are no list", (one) => ({ ...one, messages: {} }), /`document\.messages`.*a list/],
    [
      "a text that is none",
      (one) => {
        Object.assign(one.messages[0]?.parts[0] ?? {}, { text: 5 });
        return one;
      },
      /`document\.messages\[0\]\.parts\[0\]\.text`.*a text, got number/,
    ],
    [
      "an unknown part",
      (one) => {
        Object.assign(one.messages[1]?.parts[0] ?? {}, { type: "hologram" });
        return one;
      },
      /`document\.messages\[1\]\.parts\[0\]\.type`.*"hologram"/,
    ],
    [
      "an unknown action of a rule",
      (one) => ({ ...one, rules: [{ permission: "bash", pattern: "*", action: "maybe" }] }),
      /`document\.rules\[0\]\.action`/,
    ],
  ])(
    "importSession() rejects %s with a ConfigError that names the field, and stores nothing",
    async (_case, spoil, message) => {
      const before = await ids(to.oc);
      const importing = to.oc.importSession(spoil(await document()) as SessionDocument);
      await expect(importing).rejects.toThrow(ConfigError);
      await expect(importing).rejects.toThrow(message);
      expect(await ids(to.oc)).toEqual(before);
    },
  );

  test("importSession() rejects a model and an agent that the server lacks, and takes others as options", async () => {
    const other = await document();
    const elsewhere = { ...other, session: { ...other.session, model: "elsewhere/model" } };
    await expect(to.oc.importSession(elsewhere)).rejects.toThrow(ModelNotFoundError);
    const gone = { ...other, session: { ...other.session, agent: "nobody" } };
    await expect(to.oc.importSession(gone)).rejects.toThrow(AgentNotFoundError);
    const imported = await to.oc.importSession(elsewhere, { model: to.model.model, agent: "plan" });
    expect(await imported.info()).toMatchObject({ model: { id: "model" }, agent: "plan" });
    expect((await imported.ask("here I am")).text).toBe("echo: here I am");
  });

  test("importSession() deletes the session of an import that the server refuses in its middle", async () => {
    const directory = await temporaryFolder();
    let batches = 0;
    const failing: typeof fetch = (input, init) => {
      const { url } = new Request(input, init);
      if (url.includes("/sync/replay")) batches += 1;
      if (url.includes("/sync/replay") && batches === 2) {
        return Promise.resolve(Response.json({ name: "UnknownError", data: { message: "full" } }, { status: 500 }));
      }
      return fetch(input, init);
    };
    await using oc = await connect(directory, failing);
    const spoiled = await document();
    const [prompt] = spoiled.messages;
    spoiled.messages = Array.from({ length: 400 }, (_, index) => {
      const one = structuredClone(prompt);
      if (one?.info.role !== "user") throw new Error("the document has no prompt");
      one.info.id = `msg_${index}`;
      return one;
    });
    await expect(oc.importSession(spoiled)).rejects.toThrow(InternalServerError);
    expect(batches).toBe(2);
    expect(await ids(oc)).toEqual([]);
  });

  test("importSession() repeats a request whose answer was lost, and stores each message once", async () => {
    const directory = await temporaryFolder();
    let lost = 0;
    const losing: typeof fetch = async (input, init) => {
      const { url } = new Request(input, init);
      const answer = await fetch(input, init);
      if (!url.includes("/sync/replay") || lost > 0) return answer;
      lost += 1;
      await answer.arrayBuffer();
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
    };
    await using oc = await connect(directory, losing);
    const imported = await oc.importSession(await document());
    expect(lost).toBe(1);
    expect((await imported.messages()).length).toBe(2);
  });

  test("importSession() tells a release without the route for messages the conversation as one text", async () => {
    const directory = await temporaryFolder();
    const older: typeof fetch = (input, init) => {
      const { url } = new Request(input, init);
      if (!url.includes("/sync/replay")) return fetch(input, init);
      return Promise.resolve(new Response("<html></html>", { headers: { "content-type": "text/html" } }));
    };
    await using oc = await connect(directory, older);
    const before = to.model.requests.length;
    const imported = await oc.importSession(await document());
    expect(to.model.requests.length).toBe(before);
    await imported.ask("go on from the text");
    const sent = JSON.stringify(conversation(to.model.requests.at(-1)));
    expect(sent).toContain("## User\\n\\none");
    expect(sent).toContain("## Assistant\\n\\necho: one");
    expect(await ids(oc)).toEqual([imported.id]);
  });
});
