/** Prompts that are put into a turn that runs. */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AbortedError,
  type AnswerStream,
  askStream,
  ConfigError,
  createOpencode,
  type Opencode,
  type Session,
  type SessionTurnOptions,
  type SteerResult,
  TurnTimeoutError,
} from "../../../src/index.js";
import { hold, type ModelRequest, toolCall } from "../../../src/testing/index.js";
import { textParts } from "../../../src/testing/request.js";
import { mintId } from "../../../src/util/ids.js";
import { createLookupModel, eventually, type Fixture, startFixture, startOwnFixture } from "../../support/fixture.js";
import { startRebornServer } from "../../support/restarting-server.js";
import { scaled, unhurried } from "../../support/slowness.js";
import { startTcpProxy } from "../../support/tcp-proxy.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.oc.ask("warm up"); // a time limit of a test does not pass while the agent starts
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** The agent ends a command after this time, in ms. Its own default, two minutes, is short for a slow machine. */
const longestCommand = 3_600_000;

/** The user texts of each model step of a session. */
function asked(sessionId: string, { model }: Fixture = fixture): string[][] {
  const isStep = (request: ModelRequest): boolean => request.kind === "chat" && request.sessionId === sessionId;
  return model.requests.filter(isStep).map(({ messages }) => {
    return messages.filter(({ role }) => role === "user").flatMap((message) => textParts(message));
  });
}

/** How often a text is stored in a session. */
async function timesStored(session: Session, text: string): Promise<number> {
  const parts = (await session.messages()).flatMap((message): readonly object[] => message.parts);
  return parts.filter((part) => Reflect.get(part, "text") === text).length;
}

interface Working {
  readonly session: Session;
  readonly stream: AnswerStream;
  /** Lets the tool end. */
  readonly finish: () => Promise<void>;
  /** How often the tool has begun. */
  readonly runs: () => number;
}

/** A turn in the middle of a shell command. */
async function startWorking(
  name: string,
  options: SessionTurnOptions = {},
  {
    oc = fixture.oc,
    of = fixture,
  }: { readonly oc?: Opencode; readonly of?: Pick<Fixture, "answer" | "directory"> } = {},
): Promise<Working> {
  const [log, go] = ["log", "go"].map((kind) => join(of.directory, `${name}.${kind}`)) as [string, string];
  const command = `echo ran >> '${log}'; until [ -e '${go}' ]; do sleep 0.1; done`;
  of.answer(name, toolCall("bash", { command, timeout: longestCommand, description: "works" }), `done: ${name}`);
  const session = await oc.createSession({ title: name });
  const stream = session.askStream(name, { ...options });
  const begun = eventually("the tool runs", () => existsSync(log));
  await Promise.race([begun, stream.answer]); // a turn that fails before is told at once
  const runs = (): number => readFileSync(log, "utf8").split("\n").length - 1;
  return { session, stream, finish: () => writeFile(go, ""), runs };
}

