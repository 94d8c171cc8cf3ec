/** Turns through a real TCP proxy that cuts, blocks and loses: the answer is the same. */
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  AgentNotFoundError,
  createOpencode,
  ModelNotFoundError,
  type Opencode,
  ServerExitedError,
} from "../../../src/index.js";
import { hold, toolCall } from "../../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../../support/fixture.js";
import { scaled, unhurried } from "../../support/slowness.js";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.js";

let fixture: Fixture;
let proxy: TcpProxy;
let oc: Opencode;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture[Symbol.asyncDispose]());
beforeEach(async () => {
  const { server } = fixture.oc;
  if (server === undefined) throw new Error("the fixture has a server");
  proxy = await startTcpProxy(server.url);
  const options = { baseUrl: proxy.url, password: server.password, directory: fixture.directory };
  oc = await createOpencode({ ...options, reconnectTimeout: unhurried().reconnectTimeout });
});
afterEach(async () => {
  await oc.close();
  await proxy[Symbol.asyncDispose]();
});

const events = /^GET \/event/;

async function storedText(sessionId: string): Promise<string> {
  const messages = await fixture.oc.session(sessionId).messages();
  return messages
    .filter(({ info }) => info.role === "assistant")
    .flatMap(({ parts }) => parts.map((part) => (part.type === "text" ? part.text : "")))
    .join("");
}

describe("the event stream", () => {
  test("the streamed text equals the stored text after the event stream is cut within the text", async () => {
    const [second, third] = [hold("two "), hold("three")];
    fixture.answer("cut me", { text: ["one ", second, third] });
    const stream = oc.askStream("cut me");
    const chunks: string[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
      if (chunks.length > 1) continue;
      expect(proxy.cut(events)).toBe(1);
      second.release();
      await eventually("the client is back", () => proxy.lines.filter((line) => events.test(line)).length > 1);
      third.release();
    }
    const { sessionId, text } = await stream.answer;
    expect(text).toBe("one two three");
    expect(chunks.join("")).toBe(await storedText(sessionId));
  });

  test("the text is streamed whole after the first response of the event stream is lost", async () => {
    proxy.loseAnswers(events, 1);
    const stream = oc.askStream("late stream");
    let text = "";
    for await (const chunk of stream) text += chunk;
    expect(text).toBe("echo: late stream");
    expect(proxy.lines.filter((line) => events.test(line))).toHaveLength(2);
  });

  test("the text of every step comes in order after the event stream is cut between two steps", async () => {
    const gate = hold("second step");
    fixture.answer("two steps", toolCall("bash", { command: "echo 1", description: "x" }, { text: "first step, " }), {
      text: [gate],
    });
    const stream = oc.askStream("two steps");
    let text = "";
    for await (const event of stream.events) {
      if (event.type === "text-delta") text += event.text;
      if (event.type === "tool-result") {
        proxy.cut(events);
        gate.release();
      }
    }
    expect(text).toBe("first step, second step");
    expect((await stream.answer).text).toBe("second step");
  });

  test("a turn without an event stream gives the text, runs tools and answers permission requests", async () => {
    proxy.block(events);
    fixture.answer("blocked", toolCall("bash", { command: "echo polled", description: "x" }, { text: "a" }), "b");
    const session = await oc.createSession({ permission: { bash: "ask" } });
    const stream = session.askStream("blocked", { onPermission: () => "once" });
    let text = "";
    for await (const chunk of stream) text += chunk;
    const answer = await stream.answer;
    expect(text).toBe("ab");
    expect(answer.text).toBe("b");
    expect(answer.toolCalls[0]?.output).toContain("polled");
  });

  test("unknown names and a provider's refusal reject with typed errors without an event stream", async () => {
    proxy.block(events);
    fixture.answer("refused", { status: 401 });
    const failures = await Promise.all(
      [oc.ask("x", { model: "scripted/nope" }), oc.ask("x", { agent: "nope" }), oc.ask("refused")].map((answer) =>
        answer.catch((error: unknown) => error),
      ),
    );
    expect(failures[0]).toBeInstanceOf(ModelNotFoundError);
    expect(failures[1]).toBeInstanceOf(AgentNotFoundError);
    expect(failures[2]).toMatchObject({ name: "ProviderAuthError" });
  });

  test("an event stream that opens within a text neither loses nor doubles text", async () => {
    const pass = proxy.holdBack(events);
    const words = Array.from({ length: 8 }, (_, index) => hold(`w${index} `));
    fixture.answer("late events", { text: ["start ", ...words] });
    const stream = oc.askStream("late events");
    let text = "";
    const reading = (async () => {
      for await (const chunk of stream) text += chunk;
    })();
    await eventually("the model is asked", () => fixture.model.calls("late events") === 1);
    for (const word of words.slice(0, 4)) word.release();
    await eventually("the turn has been read", () =>
      proxy.lines.some((line) => /^GET \/session\/ses.*\/message/.test(line)),
    );
    pass();
    await eventually("the events are open", async () => {
      const before = fixture.model.requests.length;
      return before > 0 && proxy.lines.filter((line) => /^GET \/session\/status/.test(line)).length > 2;
    });
    for (const word of words) word.release();
    await reading;
    const { sessionId, text: answer } = await stream.answer;
    expect(answer).toBe("start w0 w1 w2 w3 w4 w5 w6 w7 ");
    expect(text).toBe(await storedText(sessionId));
  });

  test("ten parallel turns share one connection to the event stream", async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => oc.ask(`parallel ${index}`)));
    expect(proxy.lines.filter((line) => events.test(line))).toHaveLength(1);
  });
});

