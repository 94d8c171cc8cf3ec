/** Budgets of sessions and of clients, over all their turns. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BudgetExceededError, type BudgetLimits, createOpencode, type Opencode } from "../../src/index.js";
import { openConversation } from "../../src/kept.js";
import { type ScriptedModel, toolCall } from "../../src/testing/index.js";
import { targetOf } from "../conformance/targets.js";
import { startWorld } from "../conformance/world.js";
import { createLookupModel, eventually, type Fixture, shared, temporaryFolder } from "../support/fixture.js";

let model: ScriptedModel;
let answer: Fixture["answer"];
let oc: Opencode;
let directory: string;

const usage = { input: 10, output: 1_000 };
const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  directory = await temporaryFolder();
  const git = (...given: string[]) => execFileSync("git", given, { cwd: directory });
  git("init", "-q");
  git("-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-q", "--allow-empty", "-m", "first");
  const config = structuredClone(model.config);
  const priced = config.provider?.["scripted"]?.models?.["model"];
  if (priced === undefined) throw new Error("the scripted model is configured under another name");
  priced.cost = { input: 0, output: 1_000 }; // USD for a million tokens: one for each step
  oc = await createOpencode({ ...shared(model, directory), config });
  const step = { ...toolCall("bash", { command: "true", description: "d" }), usage };
  answer("once", { text: "done", usage });
  answer("works on", step, step, step, { text: "done", usage });
  answer(
    "delegates",
    { ...toolCall("task", { description: "d", prompt: "child", subagent_type: "general" }), usage },
    {
      text: "all done",
      usage,
    },
  );
  answer("child", step, { text: "child is done", usage });
  answer("in words", { text: "no output", usage });
});
afterAll(async () => {
  await oc?.close();
  await model?.close();
  await rm(directory, { recursive: true, force: true });
});

/** Another client of the same server, as another process would be. */
function connect(budget?: BudgetLimits): Promise<Opencode> {
  const { url = "", password } = oc.server ?? {};
  return createOpencode({ baseUrl: url, password, directory, budget });
}

async function exceeded(turn: Promise<unknown>): Promise<BudgetExceededError> {
  const error = await turn.catch((caught: unknown) => caught);
  if (!(error instanceof BudgetExceededError)) throw new Error(`expected a BudgetExceededError, got ${String(error)}`);
  return error;
}