describe("a steer while a tool runs", () => {
  test("steer() during a tool resolves to running, and the model is asked with it once", async () => {
    const { session, stream, finish, runs } = await startWorking("one");
    const steered = stream.steer("rather this");
    await eventually("it is stored", async () => (await timesStored(session, "rather this")) === 1);
    await finish();
    expect(await steered).toEqual({ absorbed: "running" });
    const answer = await stream.answer;
    expect(answer.text).toBe("echo: rather this");
    expect(asked(session.id)).toEqual([["one"], ["one", "rather this"]]);
    expect(await timesStored(session, "rather this")).toBe(1);
    expect(runs()).toBe(1);
    expect(answer.toolCalls).toHaveLength(1);
  });

  test("several steers of a run keep their order, and each is given to the model once", async () => {
    const { session, stream, finish } = await startWorking("several");
    const texts = ["first", "second", "third"];
    const steered = texts.map((text) => session.steer(text));
    await eventually("they are stored", async () => (await timesStored(session, "third")) === 1);
    await finish();
    expect(await Promise.all(steered)).toEqual(texts.map(() => ({ absorbed: "running" })));
    expect((await stream.answer).text).toBe("echo: third");
    expect(asked(session.id)).toEqual([["several"], ["several", ...texts]]);
  });

  test("a steer whose response is lost is stored once, and absorbed", async () => {
    const { server, directory } = { ...fixture, server: fixture.oc.server };
    if (server === undefined) throw new Error("the fixture has a server");
    await using proxy = await startTcpProxy(server.url);
    const { reconnectTimeout } = unhurried();
    await using oc = await createOpencode({
      baseUrl: proxy.url,
      password: server.password,
      directory,
      reconnectTimeout,
    });
    const { session, stream, finish } = await startWorking("lost", {}, { oc });
    proxy.loseAnswers(/prompt_async/, 1);
    proxy.cut(/^GET \/event/);
    const steered = stream.steer("came through");
    await eventually("it is stored", async () => (await timesStored(session, "came through")) === 1);
    await finish();
    expect(await steered).toEqual({ absorbed: "running" });
    expect((await stream.answer).text).toBe("echo: came through");
    expect(asked(session.id)).toEqual([["lost"], ["lost", "came through"]]);
  });

  test("a steer without any event is found to be absorbed by reads", async () => {
    const { server, directory } = { ...fixture, server: fixture.oc.server };
    if (server === undefined) throw new Error("the fixture has a server");
    await using proxy = await startTcpProxy(server.url);
    proxy.block(/^GET \/event/);
    const { reconnectTimeout } = unhurried();
    await using oc = await createOpencode({
      baseUrl: proxy.url,
      password: server.password,
      directory,
      reconnectTimeout,
    });
    const { session, stream, finish } = await startWorking("deaf", {}, { oc });
    const steered = stream.steer("read me");
    await eventually("it is stored", async () => (await timesStored(session, "read me")) === 1);
    await finish();
    expect(await steered).toEqual({ absorbed: "running" });
    expect((await stream.answer).text).toBe("echo: read me");
    expect(asked(session.id)).toEqual([["deaf"], ["deaf", "read me"]]);
  });
});

describe("a steer at the end of a run", () => {
  test("a steer in the last step prolongs the run, whose answer is then the last text", async () => {
    const tail = hold("tail");
    fixture.answer("last step", { text: ["head ", tail] });
    const session = await fixture.oc.createSession({ title: "last step" });
    const stream = session.askStream("last step");
    const text = (async () => {
      let all = "";
      for await (const piece of stream) all += piece;
      return all;
    })();
    await eventually("the model writes", () => fixture.model.calls("last step") === 1);
    const steered = stream.steer("one more thing");
    await eventually("it is stored", async () => (await timesStored(session, "one more thing")) === 1);
    tail.release();
    expect(await steered).toEqual({ absorbed: "running" });
    expect((await stream.answer).text).toBe("echo: one more thing");
    expect(await text).toBe("head tailecho: one more thing");
    expect(fixture.model.calls("one more thing")).toBe(1);
  });

  test("a steer after the end of its turn is the next turn", async () => {
    const session = await fixture.oc.createSession({ title: "ended" });
    const stream = session.askStream("ended");
    expect((await stream.answer).text).toBe("echo: ended");
    const { absorbed, answer } = await stream.steer("too late");
    expect(absorbed).toBe("next");
    expect((await answer)?.text).toBe("echo: too late");
    expect(asked(session.id)).toEqual([["ended"], ["ended", "too late"]]);
  });

  test("session.steer() in an idle session is the next turn, with its events", async () => {
    const session = await fixture.oc.createSession({ title: "idle" });
    const { absorbed, answer, events } = await session.steer("nothing runs");
    expect(absorbed).toBe("next");
    const types: string[] = [];
    for await (const { type } of events ?? []) types.push(type);
    expect(types).toContain("text-delta");
    expect((await answer)?.text).toBe("echo: nothing runs");
  });

  test("steers of a run that came to its time limit are the next turn, before a prompt that waits", async () => {
    const { session, stream } = await startWorking("limited", { timeout: scaled(4_000) });
    const waiting = session.ask("behind them");
    const steered = ["late one", "late two"].map((text) => stream.steer(text));
    await expect(stream.answer).rejects.toBeInstanceOf(TurnTimeoutError);
    const results = await Promise.all(steered);
    expect(results.map(({ absorbed }) => absorbed)).toEqual(["next", "next"]);
    const answers = await Promise.all(results.map(({ answer }) => answer));
    expect(answers.map((answer) => answer?.text)).toEqual(["echo: late two", "echo: late two"]);
    expect((await waiting).text).toBe("echo: behind them");
    expect(asked(session.id)).toEqual([
      ["limited"],
      ["limited", "late one", "late two"],
      ["limited", "late one", "late two", "behind them"],
    ]);
  });

  test("a steer of a turn in a new session that came to its time limit is the next turn", async () => {
    const name = "limited in a new session";
    fixture.answer(
      name,
      toolCall("bash", { command: "sleep 600", timeout: longestCommand, description: "works" }),
      "never",
    );
    const stream = fixture.oc.askStream(name, { timeout: scaled(4_000) });
    const steered = stream.steer("after the limit");
    await expect(stream.answer).rejects.toBeInstanceOf(TurnTimeoutError);
    const { absorbed, answer } = await steered;
    expect(absorbed).toBe("next");
    expect((await answer)?.text).toBe("echo: after the limit");
  });

  test("a steer of a run that is aborted rejects, and the next prompt is asked without it", async () => {
    const { session, stream } = await startWorking("stopped");
    const steered = stream.steer("never mind");
    steered.catch(() => {});
    await eventually("it is stored", async () => (await timesStored(session, "never mind")) === 1);
    await stream.abort();
    await expect(steered).rejects.toBeInstanceOf(AbortedError);
    expect((await session.ask("go on")).text).toBe("echo: go on");
    expect(asked(session.id).at(-1)).toEqual(["stopped", "go on"]);
    expect(await timesStored(session, "never mind")).toBe(0);
  });
});

