/** Whatever a turn leaves on the session: it is taken back behind a late end, and behind a lost answer. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiV2 } from "../../../../src/api/v2/api.js";
import { createOpencodeClient } from "../../../../src/client/client.js";
import { hold } from "../../../../src/testing/index.js";
import { mintId } from "../../../../src/util/ids.js";
import { eventually } from "../../../support/slowness.js";
import { startTcpProxy } from "../../../support/tcp-proxy.js";
import { type Stage, startStage } from "./stage.js";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  expect(stage.standIn.readViolations()).toEqual([]);
  await stage[Symbol.asyncDispose]();
});

const part = (text: string) => ({ type: "text" as const, id: "prt_1", text });
const active = /^GET \/api\/session\/active/;
const entries = /^PUT .*\/instructions\/entries/;

async function entriesOf(sessionId: string): Promise<unknown[]> {
  return stage.client.items(`/api/experimental/session/${sessionId}/instructions/entries`);
}

test("the agent and the system text of a turn are taken back from a session that is listed as active for longer", async () => {
  const { client, directory, standIn, answer } = stage;
  await using proxy = await startTcpProxy(standIn.url);
  const { password } = standIn;
  const { prompts } = apiV2(createOpencodeClient({ baseUrl: proxy.url, password, directory }), "2.1");
  const gate = hold("the end");
  answer("late end", { text: [gate] });
  const id = await client.session(directory);
  const own = await client.data("GET", `/api/session/${id}`);
  const messageID = mintId("msg");
  await prompts.submit(id, { messageID, parts: [part("late end")], agent: "plan", system: "Softly." });
  expect(await client.data("GET", `/api/session/${id}`)).toMatchObject({ agent: "plan" });
  expect(await entriesOf(id)).toHaveLength(1);
  const looks = (): number => proxy.lines.filter((line) => active.test(line)).length;
  const before = looks();
  const restored = prompts.restore(id);
  await eventually("it is found to be active", () => looks() > before);
  gate.release();
  await restored;
  expect((await client.data("GET", `/api/session/${id}`))["agent"]).toBe(own["agent"] ?? "build");
  expect(await entriesOf(id)).toEqual([]);
});

test("a system text whose answer was lost is taken back, and the prompt can be sent after it", async () => {
  const { client, directory, standIn, model } = stage;
  await using proxy = await startTcpProxy(standIn.url);
  const { password } = standIn;
  const { prompts, sessions } = apiV2(createOpencodeClient({ baseUrl: proxy.url, password, directory }), "2.1");
  const id = await client.session(directory);
  const prompt = { messageID: mintId("msg"), parts: [part("sent later")], system: "Softly." };
  proxy.loseAnswers(entries, Number.POSITIVE_INFINITY);
  await expect(prompts.submit(id, prompt)).rejects.toMatchObject({ name: "APIConnectionError" });
  expect(await entriesOf(id)).toHaveLength(1);
  await prompts.restore(id);
  expect(await entriesOf(id)).toEqual([]);
  expect(model.calls("sent later")).toBe(0);
  proxy.loseAnswers(entries, 0);
  await prompts.submit(id, prompt);
  await eventually("it is idle", async () => (await sessions.statuses())[id] === undefined);
  expect(JSON.stringify(model.requests.at(-1)?.body)).toContain("Softly.");
  await prompts.restore(id);
  expect(await entriesOf(id)).toEqual([]);
});

test("a system text is told again after the answer to its removal was lost", async () => {
  const { client, directory, standIn } = stage;
  await using proxy = await startTcpProxy(standIn.url);
  const { password } = standIn;
  const { prompts, sessions } = apiV2(
    createOpencodeClient({ baseUrl: proxy.url, password, directory, maxRetries: 0 }),
    "2.1",
  );
  const id = await client.session(directory);
  const ask = async (text: string): Promise<void> => {
    await prompts.submit(id, { messageID: mintId("msg"), parts: [part(text)], system: "Slowly." });
    await eventually("it is idle", async () => (await sessions.statuses())[id] === undefined);
  };
  await ask("with it");
  proxy.loseAnswers(/^DELETE .*\/instructions\/entries/, 1);
  await expect(prompts.restore(id)).rejects.toMatchObject({ name: "APIConnectionError" });
  await ask("with it again");
  expect(await entriesOf(id)).toHaveLength(1);
});

test.each([
  ["is taken back by whoever asks the same again", "the same prompt", "build"],
  ["stays when somebody has chosen it since", "a choice", "plan"],
  ["stays when another prompt has gone on with it", "another prompt", "plan"],
])("the agent that a dead process has left %s", async (_what, behind, expected) => {
  const { client, directory, standIn } = stage;
  const { url: baseUrl, password } = standIn;
  const connect = () => apiV2(createOpencodeClient({ baseUrl, password, directory }), "2.1");
  const id = await client.session(directory);
  const idle = (): Promise<void> =>
    eventually("it is idle", async () => (await client.data("GET", "/api/session/active"))[id] === undefined);
  const prompt = { messageID: mintId("msg"), parts: [part("left behind")], agent: "plan" };
  await connect().prompts.submit(id, prompt);
  await idle();
  if (behind === "a choice") {
    for (const agent of ["build", "plan"]) await client.call("POST", `/api/session/${id}/agent`, { agent });
  } else if (behind === "another prompt") {
    await client.data("POST", `/api/session/${id}/prompt`, { text: "goes on" });
    await idle();
  }
  const { prompts } = connect();
  expect(await prompts.isStored(id, prompt)).toBe(true);
  await prompts.restore(id);
  expect(await client.data("GET", `/api/session/${id}`)).toMatchObject({ agent: expected });
});