describe("the budget of a session", () => {
  test("a turn of a session with nothing left is refused before a model is called", async () => {
    const session = await oc.createSession({ budget: { cost: 2, tokens: 1_000_000, steps: 100 } });
    await session.ask("once");
    expect(await session.budget()).toEqual({
      spent: { cost: 1, tokens: 1_010, steps: 1 },
      left: { cost: 1, tokens: 998_990, steps: 99 },
    });
    await session.ask("once");
    const asked = model.requests.length;
    const error = await exceeded(session.ask("once"));
    expect(error).toMatchObject({ scope: "session", limit: "budget.cost", used: 2, max: 2, sessionId: session.id });
    expect(error.message).toContain("the session has used 2 USD of its budget of 2");
    expect(error.hint).toContain("fork({ budget })");
    expect(error.answer).toBeUndefined();
    expect(model.requests.length).toBe(asked);
    expect((await session.messages()).length).toBe(4);
    await expect(session.compact()).rejects.toMatchObject({ scope: "session" });
    expect((await session.shell("echo 1")).toolCalls[0]?.output).toBe("1\n");
  });

  test("a turn that uses the rest of the session's budget is aborted before its next step", async () => {
    const session = await oc.createSession({ budget: { steps: 3 } });
    await session.ask("once");
    const error = await exceeded(session.ask("works on", { maxSteps: 50 }));
    expect(error).toMatchObject({ scope: "session", limit: "budget.steps", used: 3, max: 3 });
    expect(error.answer?.toolCalls[0]?.tool).toBe("bash");
    expect((await session.status()).type).toBe("idle");
    expect((await session.budget()).left).toEqual({ steps: 0 });
  });

  test("the limits of a turn hold beside the budget of its session, and name the turn", async () => {
    const session = await oc.createSession({ budget: { steps: 50 } });
    const error = await exceeded(session.ask("works on", { maxSteps: 2 }));
    expect(error).toMatchObject({ scope: "turn", limit: "maxSteps", used: 2 });
  });

  test("steps of sub-agents count in the budget of the session", async () => {
    const session = await oc.createSession({ budget: { steps: 4 } });
    await session.ask("delegates");
    expect((await session.budget()).spent).toEqual({ cost: 4, tokens: 4_040, steps: 4 });
    expect(await exceeded(session.ask("once"))).toMatchObject({ scope: "session", used: 4 });
  });

  test("repairs of a structured output count in the budget of the session", async () => {
    const session = await oc.createSession({ budget: { steps: 1 } });
    const error = await exceeded(session.ask("in words", { schema }));
    expect(error).toMatchObject({ scope: "session", limit: "budget.steps", used: 1, answer: { text: "no output" } });
    expect(error.hint).toContain("fork({ budget })");
  });

  test("the budget of a session holds for another client, and beside metadata and a turn with another model", async () => {
    const session = await oc.createSession({ budget: { steps: 2 }, metadata: { mine: 1 } });
    await session.ask("once", { model: "scripted/model" });
    await using other = await connect();
    const same = other.session(session.id);
    await same.ask("once");
    expect(await exceeded(same.ask("once"))).toMatchObject({ scope: "session", used: 2 });
    expect(await exceeded(session.ask("once"))).toMatchObject({ scope: "session", used: 2 });
    expect((await session.info()).metadata).toMatchObject({ mine: 1 });
  });

  test("metadata that another program has replaced does not end the budget of a session that is in use", async () => {
    const session = await oc.createSession({ budget: { steps: 1 } });
    const place = { params: { path: { sessionID: session.id } } };
    await oc.client.PATCH("/session/{sessionID}", { ...place, body: { metadata: { mine: 2 } } });
    await session.ask("once");
    expect((await session.info()).metadata).toMatchObject({ mine: 2 });
    expect(await exceeded(session.ask("once"))).toMatchObject({ scope: "session" });
  });

  test("a revert, a deleted message and a compaction give nothing of a session's budget back", async () => {
    const session = await oc.createSession({ budget: { cost: 50 } });
    const first = await session.ask("once");
    const second = await session.ask("once");
    await session.revert(second.messageId);
    expect((await session.budget()).spent.cost).toBe(2);
    await session.ask("once");
    expect((await session.usage()).cost).toBe(2);
    expect((await session.budget()).spent).toEqual({ cost: 3, tokens: 3_030, steps: 3 });
    const [, step] = await session.messages();
    await session.deleteMessage(step?.info.id ?? "");
    await session.deleteMessage(first.messageId);
    await using other = await connect();
    expect((await other.session(session.id).budget()).spent.cost).toBe(3);
    await session.compact();
    const { spent } = await session.budget();
    expect(spent.cost).toBeGreaterThan(3);
    expect(spent.steps).toBe(3);
  });

  test("a compaction that makes no summary counts in the budget of its session", async () => {
    const { model: silent } = await createLookupModel(undefined, { summary: { usage } });
    const place = await temporaryFolder();
    await using client = await createOpencode(shared(silent, place));
    const session = await client.createSession({ budget: { tokens: 1_000_000 } });
    await session.ask("once");
    const { tokens } = (await session.budget()).spent;
    await expect(session.compact()).rejects.toThrow("no summary");
    expect((await session.messages()).length).toBe(2);
    expect((await session.budget()).spent.tokens).toBe(tokens + usage.input + usage.output);
    await silent.close();
    await rm(place, { recursive: true, force: true });
  });

  test("a copy begins with the rest of its session and counts for itself, whatever messages it has", async () => {
    const session = await oc.createSession({ budget: { steps: 3 } });
    const first = await session.ask("once");
    await session.ask("once");
    const whole = await session.fork();
    const part = await session.fork({ messageId: first.messageId });
    for (const copy of [whole, part]) expect((await copy.budget()).spent).toEqual({ cost: 2, tokens: 2_020, steps: 2 });
    await whole.ask("once");
    await using other = await connect();
    expect(await exceeded(other.session(whole.id).ask("once"))).toMatchObject({ scope: "session", used: 3 });
    expect((await other.session(session.id).budget()).left).toEqual({ steps: 1 });
    await other.session(part.id).ask("once");
    expect((await part.budget()).left).toEqual({ steps: 0 });
  });

  test("a copy with a budget of its own begins with all of it", async () => {
    const session = await oc.createSession({ budget: { steps: 1 } });
    await session.ask("once");
    const copy = await session.fork({ budget: { cost: 2 } });
    expect(await copy.budget()).toEqual({ spent: { cost: 0, tokens: 0, steps: 0 }, left: { cost: 2 } });
    await copy.ask("once");
    expect((await copy.budget()).left).toEqual({ cost: 1 });
    const plain = await oc.createSession();
    await plain.ask("once");
    expect((await (await plain.fork({ budget: { steps: 5 } })).budget()).left).toEqual({ steps: 5 });
  });

  test("an import of a session has the rest of its budget, without its sub-agents and its reverted prompts", async () => {
    const session = await oc.createSession({ budget: { steps: 6 } });
    await session.ask("delegates");
    const last = await session.ask("once");
    await session.revert(last.messageId);
    const document = JSON.parse(JSON.stringify(await session.export({ redact: true })));
    await using other = await connect();
    const imported = await other.importSession(document);
    expect(await imported.budget()).toEqual({ spent: { cost: 5, tokens: 5_050, steps: 5 }, left: { steps: 1 } });
    await imported.ask("once");
    expect(await exceeded(imported.ask("once"))).toMatchObject({ scope: "session", used: 6 });
    expect((await session.budget()).left).toEqual({ steps: 1 });
  });

  test("an import of a session with a budget into the preview is refused, and stores nothing", async () => {
    const session = await oc.createSession({ budget: { steps: 2 }, metadata: { mine: 1 } });
    await session.ask("once");
    const document = await session.export({ redact: true });
    await using world = await startWorld(targetOf("preview"));
    const refused: unknown = await world.oc.importSession(document, { rules: false }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      name: "UnsupportedEndpointError",
      hint: expect.stringContaining('"opencode-ts:budget"'),
    });
    for await (const { id } of world.oc.sessions()) throw new Error(`it has stored ${id}`);
    const { metadata: _metadata, ...described } = document.session;
    const imported = await world.oc.importSession({ ...document, session: described }, { rules: false });
    expect((await imported.budget()).left).toEqual({});
  });

  test("a copy whose budget cannot be stored is deleted again", async () => {
    const session = await oc.createSession({ budget: { steps: 3 } });
    await session.ask("once");
    const refusing: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const isOfCopy = request.method === "PATCH" && !request.url.includes(session.id);
      return isOfCopy ? Response.json({ message: "no change of a copy" }, { status: 403 }) : fetch(request);
    };
    const { url = "", password } = oc.server ?? {};
    await using client = await createOpencode({ baseUrl: url, password, directory, fetch: refusing });
    const ids = async () => {
      const found: string[] = [];
      for await (const { id } of oc.sessions()) found.push(id);
      return found;
    };
    const before = await ids();
    await expect(client.session(session.id).fork({ budget: { steps: 9 } })).rejects.toThrow("no change of a copy");
    expect(await ids()).toEqual(before);
  });

  test("a budget that is stored right after a session was made holds for a client that has read the session", async () => {
    const session = await oc.createSession();
    await using other = await connect();
    const same = other.session(session.id);
    expect((await same.budget()).left).toEqual({});
    const body = { metadata: { "opencode-ts:budget": { limits: { steps: 1 } } } };
    await oc.client.PATCH("/session/{sessionID}", { params: { path: { sessionID: session.id } }, body });
    await same.ask("once");
    expect(await exceeded(same.ask("once"))).toMatchObject({ scope: "session", used: 1 });
  });

  test("a prompt that is stored with its answer is answered when nothing of the budget is left", async () => {
    const session = await oc.createSession({ budget: { steps: 1 } });
    const messageId = "msg_budget_asked_again";
    await session.ask("once", { messageId });
    await using other = await connect();
    expect((await other.session(session.id).ask("once", { messageId })).text).toBe("done");
  });

  test("a session without a budget has the use of its turns, and no limit", async () => {
    const session = await oc.createSession();
    await session.ask("once");
    expect(await session.budget()).toEqual({ spent: { cost: 1, tokens: 1_010, steps: 1 }, left: {} });
  });

  test("a wrong budget is a ConfigError that names the option", async () => {
    const wrong = (budget: unknown) =>
      oc.createSession({ budget: budget as BudgetLimits }).catch((error: unknown) => error);
    expect(await wrong({ cost: 0 })).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining("budget.cost"),
    });
    expect(await wrong({ steps: "3" })).toMatchObject({ message: expect.stringContaining("budget.steps") });
    expect(await wrong({ tokens: Infinity })).toMatchObject({ message: expect.stringContaining("budget.tokens") });
    expect(await wrong({ costs: 1 })).toMatchObject({ message: expect.stringContaining('"cost"') });
    expect(await wrong({})).toMatchObject({ name: "ConfigError" });
    expect(await wrong(5)).toMatchObject({ name: "ConfigError" });
    await expect(oc.ask("x", { budget: { cost: 1 } } as object)).rejects.toMatchObject({
      name: "ConfigError",
      hint: expect.stringContaining("createSession()"),
    });
    await expect(connect({ steps: -1 })).rejects.toMatchObject({ name: "ConfigError" });
    const kept = openConversation({ directory, session: { budget: { cost: 0 } } });
    await expect(kept).rejects.toThrow("budget.cost");
  });
});

