/** Exactly-once prompts, exact streams, turns that end, and servers that die. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { AbortedError, ConflictError, type StreamOptions } from "../../../src/index.js";
import { hold } from "../../../src/testing/index.js";
import { type AskerTask, answerOf, killWhen, runAsker } from "../../support/asker.js";
import { eventually } from "../../support/slowness.js";
import { type Behaviour, behaviour } from "../behaviour.js";
import type { World } from "../world.js";

const messageId = (): string => `msg_${crypto.randomUUID().replaceAll("-", "")}`;
/** The POST of a prompt, on all protocols. */
const promptPost = /POST \S*\/session\/[^/]+\/prompt/;
/** The connections to the events, on all protocols. */
const eventStream = /GET \S*\/event(\?|$)/;

/** Whether the model is asked and has not answered yet. */
async function isAsked({ callsOf }: World, prompt: string): Promise<void> {
  await eventually(`the model is asked: ${prompt}`, () => callsOf(prompt) > 0);
}

/** For another process that asks on the same server. */
function askerTask({ oc, directory }: World, prompt: string): AskerTask {
  const options = { baseUrl: oc.client.baseUrl, password: oc.server?.password, directory };
  return { options, messageId: messageId(), prompt };
}

/** One session through two addresses, as two processes have it; a run of the first one goes on until `release`. */
async function twoClients({ oc, answer, callsOf, connectThroughProxy }: World, prompt: string) {
  const rest = hold(", ended");
  answer(prompt, { text: [prompt, rest] });
  const session = await oc.createSession({ title: prompt });
  const running = session.ask(prompt);
  running.catch(() => {}); // awaited by the caller
  const { oc: other } = await connectThroughProxy();
  await eventually(`the model is asked: ${prompt}`, () => callsOf(prompt) > 0);
  return { first: { answer: running, release: () => rest.release() }, second: other.session(session.id) };
}

/** A run in the middle of a shell line, and what is sent to its server from then on. */
async function startWorking(
  { connectThroughProxy, answer, bash, directory }: World,
  name: string,
  options: StreamOptions<undefined> = {},
) {
  const { oc, proxy } = await connectThroughProxy();
  const [log, go] = [join(directory, `${name}.log`), join(directory, `${name}.go`)];
  answer(`work: ${name}`, bash(`echo ran >> '${log}'; until [ -e '${go}' ]; do sleep 0.1; done`), `done: ${name}`);
  const session = await oc.createSession({ title: name });
  const stream = session.askStream(`work: ${name}`, { onPermission: () => "once", ...options });
  stream.answer.catch(() => {}); // awaited by the caller
  const begun = eventually(`the tool runs: ${name}`, () => existsSync(log));
  await Promise.race([begun, stream.answer]); // a turn that fails before is told at once
  const sent = (): number => proxy.lines.filter((line) => promptPost.test(line)).length;
  const before = sent();
  return {
    session,
    stream,
    finish: () => writeFileSync(go, ""),
    runs: () => readFileSync(log, "utf8").split("\n").length - 1,
    isSent: (count: number) => eventually("the steers are sent", () => sent() === before + count),
  };
}

