/** A turn's model, agent and variant are the turn's: the session keeps its own, whoever asks next. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpencode, type Opencode, type Session } from "../../src/index.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { createLookupModel, shared, temporaryFolder } from "../support/fixture.js";

const other = "scripted/other";
const third = "scripted/third";
const mark = "opencode-ts:own";
let model: ScriptedModel;
let oc: Opencode;
/** A second client, as another process has it: it knows nothing of the first one's turns. */
let another: Opencode;

beforeAll(async () => {
  ({ model } = await createLookupModel());
  const options = shared(model, await temporaryFolder());
  const { scripted } = model.config.provider ?? {};
  const first = { ...scripted?.models?.["model"], variants: { high: { reasoningEffort: "high" } } };
  const models = { model: first, other: { ...first, name: "Other" }, third: { ...first, name: "Third" } };
  const command = { greet: { template: "Greet $ARGUMENTS" } };
  const agent = { cheap: { mode: "primary", model: other, description: "Cheap." } } as const;
  oc = await createOpencode({
    ...options,
    config: { ...model.config, provider: { scripted: { ...scripted, models } }, command, agent },
  });
  const { server, client } = oc;
  const given = { baseUrl: client.baseUrl, password: server?.password };
  another = await createOpencode(client.directory === undefined ? given : { ...given, directory: client.directory });
});

afterAll(async () => {
  await another.close();
  await oc.close();
  await model.close();
});

/** The model and the agent of each answer of the session, in order. */
async function answered(session: Session): Promise<string[]> {
  const messages = await session.messages();
  return messages.flatMap(({ info }) => (info.role === "assistant" ? [`${info.modelID} ${info.mode}`] : []));
}

test("a turn without a model has the session's own after a turn that named another one, in every client", async () => {
  const session = await oc.createSession({ metadata: { mine: 1 } });
  await session.ask("one", { model: other, agent: "plan" });
  await another.session(session.id).ask("two");
  await session.ask("three", { model: third });
  await session.ask("four", { model: other });
  expect(Object.keys((await session.info()).metadata ?? {})).toContain(mark);
  await another.session(session.id).ask("five");
  const { metadata } = await session.info();
  expect(metadata).toMatchObject({ mine: 1 });
  expect(Object.keys(metadata ?? {})).not.toContain(mark);
  await session.ask("six");
  expect(await answered(session)).toEqual([
    "other plan",
    "model build",
    "third build",
    "other build",
    "model build",
    "model build",
  ]);
});

test("a session that was created with a model has it in a client that only knows its id", async () => {
  const { id } = await oc.createSession({ model: other });
  const session = another.session(id);
  await session.ask("one");
  await session.ask("two", { model: third });
  await session.command("greet", "them");
  await oc.session(id).ask("four");
  expect(await answered(session)).toEqual(["other build", "third build", "other build", "other build"]);
});

test("a session that was created with an agent runs it in a client that only knows its id, in turns that name none", async () => {
  const created = await oc.createSession({ agent: "plan", metadata: { mine: 1 } });
  const session = another.session(created.id);
  await session.ask("one");
  await session.ask("two", { agent: "build" });
  await oc.session(created.id).ask("three");
  await session.command("greet", "them");
  await session.steer("five").then(({ answer }) => answer);
  await created.ask("six");
  const answers = ["model plan", "model build", "model plan", "model plan", "model plan", "model plan"];
  expect(await answered(session)).toEqual(answers);
  expect((await session.info()).metadata).toMatchObject({ mine: 1 });
  const copies = [await another.session(created.id).fork(), await session.fork()];
  for (const copy of [...copies, oc.session(copies[0]?.id ?? "")]) await copy.ask("in the copy");
  expect(await answered(oc.session(copies[0]?.id ?? ""))).toEqual([...answers, "model plan", "model plan"]);
  expect(await answered(oc.session(copies[1]?.id ?? ""))).toEqual([...answers, "model plan"]);
});

test("a session's own agent has its configured model, and its shell lines are the agent's", async () => {
  const { id } = await oc.createSession({ agent: "cheap" });
  await another.session(id).ask("one");
  await another.session(id).shell("echo two");
  await another.session(id).ask("three", { model: third });
  await another.session(id).ask("four");
  expect(await answered(another.session(id))).toEqual(["other cheap", "other cheap", "third cheap", "other cheap"]);
});

test("a client's agent runs a session of another agent that it only knows by its id, and a mode's agent does", async () => {
  const { baseUrl, directory = "" } = oc.client;
  await using client = await createOpencode({ baseUrl, password: oc.server?.password, directory, agent: "cheap" });
  const { id } = await oc.createSession({ agent: "build" });
  await client.session(id).ask("one");
  await another.session(id).ask("two", { permissionMode: "plan" });
  await another.session(id).ask("three");
  expect(await answered(oc.session(id))).toEqual(["other cheap", "model plan", "model build"]);
});

