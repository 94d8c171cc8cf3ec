/** A process that has asked a server of opencode 2.x is killed; the next one asks under the same id, and the prompt runs once. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { previewBinary } from "../../../scripts/agent.js";
import type { Opencode, OpencodeOptions } from "../../../src/index.js";
import { hold, type ScriptedModel, type SpokenReply, toolCalls } from "../../../src/testing/index.js";
import { isRecord, property } from "../../../src/util/json.js";
import { targetOf } from "../../conformance/targets.js";
import { type AskerTask, answerOf, killWhen, runAsker } from "../../support/asker.js";
import { createLookupModel, eventually, type Fixture, temporaryFolder } from "../../support/fixture.js";
import { homeVariables } from "../../support/home.js";
import { isAlive } from "../../support/processes.js";
import { scaled, unhurried } from "../../support/slowness.js";
import { standInBinary } from "../../support/stand-in-2x/binary.js";
import { startTcpProxy } from "../../support/tcp-proxy.js";

const kinds = [
  { kind: "preview", binaryOf: previewBinary, admitted: "history" },
  { kind: "stand-in-2.1", binaryOf: async () => standInBinary(), admitted: "inbox" },
] as const;

describe.each(kinds)("a killed client of $kind", ({ kind, binaryOf, admitted }) => {
  const target = targetOf(kind);
  let model: ScriptedModel;
  let answer: Fixture["answer"];
  let directory: string;
  let oc: Opencode;
  /** Of a client in another process. */
  let options: OpencodeOptions;

  beforeAll(async () => {
    const variants = { high: { reasoningEffort: "high" } };
    ({ model, answer } = await createLookupModel(undefined, { model: { variants } }));
    directory = await temporaryFolder();
    oc = await target.start(model, directory, { unresponsiveTimeout: scaled(5_000) } as OpencodeOptions);
    options = { baseUrl: oc.client.baseUrl, password: oc.server?.password, directory };
    await oc.ask("warm up");
  }, scaled(120_000));
  afterAll(async () => {
    await oc?.close();
    await model?.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  const shell = (command: string): SpokenReply =>
    toolCalls([target.toolUse({ name: "bash", args: { command, description: "d" } })]);
  const lines = async (file: string): Promise<number> =>
    (await readFile(file, "utf8").catch(() => "")).split("\n").length - 1;
  const calls = (prompt: string): number => model.calls(prompt);

  /** Another process asks the same; `meanwhile` is done when it is at work. */
  async function again(task: AskerTask, meanwhile: () => unknown = () => {}): Promise<unknown> {
    const program = runAsker(task);
    await program.report;
    await meanwhile();
    await program.exit;
    return answerOf(program) ?? program.output();
  }

  test(`the answer that a killed process was given on ${kind} is told to the next one, from one model call`, async () => {
    const prompt = "killed in a text";
    const gate = hold("answer");
    answer(prompt, { text: ["the ", gate] });
    const task: AskerTask = { options, messageId: "msg_in_text", prompt };
    const { sessionId } = await killWhen(runAsker(task), () => calls(prompt) === 1);
    const told = { text: "the answer", interruptions: 0 };
    expect(await again({ ...task, sessionId }, () => gate.release())).toEqual(told);
    expect(await again({ ...task, sessionId })).toEqual(told); // when it is done
    expect(calls(prompt)).toBe(1);
    expect((await oc.session(sessionId).messages()).map(({ info }) => info.role)).toEqual(["user", "assistant"]);
  });

  test(`a shell line that runs on ${kind} while its client is killed has run once`, async () => {
    const prompt = "killed in a tool";
    const [log, go] = [join(directory, "tool.log"), join(directory, "tool.go")];
    answer(prompt, shell(`echo ran >> ${log}; while [ ! -e ${go} ]; do sleep 0.05; done`), "the tool has run");
    const task: AskerTask = { options, messageId: "msg_in_tool", prompt };
    const { sessionId } = await killWhen(runAsker(task), () => existsSync(log));
    const told = await again({ ...task, sessionId }, () => writeFile(go, ""));
    expect(told).toEqual({ text: "the tool has run", interruptions: 0 });
    expect([await lines(log), calls(prompt)]).toEqual([1, 2]);
  });

  test(`a run on ${kind} whose client is killed between two steps has each step once`, async () => {
    const prompt = "killed between steps";
    const log = join(directory, "steps.log");
    const gate = hold("second step");
    answer(prompt, shell(`echo ran >> ${log}`), { text: [gate] });
    const task: AskerTask = { options, messageId: "msg_between", prompt };
    const { sessionId } = await killWhen(runAsker(task), () => calls(prompt) === 2);
    const told = await again({ ...task, sessionId }, () => gate.release());
    expect(told).toEqual({ text: "second step", interruptions: 0 });
    expect([await lines(log), calls(prompt)]).toEqual([1, 2]);
  });

  test(`a permission that ${kind} has asked a killed client is answered by the next one`, async () => {
    const prompt = "killed while asked";
    const log = join(directory, "asked.log");
    answer(prompt, shell(`echo ran >> ${log}`), "allowed later");
    const turn = { permission: { bash: "ask" } } as const;
    const task: AskerTask = { options, messageId: "msg_asked", prompt, turn, onPermission: "never" };
    const first = runAsker(task);
    const { sessionId } = await killWhen(first, () => /^asked$/m.test(first.output()));
    expect(await lines(log)).toBe(0);
    const told = await again({ ...task, sessionId, onPermission: "once" });
    expect(told).toEqual({ text: "allowed later", interruptions: 0 });
    expect([await lines(log), calls(prompt)]).toEqual([1, 2]);
  });

  test(`a prompt that ${kind} has admitted and not begun when its client is killed runs once`, async () => {
    const [prompt, before] = ["admitted only", "runs before it"];
    const gate = hold("of the run before");
    answer(before, { text: ["text ", gate] });
    answer(prompt, "begun at last");
    await using proxy = await startTcpProxy(oc.client.baseUrl);
    const session = await oc.createSession({ title: "t" });
    const post = new RegExp(`^POST \\S*/session/${session.id}/prompt`);
    const deliver = proxy.holdBack(post);
    const task: AskerTask = { options, sessionId: session.id, messageId: "msg_admitted", prompt };
    const first = runAsker({ ...task, options: { ...options, baseUrl: proxy.url } as OpencodeOptions });
    await eventually("it sends its prompt", () => proxy.lines.some((line) => post.test(line)));
    const earlier = session.ask(before);
    await eventually("another run has begun", () => calls(before) === 1);
    deliver();
    const isAdmitted = async (): Promise<boolean> => {
      const { data } = await oc.client.request("GET", `/api/session/${session.id}/${admitted}`);
      const list = property(data, "data");
      return Array.isArray(list) && list.filter(isRecord).some((one) => JSON.stringify(one).includes(task.messageId));
    };
    await killWhen(first, isAdmitted);
    expect(await again(task, () => gate.release())).toEqual({ text: "begun at last", interruptions: 0 });
    expect((await earlier).text).toBe("text of the run before");
    expect([calls(before), calls(prompt)]).toEqual([1, 1]);
  });

  test(`the agent and the variant that a killed client has left on a session of ${kind} are taken back`, async () => {
    const prompt = "killed as plan";
    const gate = hold("planned");
    answer(prompt, { text: ["has ", gate] });
    const session = await oc.createSession({ title: "t" });
    await session.ask("before it");
    const read = async (): Promise<unknown> =>
      property((await oc.client.request("GET", `/api/session/${session.id}`)).data, "data");
    const turn = { agent: "plan", model: model.model, variant: "high" };
    const task: AskerTask = { options, sessionId: session.id, messageId: "msg_as_plan", prompt, turn };
    await killWhen(runAsker(task), () => calls(prompt) === 1);
    expect(await read()).toMatchObject({ agent: "plan", model: { variant: "high" } });
    expect(await again(task, () => gate.release())).toMatchObject({ text: "has planned" });
    expect(await read()).toMatchObject({ agent: "build" });
    expect(await read()).not.toMatchObject({ model: { variant: "high" } });
    await session.ask("after it");
    const agents = (await session.messages()).flatMap(({ info }) => (info.role === "assistant" ? [info.mode] : []));
    expect(agents).toEqual(["build", "plan", "build"]);
  });

  test(`a run of ${kind} that its owner's death has cut in a tool goes on in a new process, the tool not`, async () => {
    const home = await temporaryFolder();
    const own = join(home, "work");
    const log = join(home, "tool.log");
    await mkdir(own);
    const prompt = "owner killed in a tool";
    answer(prompt, shell(`echo ran >> ${log}; exec sleep 70000`), "never");
    answer("Continue. Your last answer was interrupted.", "went on after it");
    const given = { binary: await binaryOf(), directory: own, config: model.config, env: homeVariables(home) };
    const task: AskerTask = { options: { ...given, ...unhurried() }, messageId: "msg_owner", prompt };
    const { sessionId, server } = await killWhen(runAsker(task), () => existsSync(log));
    await eventually("its server is gone, too", () => server !== undefined && !isAlive(server));
    expect(await again({ ...task, sessionId })).toEqual({ text: "went on after it", interruptions: 1 });
    expect([await lines(log), calls(prompt)]).toEqual([1, 1]);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });

  test(`a ${kind} that does not respond is named, and the same prompt has the answer of the same run later`, async () => {
    const prompt = "stands still";
    const gate = hold("the end");
    answer(prompt, { text: ["begun ", gate] });
    const pid = oc.server?.pid ?? Number.NaN;
    const session = await oc.createSession({ title: "t" });
    const stream = session.askStream(prompt, { messageId: "msg_still" });
    expect(await stream[Symbol.asyncIterator]().next()).toMatchObject({ value: "begun " });
    process.kill(pid, "SIGSTOP");
    try {
      await expect(stream.answer).rejects.toMatchObject({
        name: "ServerUnresponsiveError",
        sessionId: session.id,
        message: expect.stringContaining(`(process ${pid})`),
      });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    gate.release();
    expect((await session.ask(prompt, { messageId: "msg_still" })).text).toBe("begun the end");
    expect(calls(prompt)).toBe(1);
  });
});
