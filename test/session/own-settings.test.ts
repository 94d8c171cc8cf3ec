/** A turn's model, agent and variant are the turn's: the session keeps its own, whoever asks next. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpencode, type Opencode, type Session } from "../../src/index.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { createLookupModel, shared, temporaryFolder } from "../support/fixture.js";

const other = "scripted/other";
const third = "scripted/third";
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
  oc = await createOpencode({
    ...options,
    config: { ...model.config, provider: { scripted: { ...scripted, models } }, command },
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

test("a turn without a model and agent has the session's own after a turn that named others, in every client", async () => {
  const session = await oc.createSession({ metadata: { mine: 1 } });
  await session.ask("one", { model: other, agent: "plan" });
  await another.session(session.id).ask("two");
  await session.ask("three", { model: third });
  await session.ask("four", { model: other });
  await another.session(session.id).ask("five");
  await session.ask("six");
  expect(await answered(session)).toEqual([
    "other plan",
    "model build",
    "third build",
    "other build",
    "model build",
    "model build",
  ]);
  const { metadata } = await session.info();
  expect(metadata).toMatchObject({ mine: 1 });
  expect(Object.keys(metadata ?? {})).not.toContain("opencode-ts:own");
});

test("a session that was created with a model and an agent has them in a client that only knows its id", async () => {
  const { id } = await oc.createSession({ model: other, agent: "plan" });
  const session = another.session(id);
  await session.ask("one");
  await session.ask("two", { model: third, agent: "build" });
  await session.command("greet", "them");
  await oc.session(id).ask("four");
  expect(await answered(session)).toEqual(["other plan", "third build", "other plan", "other plan"]);
});

test("a command's model and agent are those of the command's turn only", async () => {
  const session = await oc.createSession();
  await session.command("greet", "one", { model: other, agent: "plan" });
  await session.ask("two");
  expect(await answered(session)).toEqual(["other plan", "model build"]);
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
