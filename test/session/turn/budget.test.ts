/** Limits of what a turn may use, and what sub-agents tell and cost. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgentEvent, BudgetExceededError, createOpencode, type Opencode } from "../../../src/index.js";
import { type ScriptedModel, toolCall } from "../../../src/testing/index.js";
import { createLookupModel, type Fixture, hermetic, temporaryFolder } from "../../support/fixture.js";

let model: ScriptedModel;
let answer: Fixture["answer"];
let oc: Opencode;
let directory: string;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  directory = await temporaryFolder();
  const given = hermetic(model, directory);
  const config = structuredClone(model.config);
  const priced = config.provider?.["scripted"]?.models?.["model"];
  if (priced === undefined) throw new Error("the scripted model is configured under another name");
  priced.cost = { input: 1, output: 1_000 }; // USD for a million tokens
  oc = await createOpencode({ ...given, config });
  const step = { ...toolCall("bash", { command: "true", description: "d" }), usage: { input: 10, output: 1_000 } };
  answer("works on", step, step, step, { text: "done", usage: { input: 10, output: 1_000 } });
  answer("delegates", toolCall("task", { description: "d", prompt: "child", subagent_type: "general" }), "all done");
  answer("child", { ...step, text: "child says " }, { text: "child is done", usage: { input: 10, output: 2_000 } });
});
afterAll(async () => {
  await oc?.close();
  await model?.close();
  await rm(directory, { recursive: true, force: true });
});

async function failure(prompt: string, limits: object): Promise<BudgetExceededError> {
  const error = await oc.ask(prompt, limits).catch((caught: unknown) => caught);
  if (!(error instanceof BudgetExceededError)) throw new Error(`expected a BudgetExceededError, got ${String(error)}`);
  const status = await oc.session(error.sessionId ?? "").status();
  expect(status.type).toBe("idle");
  return error;
}

describe("limits of a turn", () => {
  test("maxSteps ends a run that would make one more step, and the error has the tool calls", async () => {
    const error = await failure("works on", { maxSteps: 2 });
    expect(error).toMatchObject({ code: "budget_exceeded", limit: "maxSteps", used: 2, max: 2 });
    // The next step may have begun when the abort arrives.
    const done = error.answer?.toolCalls.filter(({ output }) => output?.includes("aborted") === false) ?? [];
    expect(done.length).toBeGreaterThanOrEqual(2);
    expect(done.length).toBeLessThanOrEqual(3);
  });

  test("a turn within its limits gives the answer", async () => {
    const result = await oc.ask("works on", { maxSteps: 4, maxTokens: 1_000_000, maxCost: 10 });
    expect(result).toMatchObject({ text: "done", costKnown: true });
    expect(result.cost).toBeCloseTo(4.00004, 5);
  });

  test("maxCost and maxTokens count all steps of a turn", async () => {
    const cost = await failure("works on", { maxCost: 1.5 });
    expect(cost).toMatchObject({ limit: "maxCost", max: 1.5 });
    expect(cost.used).toBeCloseTo(2.00002, 5);
    expect(await failure("works on", { maxTokens: 1_500 })).toMatchObject({ limit: "maxTokens", used: 2_020 });
  });

  test("maxSteps, maxCost and maxTokens hold for repairs: no repair begins beyond the limit", async () => {
    const schema = { type: "object", properties: { n: { type: "number" } } };
    answer("repaired", { structured: { n: "x" }, usage: { input: 10, output: 1_000 } });
    for (const [limit, max] of [
      ["maxSteps", 1],
      ["maxCost", 0.5],
      ["maxTokens", 500],
    ] as const) {
      const error = await failure("repaired", { schema, [limit]: max });
      expect(error).toMatchObject({ limit, max, answer: { toolCalls: [{ tool: "StructuredOutput" }] } });
    }
    expect(model.requests.filter(({ lastUserText }) => lastUserText.startsWith("Your final answer"))).toEqual([]);
  });

  test("maxCost and maxSteps count the steps of sub-agents", async () => {
    expect(await failure("delegates", { maxCost: 0.5 })).toMatchObject({ limit: "maxCost" });
    expect(await failure("delegates", { maxSteps: 2 })).toMatchObject({ limit: "maxSteps" });
  });

  test("an invalid maxSteps or maxCost is a ConfigError", async () => {
    await expect(oc.ask("x", { maxSteps: 0 })).rejects.toMatchObject({ name: "ConfigError" });
    await expect(oc.ask("x", { maxCost: "1" as never })).rejects.toMatchObject({ name: "ConfigError" });
  });
});

describe("a sub-agent", () => {
  test("the text of a sub-agent comes inside subagent events, and not in the text of the turn", async () => {
    const stream = oc.askStream("delegates");
    const events: AgentEvent[] = [];
    for await (const event of stream.events) events.push(event);
    const inner = events.flatMap((event) => (event.type === "subagent" ? [event] : []));
    const child = inner[0]?.sessionId;
    const { sessionId, text, usage } = await stream.answer;
    expect(inner.every((event) => event.sessionId === child && event.parentId === sessionId)).toBe(true);
    expect(inner[0]?.event).toBeUndefined();
    const said = inner.map(({ event }) => (event?.type === "text-delta" ? event.text : "")).join("");
    expect(said).toBe("child says child is done");
    expect(inner.map(({ event }) => event?.type)).toEqual(
      expect.arrayContaining(["tool-call", "tool-result", "step-finish"]),
    );
    const own = events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");
    expect(own).toBe(text);
    expect(usage.output).toBeGreaterThan(3_000);
  });
});
