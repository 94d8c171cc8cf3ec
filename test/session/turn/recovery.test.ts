/** The server dies in the middle of a turn and is started again: each prompt is run once, and comes to its end. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgentEvent, createOpencode, type Opencode } from "../../../src/index.js";
import { hold, type ScriptedModel, toolCall } from "../../../src/testing/index.js";
import { createLookupModel, eventually, type Fixture, startFixture } from "../../support/fixture.js";
import { type RebornServer, startRebornServer } from "../../support/restarting-server.js";
import { unhurriedConnection } from "../../support/slowness.js";

let model: ScriptedModel;
let answer: Fixture["answer"];
let server: RebornServer;
let oc: Opencode;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  server = await startRebornServer(model.config);
  oc = await createOpencode({
    ...unhurriedConnection(),
    baseUrl: server.url,
    password: server.password,
    directory: server.directory,
  });
  await oc.ask("warm up");
});
afterAll(async () => {
  await oc?.close();
  await server?.[Symbol.asyncDispose]();
  await model?.close();
});

async function userMessages(sessionId: string): Promise<string[]> {
  const messages = await oc.session(sessionId).messages();
  return messages.filter(({ info }) => info.role === "user").map(({ parts }) => parts.map(({ type }) => type).join());
}

async function dieAndReturn(): Promise<void> {
  await server.kill();
  await server.start();
}

type Check = () => Promise<void>;
interface Cut {
  /** Gets it into its position; what it resolves to is awaited after the server's return. */
  readonly prepare: () => Promise<Check>;
  check?: Check;
}