/** In the order of the table. */
export const guarantees: readonly Behaviour[] = [
  behaviour("a prompt whose answer is lost is run once", async ({ connectThroughProxy, callsOf }) => {
    const { oc, proxy } = await connectThroughProxy();
    await oc.ask("warm up the proxy");
    proxy.loseAnswers(promptPost, 1);
    expect(await oc.ask("the answer is lost")).toMatchObject({ text: "echo: the answer is lost" });
    expect(callsOf("the answer is lost")).toBe(1);
  }),

  behaviour("the same prompt id again has the stored answer and no second run", async ({ oc, callsOf }) => {
    const session = await oc.createSession({ title: "twice" });
    const id = messageId();
    const first = await session.ask("asked twice", { messageId: id });
    const second = await session.ask("asked twice", { messageId: id });
    expect(second).toMatchObject({ text: first.text, messageId: id });
    expect(callsOf("asked twice")).toBe(1);
  }),

  behaviour("a prompt id that was used with another text rejects with ConflictError", async ({ oc, callsOf }) => {
    const session = await oc.createSession({ title: "conflict" });
    const id = messageId();
    await session.ask("the first text", { messageId: id });
    await expect(session.ask("the other text", { messageId: id })).rejects.toBeInstanceOf(ConflictError);
    expect(callsOf("the other text")).toBe(0);
  }),

  behaviour("a prompt that two clients send under one id is run once", async ({ oc, connect, callsOf }) => {
    const id = messageId();
    const { id: sessionId } = await oc.createSession({ title: "two clients" });
    const [one, two] = [oc.session(sessionId), (await connect()).session(sessionId)];
    const answers = await Promise.all([one, two].map((session) => session.ask("from two clients", { messageId: id })));
    expect(answers.map(({ text }) => text)).toEqual(["echo: from two clients", "echo: from two clients"]);
    expect(callsOf("from two clients")).toBe(1);
  }),

  behaviour("a session whose creation has lost its answer is made once", async ({ connectThroughProxy }) => {
    const { oc, proxy } = await connectThroughProxy();
    await oc.ask("warm up the creation");
    proxy.loseAnswers(/POST \S*\/session(\?| |$)/, 1);
    const title = `made once ${messageId()}`;
    const session = await oc.createSession({ title });
    await session.ask("in the session that was made once");
    expect((await oc.session(session.id).messages()).map(({ info }) => info.role)).toEqual(["user", "assistant"]);
  }),

  behaviour("two prompts of one session follow each other, and each has its own answer", async ({ oc }) => {
    const session = await oc.createSession({ title: "in a row" });
    const answers = await Promise.all([session.ask("first in a row"), session.ask("second in a row")]);
    expect(answers.map(({ text }) => text)).toEqual(["echo: first in a row", "echo: second in a row"]);
  }),

  behaviour("a prompt behind another client's run has its own answer", async (world) => {
    const { first, second } = await twoClients(world, "of another client");
    const answer = second.ask("behind another client", { messageId: messageId() });
    first.release();
    expect((await first.answer).text).toBe("of another client, ended");
    expect((await answer).text).toBe("echo: behind another client");
    expect([world.callsOf("of another client"), world.callsOf("behind another client")]).toEqual([1, 1]);
  }),

  behaviour("an abort of a prompt behind another client's run leaves that run alone", async (world) => {
    const { first, second } = await twoClients(world, "in front of an abort");
    const waiting = second.askStream("aborted behind another client", { messageId: messageId() });
    await waiting.abort();
    await expect(waiting.answer).rejects.toBeInstanceOf(AbortedError);
    first.release();
    expect((await first.answer).text).toBe("in front of an abort, ended");
    expect((await second.ask("behind the abort")).text).toBe("echo: behind the abort");
  }),

  behaviour("steers reach a run that is going on at its next step, once and in order", async (world) => {
    const { stream, finish, runs, isSent } = await startWorking(world, "steered");
    const steered = [stream.steer("first steer"), stream.steer("second steer")];
    await isSent(2);
    await stream.sessionId;
    finish();
    expect(await Promise.all(steered)).toEqual([{ absorbed: "running" }, { absorbed: "running" }]);
    expect((await stream.answer).text).toContain("second steer");
    expect(runs()).toBe(1);
    const asked = world.model.requests.map(({ messages }) => JSON.stringify(messages));
    const last = asked.filter((text) => text.includes("second steer"));
    expect(last).toHaveLength(1);
    expect(last[0]?.split("first steer")).toHaveLength(2);
    expect(last[0]?.indexOf("first steer")).toBeLessThan(last[0]?.indexOf("second steer") ?? -1);
  }),

  behaviour("a steered run whose model fails goes on with a fallback model without an interruption", async (world) => {
    const fallbackModels = ["scripted/other"];
    const { stream, finish, runs, isSent } = await startWorking(world, "steered to fail", { fallbackModels });
    world.answer("steer into the failure", ({ model }) => (model === "other" ? "the other answers" : { status: 401 }));
    const steered = stream.steer("steer into the failure");
    await isSent(1);
    finish();
    expect(await steered).toEqual({ absorbed: "running" });
    const attempts = [{ model: "scripted/model" }, { model: "scripted/other" }];
    expect(await stream.answer).toMatchObject({ model: "scripted/other", interruptions: 0, attempts });
    expect(runs()).toBe(1);
  }),

  behaviour("a steer after the end of its run is the next turn", async ({ oc, callsOf }) => {
    const session = await oc.createSession({ title: "late steer" });
    const stream = session.askStream("before the steer");
    expect((await stream.answer).text).toBe("echo: before the steer");
    const { absorbed, answer } = await stream.steer("a late steer");
    expect([absorbed, (await answer)?.text]).toEqual(["next", "echo: a late steer"]);
    expect(callsOf("a late steer")).toBe(1);
  }),

  behaviour("a steer of a run that is aborted rejects, and the next prompt has its own answer", async (world) => {
    const { session, stream, isSent } = await startWorking(world, "aborted");
    const steered = stream.steer("too late to steer");
    steered.catch(() => {}); // awaited below
    await isSent(1);
    await stream.abort();
    await expect(steered).rejects.toBeInstanceOf(AbortedError);
    expect((await session.ask("after the abort")).text).toBe("echo: after the abort");
  }),

  behaviour("a stream that is cut goes on, and has each character once", async ({ connectThroughProxy, answer }) => {
    const { oc, proxy } = await connectThroughProxy();
    const rest = hold("after the cut");
    answer("cut the stream", { text: ["before the cut, ", rest] });
    const stream = oc.askStream("cut the stream");
    let text = "";
    for await (const piece of stream) {
      text += piece;
      if (text !== "before the cut, ") continue;
      proxy.cut(eventStream);
      rest.release();
    }
    expect(text).toBe("before the cut, after the cut");
    expect((await stream.answer).text).toBe(text);
  }),

  behaviour("a turn without any event stream has the right answer", async ({ connectThroughProxy, answer, bash }) => {
    const { oc, proxy } = await connectThroughProxy();
    proxy.block(eventStream);
    answer("without events", bash("echo unseen"), "the whole answer");
    const stream = oc.askStream("without events");
    let text = "";
    for await (const piece of stream) text += piece;
    expect(text).toBe("the whole answer");
    expect(await stream.answer).toMatchObject({ text, toolCalls: [{ status: "completed" }] });
  }),

  behaviour("an abort ends the run while the model is silent, and nothing runs later", async (world) => {
    const { oc, answer } = world;
    answer("silent model", { silent: true });
    const session = await oc.createSession({ title: "silence" });
    const stream = session.askStream("silent model");
    await isAsked(world, "silent model");
    await stream.abort();
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
    expect(await session.ask("after the silence")).toMatchObject({ text: "echo: after the silence" });
  }),

  behaviour("an abort in the middle of a text rejects the stream and ends the run", async ({ oc, answer }) => {
    answer("endless text", { text: ["some text"], end: "hang" });
    const session = await oc.createSession({ title: "endless" });
    const stream = session.askStream("endless text");
    const read = async (): Promise<void> => {
      for await (const piece of stream) {
        expect(piece).toBe("some text");
        void stream.abort();
      }
    };
    await expect(read()).rejects.toBeInstanceOf(AbortedError);
    expect(await session.ask("after the text")).toMatchObject({ text: "echo: after the text" });
  }),

  behaviour("an abort ends a tool that ignores the request to end", async ({ oc, answer, bash, directory }) => {
    const [begun, later] = [join(directory, "begun"), join(directory, "later")];
    answer("stubborn tool", bash(`trap '' TERM; touch ${begun}; sleep 600; touch ${later}`), "never");
    const stop = new AbortController();
    const asked = oc.ask("stubborn tool", { signal: stop.signal });
    const failed = expect(asked).rejects.toBeInstanceOf(AbortedError);
    await eventually("the tool runs", () => existsSync(begun));
    stop.abort();
    await failed;
    expect(existsSync(later)).toBe(false);
  }),

  behaviour("an abort while a permission is asked ends the run", async ({ oc, answer, bash }) => {
    answer("asked and aborted", bash("echo never"), "never");
    const stop = new AbortController();
    const asked = oc.ask("asked and aborted", {
      permission: { bash: "ask" },
      signal: stop.signal,
      onPermission: () => {
        stop.abort();
        return new Promise(() => {});
      },
    });
    await expect(asked).rejects.toBeInstanceOf(AbortedError);
  }),

  behaviour("a turn longer than its timeout rejects with TurnTimeoutError and is ended", async (world) => {
    const { oc, answer } = world;
    answer("takes too long", { silent: true });
    const session = await oc.createSession({ title: "timeout" });
    await expect(session.ask("takes too long", { timeout: 1_500 })).rejects.toMatchObject({ name: "TurnTimeoutError" });
    expect(await session.ask("after the timeout")).toMatchObject({ text: "echo: after the timeout" });
  }),

  behaviour("a turn goes on after its server was killed in a text", async ({ startOwn, answer, callsOf }) => {
    const { oc } = await startOwn({ restart: true });
    await oc.ask("warm up to be killed");
    let step = 0;
    answer("killed in a text", () => (step++ === 0 ? { text: ["half "], end: "hang" } : "the whole text"));
    answer("Your last answer was interrupted", "the whole text"); // 2.x goes on by a second prompt
    const asked = oc.ask("killed in a text");
    asked.catch(() => {}); // awaited below
    await eventually("the text has begun", () => callsOf("killed in a text") > 0);
    process.kill(oc.server?.pid ?? Number.NaN, "SIGKILL");
    expect(await asked).toMatchObject({ text: "the whole text" });
  }),

  behaviour("a turn goes on after its server was killed in a tool, which has run once", async (world) => {
    const { startOwn, answer, bash } = world;
    const { oc, directory } = await startOwn({ restart: true });
    await oc.ask("warm up for the death in a tool");
    const ran = join(directory, "killed.log");
    answer("killed in a tool", bash(`echo ran >> ${ran}; sleep 600`), "the whole text");
    answer("Your last answer was interrupted", "the whole text"); // 2.x goes on by a second prompt
    const asked = oc.ask("killed in a tool");
    asked.catch(() => {}); // awaited below
    await eventually("the tool runs", () => existsSync(ran));
    process.kill(oc.server?.pid ?? Number.NaN, "SIGKILL");
    expect(await asked).toMatchObject({ text: "the whole text", interruptions: 1 });
    expect(readFileSync(ran, "utf8")).toBe("ran\n");
  }),

  behaviour("a prompt whose process is killed in a text gives its answer to the next process", async (world) => {
    const { answer, callsOf } = world;
    const rest = hold("is whole");
    answer("killed with its process", { text: ["the answer ", rest] });
    const task = askerTask(world, "killed with its process");
    const { sessionId } = await killWhen(runAsker(task), () => callsOf(task.prompt) === 1);
    const next = runAsker({ ...task, sessionId });
    await next.report;
    rest.release();
    await next.exit;
    expect(answerOf(next), next.output()).toEqual({ text: "the answer is whole", interruptions: 0 });
    expect(callsOf(task.prompt)).toBe(1);
  }),

  behaviour(
    "a tool that runs while its process is killed has run once when the next process has the answer",
    async (world) => {
      const { answer, bash, directory, callsOf } = world;
      const [ran, go] = [join(directory, "with-process.log"), join(directory, "with-process.go")];
      answer(
        "killed with its tool",
        bash(`echo ran >> ${ran}; while [ ! -e ${go} ]; do sleep 0.05; done`),
        "it has run",
      );
      const task = askerTask(world, "killed with its tool");
      const { sessionId } = await killWhen(runAsker(task), () => existsSync(ran));
      const next = runAsker({ ...task, sessionId });
      await next.report;
      writeFileSync(go, "");
      await next.exit;
      expect(answerOf(next), next.output()).toEqual({ text: "it has run", interruptions: 0 });
      expect([readFileSync(ran, "utf8"), callsOf(task.prompt)]).toEqual(["ran\n", 2]);
    },
  ),

  behaviour("a server that runs nothing when it is closed leaves no process", async ({ startOwn }) => {
    const { oc } = await startOwn();
    const pid = oc.server?.pid ?? Number.NaN;
    await oc.close();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  }),

  behaviour("twenty sessions at once have their own answers", async ({ oc }) => {
    const prompts = Array.from({ length: 20 }, (_, index) => `parallel number ${index}.`);
    const answers = await Promise.all(prompts.map((prompt) => oc.ask(prompt)));
    expect(answers.map(({ text }) => text)).toEqual(prompts.map((prompt) => `echo: ${prompt}`));
  }),
];
