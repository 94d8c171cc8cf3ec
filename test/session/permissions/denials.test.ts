/** What a turn reports of itself and its sub-agents: tokens and cost for each model, and what was refused by whom. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Config, createOpencode } from "../../../src/index.js";
import { type ScriptedModel, toolCall, toolCalls } from "../../../src/testing/index.js";
import { createLookupModel, type Fixture, hermetic, temporaryFolder } from "../../support/fixture.js";

let fixture: Pick<Fixture, "oc" | "answer" | "directory">;
let model: ScriptedModel;
beforeAll(async () => {
  const lookup = await createLookupModel();
  model = lookup.model;
  const directory = await temporaryFolder();
  const oc = await createOpencode({ ...hermetic(model, directory), config: threeModels(model.config) });
  fixture = { oc, answer: lookup.answer, directory };
});
afterAll(async () => {
  await fixture?.oc.close();
  await model?.close();
  if (fixture !== undefined) await rm(fixture.directory, { recursive: true, force: true });
});

/** The turn's own model and that of one sub-agent have prices, that of another has none. */
function threeModels(config: Config): Config {
  const [name = "", provider = {}] = Object.entries(config.provider ?? {})[0] ?? [];
  const unpriced = provider.models?.["model"] ?? {};
  const models = {
    model: { ...unpriced, cost: { input: 100, output: 1_000 } }, // USD for a million tokens
    cheap: { ...unpriced, cost: { input: 1, output: 10 } },
    unpriced,
  };
  const permission = { bash: { "*": "allow", "rm *": "deny", "ask*": "ask" } } as const;
  return {
    ...config,
    provider: { [name]: { ...provider, models } },
    agent: { general: { model: "scripted/cheap", permission }, explore: { model: "scripted/unpriced" } },
    permission,
  };
}

const task = (agent: string, prompt: string) => ({
  name: "task",
  args: { description: "d", prompt, subagent_type: agent },
});
const bash = (command: string) => ({ name: "bash", args: { command, description: "d" } });
const usage = { input: 1_000, output: 100 };

describe("usage", () => {
  test("usage.byModel has each model of a turn and its sub-agents, with the cost", async () => {
    fixture.answer("delegate", toolCalls([task("general", "cheap part")], { usage }), { text: "done", usage });
    fixture.answer("cheap part", { text: "part", usage: { input: 5_000, output: 500 } });
    const session = await fixture.oc.createSession();
    const answer = await session.ask("delegate");
    expect(answer.usage).toMatchObject({ input: 7_000, output: 700, total: 7_700 });
    expect(Object.keys(answer.usage.byModel).sort()).toEqual(["scripted/cheap", "scripted/model"]);
    expect(answer.usage.byModel["scripted/model"]).toMatchObject({ input: 2_000, output: 200, costKnown: true });
    expect(answer.usage.byModel["scripted/model"]?.cost).toBeCloseTo(0.4, 6);
    expect(answer.usage.byModel["scripted/cheap"]).toMatchObject({ input: 5_000, output: 500, costKnown: true });
    expect(answer.usage.byModel["scripted/cheap"]?.cost).toBeCloseTo(0.01, 6);
    expect(answer.cost).toBeCloseTo(0.41, 6);
    expect(answer.costKnown).toBe(true);
    const { cost, costKnown, ...total } = await session.usage();
    expect(total).toEqual(answer.usage);
    expect({ cost, costKnown }).toEqual({ cost: answer.cost, costKnown: true });
  });

  test("costKnown is false when one model of a turn has no price", async () => {
    fixture.answer("look around", toolCalls([task("explore", "free part")], { usage }), { text: "done", usage });
    fixture.answer("free part", { text: "part", usage });
    const session = await fixture.oc.createSession();
    const answer = await session.ask("look around");
    expect(answer.costKnown).toBe(false);
    expect(answer.cost).toBeCloseTo(0.4, 6);
    expect(answer.usage.byModel["scripted/unpriced"]).toMatchObject({ total: 1_100, cost: 0, costKnown: false });
    expect(answer.usage.byModel["scripted/model"]?.costKnown).toBe(true);
    expect(await session.usage()).toMatchObject({ costKnown: false, byModel: answer.usage.byModel });
  });

  test("the usage of a failed structured answer includes all attempts", async () => {
    const { oc } = fixture;
    const schema = { type: "object", properties: { a: { type: "number" } }, required: ["a"] };
    const session = await oc.createSession();
    fixture.answer("in words", { text: "no json", usage });
    await expect(session.ask("in words", { schema, maxRepairs: 1 })).rejects.toMatchObject({
      answer: { usage: { input: 1_010, byModel: { "scripted/model": { input: 1_010, costKnown: true } } } },
    });
  });
});

describe("denials", () => {
  test("denials list the refusals of the server's rules and the refusals of onPermission", async () => {
    fixture.answer("denied", toolCalls([bash("rm a"), bash("ask=1 true"), bash("echo fine")]), "went on");
    const answer = await fixture.oc.ask("denied", { onPermission: () => ({ reject: "not now" }) });
    expect(answer.text).toBe("went on");
    expect(answer.toolCalls.map(({ status }) => status)).toEqual(["error", "error", "completed"]);
    expect(answer.denials).toEqual([
      {
        permission: "bash",
        patterns: ["ask=1 true"],
        reason: "not now",
        by: "onPermission",
        sessionId: answer.sessionId,
      },
      {
        permission: "bash",
        patterns: ["rm a"],
        reason: expect.stringMatching(/^The user has specified a rule which prevents you/),
        sessionId: answer.sessionId,
      },
    ]);
  });

  test("a denial by a rule has the same permission and file pattern as a permission request", async () => {
    const session = await fixture.oc.createSession({ permission: { edit: { "*": "ask", "*.lock": "deny" } } });
    const file = join(fixture.directory, "a.lock");
    const other = join(fixture.directory, "b.txt");
    fixture.answer("writes", toolCall("write", { filePath: file, content: "" }), "w");
    fixture.answer("asks to write", toolCall("write", { filePath: other, content: "" }), "w");
    const [denied] = (await session.ask("writes")).denials;
    const [refused] = (await session.ask("asks to write")).denials;
    expect(denied).toMatchObject({ permission: "edit", patterns: [refused?.patterns[0]?.replace("b.txt", "a.lock")] });
  });

  test("denials list each refusal of a sub-agent once", async () => {
    fixture.answer("delegate danger", toolCalls([task("general", "danger")]), "done");
    fixture.answer("danger", toolCalls([bash("rm b"), bash("ask=2 true")]), "tried");
    const answer = await fixture.oc.ask("delegate danger", { onPermission: () => ({ reject: "no" }) });
    expect(answer.denials.map(({ patterns }) => patterns[0]).sort()).toEqual(["ask=2 true", "rm b"]);
    for (const { sessionId } of answer.denials) expect(sessionId).not.toBe(answer.sessionId);
  });

  test("denials list the refused edit of the plan agent", async () => {
    await writeFile(join(fixture.directory, "plan.txt"), "old\n");
    fixture.answer(
      "plan an edit",
      toolCall("write", { filePath: join(fixture.directory, "plan.txt"), content: "new" }),
      "x",
    );
    const answer = await fixture.oc.ask("plan an edit", { agent: "plan" });
    expect(answer.denials).toMatchObject([{ permission: "edit", sessionId: answer.sessionId }]);
  });
});