describe("a request", () => {
  test("prompt_async with a lost response makes one message and one model call", async () => {
    proxy.loseAnswers(/^POST .*prompt_async/, 1);
    const answer = await oc.ask("only one call");
    expect(answer.text).toBe("echo: only one call");
    expect(fixture.model.calls("only one call")).toBe(1);
    const messages = await fixture.oc.session(answer.sessionId).messages();
    expect(messages.filter(({ info }) => info.role === "user").map(({ parts }) => parts.length)).toEqual([1]);
  });

  test("prompt_async without a response is found as stored, and makes one model call", async () => {
    const { server } = fixture.oc;
    const impatient = await createOpencode({
      baseUrl: proxy.url,
      password: server?.password,
      directory: fixture.directory,
      requestTimeout: scaled(6_000),
      reconnectTimeout: scaled(5_000),
    });
    proxy.swallowAnswers(/prompt_async/);
    expect((await impatient.ask("swallowed")).text).toBe("echo: swallowed");
    expect(fixture.model.calls("swallowed")).toBe(1);
    await impatient.close();
  });

  test("a turn may last longer than twice the requestTimeout", async () => {
    const gate = hold("at last");
    fixture.answer("slow turn", { text: ["", gate] });
    const { server } = fixture.oc;
    const requestTimeout = scaled(2_000);
    const impatient = await createOpencode({
      baseUrl: proxy.url,
      password: server?.password,
      directory: fixture.directory,
      requestTimeout,
    });
    const begun = performance.now();
    const answer = impatient.ask("slow turn");
    await eventually("the turn has been polled for longer than a request may take", () => {
      const polls = proxy.lines.filter((line) => /^GET \/session\/status/.test(line));
      return polls.length >= 4 && performance.now() - begun > 2 * requestTimeout;
    });
    gate.release();
    expect((await answer).text).toBe("at last");
    await impatient.close();
  });

  test("a turn goes on after all connections are cut five times", async () => {
    const gates = Array.from({ length: 5 }, (_, index) => hold(`${index} `));
    fixture.answer("storm", { text: ["start ", ...gates] });
    const stream = oc.askStream("storm");
    let text = "";
    const reading = (async () => {
      for await (const chunk of stream) text += chunk;
    })();
    await eventually("it has begun", () => text !== "");
    for (const gate of gates) {
      const before = proxy.lines.filter((line) => events.test(line)).length;
      proxy.cut();
      gate.release();
      // After the last one the turn may be read to its end before the events are back.
      const isLast = gate === gates.at(-1);
      if (!isLast)
        await eventually("it is back", () => proxy.lines.filter((line) => events.test(line)).length > before);
    }
    await reading;
    expect(text).toBe("start 0 1 2 3 4 ");
    expect(fixture.model.calls("storm")).toBe(1);
  });
});

describe("the end of the server", () => {
  test("a killed server rejects every open turn with ServerExitedError and the server's last output", async () => {
    await using doomed = await startFixture();
    doomed.answer("never ends", { text: ["x"], end: "hang" });
    const session = await doomed.oc.createSession();
    const turns = [doomed.oc.askStream("never ends"), session.askStream("never ends")];
    await Promise.all(turns.map(async (turn) => (await turn[Symbol.asyncIterator]().next()).value));
    process.kill(doomed.oc.server?.pid ?? 0, "SIGKILL");
    for (const turn of turns) {
      const error = await turn.answer.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ServerExitedError);
      expect(error).toMatchObject({ signal: "SIGKILL", tail: expect.stringContaining("listening") });
    }
    await expect(doomed.oc.ask("after death")).rejects.toBeInstanceOf(ServerExitedError);
  });

  test("a turn on a hanging server rejects with APITimeoutError after its reconnectTimeout", async () => {
    await using hanging = await startFixture();
    await hanging.oc.ask("warm up"); // a cold server may take longer than the time below for a single read
    hanging.answer("and then it hangs", { text: ["x"], end: "hang" });
    const { server } = hanging.oc;
    const baseUrl = server?.url ?? "";
    const options = { baseUrl, password: server?.password, directory: hanging.directory };
    const impatient = { ...options, reconnectTimeout: scaled(3_000) };
    await using client = await createOpencode(impatient);
    const stream = client.askStream("and then it hangs");
    await stream[Symbol.asyncIterator]().next();
    const pid = server?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    const error = await stream.answer.catch((caught: unknown) => caught);
    process.kill(pid, "SIGKILL");
    expect(error).toMatchObject({ name: "APITimeoutError" });
  });

  test("close() aborts an open turn and ends the process of its running tool", async () => {
    const marker = `4${Date.now() % 100_000}`; // a sleep that nothing else on the machine does
    const closing = await startFixture();
    closing.answer("run a tool", toolCall("bash", { command: `sleep ${marker}`, description: "sleep" }), "never");
    const stream = closing.oc.askStream("run a tool");
    await eventually("the tool runs", () => commandLines().some((line) => line.includes(`sleep ${marker}`)));
    await closing[Symbol.asyncDispose]();
    await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError" });
    expect(commandLines().filter((line) => line.includes(`sleep ${marker}`))).toEqual([]);
  });
});

/** Command lines of all processes. */
function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // it has ended meanwhile
      }
    });
}
