/** The process that asked is killed; another one asks again under the same ids and gets the same answer, not a second run. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hold, type ScriptedModel, toolCall } from "../../../src/testing/index.js";
import { type AskerTask, answerOf, killWhen, runAsker } from "../../support/asker.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  startFixture,
  temporaryFolder,
  testBinary,
} from "../../support/fixture.js";
import { homeVariables } from "../../support/home.js";
import { isAlive } from "../../support/processes.js";

// Each test starts servers, seconds each on a busy machine.

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test("a prompt of a killed process gives its answer to later processes, with one model call", async () => {
  const gate = hold("answer");
  fixture.answer("asked by a process", { text: ["the ", gate] });
  const { server, client } = fixture.oc;
  const options = { baseUrl: client.baseUrl, password: server?.password, directory: fixture.directory };
  const task: AskerTask = { options, messageId: "msg_crash_one", prompt: "asked by a process" };
  const first = runAsker(task);
  const { sessionId } = await killWhen(first, () => fixture.model.calls("asked by a process") === 1);
  const second = runAsker({ ...task, sessionId }); // while it runs
  await second.report;
  gate.release();
  await second.exit;
  expect(answerOf(second)).toEqual({ text: "the answer", interruptions: 0 });
  const third = runAsker({ ...task, sessionId }); // when it is done
  await third.exit;
  expect(answerOf(third)).toEqual({ text: "the answer", interruptions: 0 });
  expect(fixture.model.calls("asked by a process")).toBe(1);
  const messages = await fixture.oc.session(sessionId).messages();
  expect(messages.filter(({ info }) => info.role === "user").map(({ parts }) => parts.length)).toEqual([1]);
});

test("only the interrupted step of a prompt runs again after the death of client and server", async () => {
  const home = await temporaryFolder();
  const directory = join(home, "work");
  await mkdir(directory);
  const { model, answer } = await createLookupModel();
  const gate = hold("never");
  let second = 0;
  answer("asked by its owner", toolCall("bash", { command: "echo once >> log", description: "d" }), () => {
    second += 1;
    return second === 1 ? { text: [gate] } : "done";
  });
  const options = { directory, config: model.config, binary: testBinary(), env: homeVariables(home) };
  const task: AskerTask = { options, messageId: "msg_crash_two", prompt: "asked by its owner" };
  const { sessionId, server } = await killWhen(runAsker(task), () => second === 1);
  await eventually("its server is gone, too", () => server !== undefined && !isAlive(server));
  const again = runAsker({ ...task, sessionId });
  await again.exit;
  expect(answerOf(again)).toEqual({ text: "done", interruptions: 1 });
  expect(second).toBe(2);
  const asked = requestsFor(model, "asked by its owner");
  expect(asked).toEqual([0, 1, 1]); // results of tools that each request carried
  gate.release();
  await model.close();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

test("an answered messageId is not sent again after a later turn of the session", async () => {
  const session = await fixture.oc.createSession();
  await session.ask("first of two", { messageId: "msg_followed" });
  await session.ask("second of two");
  expect((await session.ask("first of two", { messageId: "msg_followed" })).text).toBe("echo: first of two");
  expect(fixture.model.calls("first of two")).toBe(1);
  await expect(session.ask("other words", { messageId: "msg_followed" })).rejects.toMatchObject({
    name: "ConflictError",
  });
});

function requestsFor(model: ScriptedModel, prompt: string): number[] {
  return model.requests
    .filter(({ lastUserText }) => lastUserText === prompt)
    .map(({ toolResults }) => toolResults.length);
}