describe("a server that dies and is started again", () => {
  /** One death and return for all of them, each in a session of its own: every start of the agent costs seconds of CPU. */
  const held: Cut[] = [];
  /** Those that do not stay where they are to be cut: they get there last. */
  const passing: Cut[] = [];

  function testCut(name: string, prepare: Cut["prepare"], among = held): void {
    const cut: Cut = { prepare };
    among.push(cut);
    test(name, async () => {
      if (cut.check === undefined) throw new Error("it was not in its position when the server died");
      await cut.check();
    });
  }

  beforeAll(async () => {
    for (const cuts of [held, passing]) {
      await Promise.all(
        cuts.map(async (cut) => {
          cut.check = await cut.prepare();
        }),
      );
    }
    await dieAndReturn();
  });

  testCut("a step that the server's death cuts within a text runs again, and the answer is whole", async () => {
    const gate = hold("never ");
    let calls = 0;
    answer("cut text", () => {
      calls += 1;
      return { text: calls === 1 ? ["half of ", gate, "this"] : ["the ", "whole ", "answer"] };
    });
    const stream = oc.askStream("cut text");
    const events: AgentEvent[] = [];
    const reading = (async () => {
      for await (const event of stream.events) events.push(event);
    })();
    await eventually("the first piece is there", () => events.some(({ type }) => type === "text-delta"));
    return async () => {
      const result = await stream.answer;
      await reading;
      expect(result.text).toBe("the whole answer");
      expect(result.interruptions).toBe(1);
      expect(calls).toBe(2);
      expect(await userMessages(result.sessionId)).toEqual(["text"]);
      const texts = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []));
      expect(texts.join("")).toBe("half of the whole answer");
      expect(events.filter(({ type }) => type === "retry")).toHaveLength(1);
      gate.release();
    };
  });

  testCut("the model hears of a tool that the server's death cuts, and finished steps do not run again", async () => {
    answer(
      "cut tool",
      toolCall("bash", { command: "echo first", description: "d" }),
      toolCall("bash", { command: "sleep 600", description: "d" }),
      "done",
    );
    const stream = oc.askStream("cut tool");
    const running = new Set<unknown>();
    const reading = (async () => {
      for await (const event of stream.events) if (event.type === "tool-call") running.add(event.input["command"]);
    })();
    await eventually("the second tool runs", () => running.has("sleep 600"));
    return async () => {
      const result = await stream.answer;
      await reading;
      expect(result).toMatchObject({ text: "done", interruptions: 1 });
      const asked = model.requests.filter((request) => request.lastUserText === "cut tool");
      expect(asked.map(({ toolResults }) => toolResults.length)).toEqual([0, 1, 2]);
      expect(asked.at(-1)?.toolResults.at(-1)?.content).toMatch(/interrupted/);
      expect(await userMessages(result.sessionId)).toEqual(["text"]);
    };
  });

  testCut("a run that the server's death cuts between two steps goes on with the second step", async () => {
    const gate = hold("late");
    let second = 0;
    answer("cut between", toolCall("bash", { command: "echo once", description: "d" }), () => {
      second += 1;
      return second === 1 ? { text: [gate] } : "after it";
    });
    const stream = oc.askStream("cut between");
    await eventually("the second step is asked", () => second === 1);
    return async () => {
      const result = await stream.answer;
      expect(result).toMatchObject({ text: "after it", interruptions: 1 });
      expect(result.toolCalls.filter(({ status }) => status === "completed")).toHaveLength(1);
      expect(model.requests.filter((request) => request.lastUserText === "cut between")).toHaveLength(3);
      gate.release();
    };
  });

  testCut(
    "a prompt that is stored right before the server's death is run",
    async () => {
      const session = await oc.createSession({ title: "t" });
      // However far the run gets until the server dies, it has not ended.
      const gate = hold("answered");
      answer("stored only", { text: [gate] });
      const sent = session.ask("stored only");
      await eventually("it is stored", async () => (await userMessages(session.id)).length === 1);
      return async () => {
        gate.release();
        expect((await sent).text).toBe("answered");
        expect(await userMessages(session.id)).toEqual(["text"]);
      };
    },
    passing,
  );

  testCut("a turn with structured output gives its output after the server's death", async () => {
    const gate = hold("x");
    let calls = 0;
    answer("cut structure", () => {
      calls += 1;
      return calls === 1 ? { text: [gate] } : toolCall("StructuredOutput", { n: 7 });
    });
    const asked = oc.ask<{ n: number }>("cut structure", {
      schema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
    });
    await eventually("the model is asked", () => calls === 1);
    return async () => {
      expect(await asked).toMatchObject({ output: { n: 7 }, interruptions: 1 });
      expect(calls).toBe(2);
      gate.release();
    };
  });

  testCut("a turn ends with an AgentError after the server has died four times", async () => {
    const gate = hold("never");
    let calls = 0;
    answer("deadly", toolCall("bash", { command: "echo done", description: "d" }), () => {
      calls += 1;
      return { text: [gate] };
    });
    const asked = oc.ask("deadly").catch((error: unknown) => error);
    await eventually("the model is asked", () => calls === 1);
    return async () => {
      // The first death is everybody's, and the others' turns have ended before these.
      for (let death = 2; death <= 4; death += 1) {
        await eventually("the model is asked", () => calls === death);
        await dieAndReturn();
      }
      expect(await asked).toMatchObject({
        name: "AgentError",
        answer: { interruptions: 3, toolCalls: [{ status: "completed" }] },
      });
      gate.release();
    };
  });

  testCut("a shell line that the server's death interrupts is not run again", async () => {
    const session = await oc.createSession({ title: "t" });
    const ran = session.shell("echo ran >> shell.log; sleep 600").catch((error: unknown) => error);
    await eventually("it runs", async () => {
      const found = await oc.session(session.id).messages();
      return found.some(({ parts }) => parts.some((part) => part.type === "tool" && part.state.status === "running"));
    });
    return async () => {
      expect(await ran).toMatchObject({ name: "AgentError" });
      const { data } = await oc.client.GET("/file/content", { params: { query: { path: "shell.log" } } });
      expect(data.content.trim()).toBe("ran");
    };
  });
});

describe("restart: true", () => {
  // In a git directory the server tells of the prompt before once more, late: that is not another client's.
  test("a server with restart: true starts again after a kill, and open and queued turns go on", async () => {
    await using fixture = await startFixture({ restart: true });
    const git = (...args: string[]): unknown =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: fixture.directory });
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "first");
    const gate = hold("never ");
    let calls = 0;
    fixture.answer("ours dies", () => {
      calls += 1;
      return calls === 1 ? { text: ["half of ", gate] } : "the whole";
    });
    const session = await fixture.oc.createSession({ title: "t" });
    await session.ask("the prompt before");
    const before = fixture.oc.server?.pid ?? 0;
    const stream = session.askStream("ours dies");
    const queued = session.ask("waits behind it");
    let text = "";
    for await (const chunk of stream) {
      text += chunk;
      if (text === "half of ") process.kill(before, "SIGKILL");
    }
    expect(text).toBe("half of the whole");
    expect(await stream.answer).toMatchObject({ text: "the whole", interruptions: 1 });
    expect((await queued).text).toBe("echo: waits behind it");
    expect(fixture.oc.server).toMatchObject({ restarts: 1 });
    expect(fixture.oc.server?.pid).not.toBe(before);
    gate.release();
  });
});