test("a turn in a session that was created with an agent reads it no more often than one without", async () => {
  const reads = async (agent: string | undefined): Promise<number> => {
    const { id } = await oc.createSession({ agent });
    const { baseUrl, directory = "" } = oc.client;
    const seen: string[] = [];
    const counting: typeof fetch = (input, init) => {
      const { method, url } = new Request(input, init);
      if (new URL(url).pathname.startsWith(`/session/${id}`)) seen.push(`${method} ${new URL(url).pathname}`);
      return fetch(input, init);
    };
    await using client = await createOpencode({ baseUrl, password: oc.server?.password, directory, fetch: counting });
    const session = client.session(id);
    await session.ask("one");
    await session.ask("two");
    return seen.filter((line) => line === `GET /session/${id}`).length;
  };
  expect(await reads("plan")).toBe(await reads(undefined));
});

test("a command's model and agent are those of the command's turn only", async () => {
  const session = await oc.createSession();
  await session.command("greet", "one", { model: other, agent: "plan" });
  await session.ask("two");
  expect(await answered(session)).toEqual(["other plan", "model build"]);
});

test("the configured model of a turn's agent is that of the turn, before and after a turn with a model", async () => {
  const session = await oc.createSession();
  await session.ask("one", { agent: "cheap" });
  await session.ask("two");
  await session.ask("three", { model: third });
  await session.ask("four", { agent: "cheap" });
  await session.ask("five");
  expect(await answered(session)).toEqual(["other cheap", "model build", "third build", "other cheap", "model build"]);
});

test("a model that another program has chosen after a turn with its own model stays", async () => {
  const session = await oc.createSession();
  await session.ask("one", { model: other });
  const path = { sessionID: session.id };
  const body = { model: { providerID: "scripted", modelID: "third" }, parts: [{ type: "text" as const, text: "two" }] };
  await oc.client.POST("/session/{sessionID}/message", { params: { path }, body });
  await session.ask("three");
  expect(await answered(session)).toEqual(["other build", "third build", "third build"]);
});

test("a repaired output and a prompt under a known messageId have the model of their turn", async () => {
  const session = await oc.createSession();
  const schema = { type: "object", properties: { count: { type: "number" } }, required: ["count"] } as const;
  await expect(session.ask("how many", { schema, model: other, maxRepairs: 1 })).rejects.toThrow();
  const named = { model: third, messageId: "msg_own_settings_1" };
  await session.ask("named", named);
  expect(await session.ask("named", named)).toMatchObject({ model: third });
  expect(await session.ask("last")).toMatchObject({ model: "scripted/model" });
  expect(await answered(session)).toEqual(["other build", "other build", "third build", "model build"]);
});

test("an exported session has its own model after a turn with another one, and its import goes on with the own one", async () => {
  const session = await oc.createSession({ metadata: { mine: 1 } });
  await session.ask("one", { model: third });
  const document = await session.export();
  expect(document.session).toMatchObject({ model: "scripted/model", metadata: { mine: 1 } });
  expect(document.session.metadata).not.toHaveProperty(mark);
  const imported = await another.importSession(document);
  await imported.ask("two");
  expect(await answered(imported)).toEqual(["third build", "model build"]);
});

test("an exported session has the agent that it was created with, and every client of its import has it", async () => {
  const session = await oc.createSession({ agent: "plan" });
  await session.ask("one", { agent: "build" });
  const document = await another.session(session.id).export();
  expect(document.session.agent).toBe("plan");
  const imported = await another.importSession(document);
  await imported.ask("two");
  await oc.session(imported.id).ask("three");
  expect(await answered(imported)).toEqual(["model build", "model plan", "model plan"]);
  const { id } = await oc.importSession(document, { agent: "cheap" });
  await another.session(id).ask("four");
  expect(await answered(another.session(id))).toEqual(["model build", "other cheap"]);
});

test("importSession() of a session without an agent of its own leaves the server's, whichever the last turn had", async () => {
  const session = await oc.createSession();
  await session.ask("one", { agent: "plan" });
  const imported = await another.importSession(await session.export());
  await imported.ask("two");
  expect(await answered(imported)).toEqual(["model plan", "model build"]);
});

test("importSession() with a model and an agent gives them to the session of a client that has others by default", async () => {
  const { baseUrl, directory = "" } = oc.client;
  const given = { baseUrl, password: oc.server?.password, directory };
  await using client = await createOpencode({ ...given, model: other, agent: "cheap" });
  const session = await oc.createSession();
  await session.ask("one");
  const imported = await client.importSession(await session.export(), { model: third, agent: "plan" });
  await imported.ask("two");
  expect(await answered(imported)).toEqual(["model build", "third plan"]);
});

test("a turn with a model runs on a server whose configuration is closed to the client", async () => {
  const closed: typeof fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : String(input));
    return pathname === "/config" ? Response.json({ name: "NotFoundError" }, { status: 404 }) : fetch(input, init);
  };
  const { client, server } = oc;
  const { baseUrl } = client;
  const directory = client.directory ?? "";
  await using proxied = await createOpencode({ baseUrl, password: server?.password, directory, fetch: closed });
  const session = await proxied.createSession();
  expect(await session.ask("one", { model: other })).toMatchObject({ model: other });
});