describe("whenBusy: steer", () => {
  test("a prompt with whenBusy steer joins the run that is going on, and has its answer", async () => {
    const { session, stream, finish } = await startWorking("joined");
    const asking = session.ask("joins", { whenBusy: "steer" });
    await eventually("it is stored", async () => (await timesStored(session, "joins")) === 1);
    await finish();
    expect((await asking).text).toBe("echo: joins");
    expect((await stream.answer).text).toBe("echo: joins");
    expect(asked(session.id)).toEqual([["joined"], ["joined", "joins"]]);
  });

  test("the signal of a prompt with whenBusy steer ends its waiting also for the next turn, which goes on", async () => {
    const { session, stream } = await startWorking("limited before", { timeout: scaled(4_000) });
    const tail = hold("tail");
    fixture.answer("becomes the next", { text: ["head ", tail] });
    const controller = new AbortController();
    const asking = session.ask("becomes the next", { whenBusy: "steer", signal: controller.signal });
    asking.catch(() => {});
    await expect(stream.answer).rejects.toBeInstanceOf(TurnTimeoutError);
    await eventually("the model writes", () => fixture.model.calls("becomes the next") === 1);
    controller.abort();
    await expect(asking).rejects.toBeInstanceOf(AbortedError);
    tail.release();
    expect((await session.ask("after it")).text).toBe("echo: after it");
    expect(JSON.stringify(await session.messages())).toContain("head tail");
  });

  test("a prompt with whenBusy steer is a turn of its own in an idle session", async () => {
    const session = await fixture.oc.createSession({ title: "free" });
    expect((await session.ask("alone", { whenBusy: "steer" })).text).toBe("echo: alone");
  });

  test("whenBusy steer with a schema or a messageId rejects with ConfigError", async () => {
    const session = fixture.oc.session("ses_0000000000000000000000000");
    const schema = { type: "object" } as const;
    await expect(session.ask("x", { whenBusy: "steer", schema })).rejects.toThrow(/`schema` option/);
    await expect(session.ask("x", { whenBusy: "steer", messageId: "msg_1" })).rejects.toThrow(/`messageId` option/);
    await expect(session.ask("x", { whenBusy: "interrupt" } as object)).rejects.toThrow(/"steer"/);
  });
});

test("a steer that comes before its turn has a session waits for the run", async () => {
  const go = hold("there");
  fixture.answer("new session", { text: ["here ", go] });
  const stream = fixture.oc.askStream("new session");
  const steered = stream.steer("early");
  const session = fixture.oc.session(await stream.sessionId);
  await eventually("it is stored", async () => (await timesStored(session, "early")) === 1);
  go.release();
  expect(await steered).toEqual({ absorbed: "running" });
  expect((await stream.answer).text).toBe("echo: early");
});

test("a steer of a one-shot prompt whose server does not start rejects as the prompt", async () => {
  const stream = askStream("never asked", { binary: "/does/not/exist" });
  const steered = stream.steer("nor this");
  const error = await stream.answer.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "BinaryNotFoundError" });
  await expect(steered).rejects.toBe(error);
});