describe("the budget of a client", () => {
  test("the budget of a client counts all its sessions, and nothing that was stored before", async () => {
    const before = await oc.createSession();
    await before.ask("once", { messageId: "msg_before_the_client" });
    await using client = await connect({ steps: 3 });
    expect((await client.session(before.id).ask("once", { messageId: "msg_before_the_client" })).text).toBe("done");
    expect(await client.budget()).toEqual({ spent: { cost: 0, tokens: 0, steps: 0 }, left: { steps: 3 } });
    await client.session(before.id).ask("once");
    const { sessionId } = await client.ask("once");
    expect(await client.budget()).toEqual({ spent: { cost: 2, tokens: 2_020, steps: 2 }, left: { steps: 1 } });
    expect((await client.session(sessionId).budget()).left).toStrictEqual({ steps: 1 });
    const limited = await client.createSession({ budget: { steps: 9, cost: 5 } });
    expect(await limited.budget()).toMatchObject({ spent: { steps: 0 }, left: { steps: 1, cost: 5 } });
    await client.session(sessionId).compact();
    expect((await client.budget()).spent).toMatchObject({ steps: 2 });
    expect((await client.budget()).spent.cost).toBeGreaterThan(2);
    const error = await exceeded(client.ask("works on"));
    expect(error).toMatchObject({ scope: "client", limit: "budget.steps", used: 3, max: 3 });
    const asked = model.requests.length;
    expect(await exceeded(client.ask("once"))).toMatchObject({ scope: "client", used: 3 });
    expect(model.requests.length).toBe(asked);
    expect((await oc.ask("once")).text).toBe("done");
  });

  test("two turns at once share the rest of a client's budget, and at most one step of each comes after it", async () => {
    await using client = await connect({ steps: 4 });
    const both = await Promise.all([exceeded(client.ask("works on")), exceeded(client.ask("works on"))]);
    for (const error of both) expect(error).toMatchObject({ scope: "client", limit: "budget.steps", max: 4 });
    const { steps } = (await client.budget()).spent;
    expect(steps).toBeGreaterThanOrEqual(4);
    expect(steps).toBeLessThanOrEqual(6);
  });

  test("steers of a run that a used-up budget has ended ask no model, and their answers reject with it", async () => {
    await using client = await connect({ steps: 1 });
    const begun = join(directory, "begun");
    answer("is steered", toolCall("bash", { command: `touch ${begun}; sleep 600`, description: "d" }));
    const session = await client.createSession();
    const stream = session.askStream("is steered");
    await eventually("the tool runs", () => existsSync(begun));
    const steered = ["one more", "and another"].map((text) => stream.steer(text));
    await eventually("they are stored", async () => JSON.stringify(await session.messages()).includes("and another"));
    await client.ask("once");
    const asked = model.requests.length;
    expect(await exceeded(stream.answer)).toMatchObject({ scope: "client" });
    for (const result of await Promise.all(steered)) {
      expect(result.absorbed).toBe("next");
      const error = await exceeded(Promise.resolve(result.answer));
      expect(error).toMatchObject({ scope: "client", limit: "budget.steps", used: 1 });
      expect(error.message).toContain("nothing was asked");
    }
    expect(model.requests.length).toBe(asked);
  });

  test("sub-agents count in the budget of a client", async () => {
    await using client = await connect({ steps: 50 });
    await client.ask("delegates");
    expect((await client.budget()).spent).toEqual({ cost: 4, tokens: 4_040, steps: 4 });
  });

  test("a client without a budget has no limits", async () => {
    expect((await oc.budget()).left).toEqual({});
  });
});
