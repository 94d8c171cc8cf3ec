/** A server of opencode 2.x is killed in the middle of turns and started again: they go on, and no tool is run again by the package. */
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AgentEvent, Opencode, OpencodeOptions } from "../../../src/index.js";
import {
  type ModelRequest,
  type Reply,
  type ScriptedModel,
  type SpokenReply,
  toolCalls,
} from "../../../src/testing/index.js";
import { isRecord, property } from "../../../src/util/json.js";
import { targetOf } from "../../conformance/targets.js";
import { createLookupModel, eventually, type Fixture, temporaryFolder } from "../../support/fixture.js";
import { isAlive } from "../../support/processes.js";
import { scaled } from "../../support/slowness.js";

const kinds = [
  { kind: "preview", promptOf: (text: string) => ({ prompt: { text } }) },
  { kind: "stand-in-2.1", promptOf: (text: string) => ({ text }) },
] as const;

/** The prompts that make runs go on are alike: the model sees which run it is by the prompt before. */
function continuation({ lastUserText, messages }: ModelRequest): Reply | undefined {
  if (!lastUserText.startsWith("Continue. Your last answer was interrupted.")) return undefined;
  const users = messages.filter((message) => message["role"] === "user").map((message) => textOf(message["content"]));
  return `went on: ${users.findLast((text) => !text.startsWith("Continue."))}`;
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return String(content);
  return content.flatMap((part) => (isRecord(part) ? [String(property(part, "text"))] : [])).join("\n");
}

describe.each(kinds)("a killed server of $kind", ({ kind, promptOf }) => {
  const target = targetOf(kind);
  let model: ScriptedModel;
  let answer: Fixture["answer"];
  let directory: string;
  let oc: Opencode;
  let killed = 0;
  /** One death for all of them, each in a session of its own. */
  const cuts: { readonly prepare: () => Promise<() => Promise<void>>; check?: () => Promise<void> }[] = [];

  beforeAll(async () => {
    ({ model, answer } = await createLookupModel(continuation));
    directory = await temporaryFolder();
    const given = { restart: true, unresponsiveTimeout: scaled(5_000), logLevel: "error" };
    oc = await target.start(model, directory, given as OpencodeOptions);
    await oc.ask("warm up");
    const prepared = cuts.map(async (cut) => {
      cut.check = await cut.prepare();
    });
    await Promise.all(prepared);
    killed = oc.server?.pid ?? Number.NaN;
    process.kill(killed, "SIGKILL");
  }, scaled(240_000));
  afterAll(async () => {
    await oc?.close();
    await model?.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  const shell = (command: string): SpokenReply =>
    toolCalls([target.toolUse({ name: "bash", args: { command, description: "d" } })]);
  const log = (name: string): string => join(directory, `${name}.log`);
  const runs = async (name: string): Promise<number> =>
    (await readFile(log(name), "utf8").catch(() => "")).split("\n").length - 1;

  function testCut(title: string, prepare: () => Promise<() => Promise<void>>): void {
    const cut: (typeof cuts)[number] = { prepare };
    cuts.push(cut);
    test(title, async () => {
      if (cut.check === undefined) throw new Error("it was not in its position when the server died");
      await cut.check();
    });
  }

  testCut(`a text that the death of ${kind} cuts is followed by the rest of the run, in one stream`, async () => {
    const prompt = "cut in a text";
    answer(prompt, { text: ["half of it, "], end: "hang" });
    const stream = oc.askStream(prompt);
    let text = "";
    const reading = (async () => {
      for await (const piece of stream) text += piece;
    })();
    await eventually("the text has begun", () => text !== "");
    return async () => {
      expect(await stream.answer).toMatchObject({ interruptions: 1 });
      await reading;
      expect(text).toBe(`half of it, went on: ${prompt}`);
      expect(model.calls(prompt)).toBe(1);
    };
  });

  testCut(`a shell line that the death of ${kind} cuts has run once, and is told as cut`, async () => {
    const prompt = "cut in a tool";
    answer(prompt, shell(`echo $$ >> ${log("tool")}; exec sleep 70000`), "never");
    const asked = oc.ask(prompt);
    await eventually("the tool runs", () => existsSync(log("tool")));
    return async () => {
      const result = await asked;
      expect(result).toMatchObject({ text: `went on: ${prompt}`, interruptions: 1, toolCalls: [{ status: "error" }] });
      expect([await runs("tool"), model.calls(prompt)]).toEqual([1, 1]);
      expect(isAlive(Number(await readFile(log("tool"), "utf8")))).toBe(false);
    };
  });

  testCut(`a permission that ${kind} asks when it dies is asked no more, and its tool does not run`, async () => {
    const prompt = "cut while asked";
    answer(prompt, shell(`echo ran >> ${log("asked")}`), "never");
    let isAsked = false;
    const onPermission = (): Promise<never> => {
      isAsked = true;
      return new Promise(() => {});
    };
    const asked = oc.ask(prompt, { permission: { bash: "ask" }, onPermission });
    await eventually("the permission is asked", () => isAsked);
    return async () => {
      expect(await asked).toMatchObject({ text: `went on: ${prompt}`, interruptions: 1 });
      expect([await runs("asked"), model.calls(prompt)]).toEqual([0, 1]);
    };
  });

  testCut(`a run that the death of ${kind} cuts between two steps keeps the first step`, async () => {
    const prompt = "cut between steps";
    answer(prompt, shell(`echo ran >> ${log("between")}`), { silent: true });
    const asked = oc.ask(prompt);
    await eventually("the second step is asked for", () => model.calls(prompt) === 2);
    return async () => {
      const result = await asked;
      expect(result).toMatchObject({ text: `went on: ${prompt}`, interruptions: 1 });
      expect(result.toolCalls).toMatchObject([{ status: "completed" }]);
      expect([await runs("between"), model.calls(prompt)]).toEqual([1, 2]);
    };
  });

  testCut(`a prompt that ${kind} has admitted and not begun when it dies runs once`, async () => {
    const prompt = "admitted only";
    const { id } = await oc.createSession({ title: "t" });
    const messageId = "msg_admitted_only";
    // Admitted and not run, as by a client and a server that die right after.
    const body = { id: messageId, delivery: "queue", resume: false, ...promptOf(prompt) };
    await oc.client.request("POST", `/api/session/${id}/prompt`, { body });
    return async () => {
      expect(model.calls(prompt)).toBe(0);
      expect((await oc.session(id).ask(prompt, { messageId })).text).toBe(`echo: ${prompt}`);
      expect((await oc.session(id).ask(prompt, { messageId })).text).toBe(`echo: ${prompt}`);
      expect(model.calls(prompt)).toBe(1);
    };
  });

  test(`a ${kind} that does not respond is replaced, and its turn goes on`, async () => {
    const prompt = "stands still";
    answer(prompt, shell(`echo ran >> ${log("still")}; exec sleep 70000`), "never");
    await eventually("the server is back", () => oc.server?.pid !== killed);
    const before = oc.server?.pid ?? Number.NaN;
    const stream = oc.askStream(prompt);
    const events: AgentEvent[] = [];
    let isStopped = false;
    for await (const event of stream.events) {
      events.push(event);
      if (isStopped || event.type !== "tool-call") continue;
      await eventually("the tool runs", () => existsSync(log("still")));
      isStopped = true;
      process.kill(before, "SIGSTOP");
    }
    expect(await stream.answer).toMatchObject({ text: `went on: ${prompt}`, interruptions: 1 });
    expect(await runs("still")).toBe(1);
    expect([oc.server?.restarts, isAlive(before)]).toEqual([2, false]);
  });
});