test("an empty steer rejects with ConfigError, and the run is not changed", async () => {
  const { session, stream, finish } = await startWorking("unchanged");
  await expect(stream.steer(" ")).rejects.toBeInstanceOf(ConfigError);
  await expect(session.steer([{ type: "sound" }] as never)).rejects.toBeInstanceOf(ConfigError);
  await finish();
  expect((await stream.answer).text).toBe("done: unchanged");
});

test("a foreign prompt in a steered run does not make a wrong answer, and the steer is absorbed", async () => {
  const { session, stream, finish } = await startWorking("shared");
  const params = { path: { sessionID: session.id } };
  const parts = [{ type: "text" as const, text: "somebody else's" }];
  await fixture.oc.client.POST("/session/{sessionID}/prompt_async", { params, body: { parts } });
  await eventually("it is stored", async () => (await timesStored(session, "somebody else's")) === 1);
  const steered = stream.steer("ours");
  await eventually("ours is stored", async () => (await timesStored(session, "ours")) === 1);
  await finish();
  expect(await steered).toEqual({ absorbed: "running" });
  await expect(stream.answer).rejects.toMatchObject({ name: "SessionBusyError" });
  expect(asked(session.id)).toEqual([["shared"], ["shared", "somebody else's", "ours"]]);
});

test("a steered run of a client that is gone is answered under its messageId by another client", async () => {
  const messageId = mintId("msg");
  const { server, directory } = { ...fixture, server: fixture.oc.server };
  if (server === undefined) throw new Error("the fixture has a server");
  const options = { baseUrl: server.url, password: server.password, directory };
  const first = await createOpencode(options);
  const working = await startWorking("handed-over", { messageId }, { oc: first });
  const steered = working.stream.steer("in between");
  await eventually("it is stored", async () => (await timesStored(working.session, "in between")) === 1);
  await using second = await createOpencode(options);
  const taken = second.session(working.session.id).ask("handed-over", { messageId });
  await working.finish();
  expect((await taken).text).toBe("echo: in between");
  expect(await steered).toEqual({ absorbed: "running" });
  expect((await working.stream.answer).text).toBe("echo: in between");
  await first.close();
});

test("a steered run of a server that is killed goes on with its steer, once", async () => {
  await using own = await startOwnFixture({ restart: true });
  const { session, stream, finish } = await startWorking("killed", {}, { oc: own.oc, of: own });
  const steered = stream.steer("survives");
  await eventually("it is stored", async () => (await timesStored(session, "survives")) === 1);
  process.kill(own.oc.server?.pid ?? Number.NaN, "SIGKILL");
  await finish();
  expect(await steered).toEqual({ absorbed: "running" });
  expect((await stream.answer).text).toBe("echo: survives");
  expect(await timesStored(session, "survives")).toBe(1);
  expect(asked(session.id, own).at(-1)).toEqual(["killed", "survives"]);
});

test("a steer at the moment when a killed server's run is set going again is given to the model once", async () => {
  await using own = await startOwnFixture({ restart: true });
  const { session, stream, finish } = await startWorking("again", {}, { oc: own.oc, of: own });
  process.kill(own.oc.server?.pid ?? Number.NaN, "SIGKILL");
  await finish();
  let steered: Promise<SteerResult> | undefined;
  for await (const event of stream.events) if (event.type === "retry") steered ??= stream.steer("at the restart");
  await (await steered)?.answer;
  await stream.answer;
  expect(asked(session.id, own).filter((texts) => texts.includes("at the restart"))).toHaveLength(1);
});

test("a steered run of a client and a server that are gone goes on with its steer under its messageId", async () => {
  const { model, answer } = await createLookupModel();
  await using server = await startRebornServer(model.config);
  const { url: baseUrl, password, directory } = server;
  const connect = () => createOpencode({ baseUrl, password, directory });
  const of = { answer, directory };
  const messageId = mintId("msg");
  let sessionId: string;
  {
    await using oc = await connect();
    const { session, stream, finish } = await startWorking("both-gone", { messageId }, { oc, of });
    sessionId = session.id;
    const steered = stream.steer("is not lost");
    steered.catch(() => {});
    await eventually("it is stored", async () => (await timesStored(session, "is not lost")) === 1);
    await server.kill();
    await finish();
  }
  await server.start();
  await using oc = await connect();
  const session = oc.session(sessionId);
  expect((await session.ask("both-gone", { messageId })).text).toBe("echo: is not lost");
  expect(await timesStored(session, "is not lost")).toBe(1);
  expect(await timesStored(session, "both-gone")).toBe(1);
  await model.close();
});
