/** The limit of repetition on the real agent: what counts as going round in circles, and what comes of it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgentEvent, createOpencode, RunawayError, type TurnOptions } from "../../../src/index.js";
import { type ModelRequest, type Reply, toolCall, toolCalls } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";
import { startTcpProxy } from "../../support/tcp-proxy.js";

const circles = /goes round in circles/;
const continued = "Continue if you have next steps";
const usage = { input: 9_900, output: 50 };
const limit = { limit: { context: 10_000, output: 1_000 } };

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture(
    { config: { permission: { bash: { "*": "allow", "ask*": "ask" } } } },
    ({ lastUserText }) => (lastUserText.startsWith(continued) ? { text: "still at it", usage } : undefined),
    { model: limit },
  );
  for (const name of ["a", "b", "c", "d", "e", "f"]) await writeFile(join(fixture.directory, name), `text of ${name}`);
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const read = (name: string): Reply => toolCall("read", { filePath: join(fixture.directory, name) });
const bash = (command: string): Reply => toolCall("bash", { command, description: "d" });

/** The replies again and again. */
const round =
  (...replies: readonly Reply[]) =>
  ({ stepIndex }: ModelRequest): Reply =>
    replies[stepIndex % replies.length] ?? "none";

type LoopEvent = Extract<AgentEvent, { type: "loop" }>;

interface Outcome {
  readonly loops: readonly LoopEvent[];
  readonly text: string | undefined;
  readonly error: unknown;
  readonly events: readonly AgentEvent[];
}

async function run(prompt: string, options: TurnOptions<undefined>, oc = fixture.oc): Promise<Outcome> {
  const stream = oc.askStream(prompt, options);
  const events: AgentEvent[] = [];
  let error: unknown;
  try {
    for await (const event of stream.events) events.push(event);
  } catch (caught) {
    error = caught;
  }
  const text = await stream.answer.then(
    (answer) => answer.text,
    (caught: unknown) => {
      error = caught;
      return undefined;
    },
  );
  return { events, error, text, loops: events.filter((event): event is LoopEvent => event.type === "loop") };
}

describe("repetition", () => {
  test("the same call with the same result gives a loop event, and a RunawayError after twice as many rounds", async () => {
    fixture.answer("reads on and on", round(read("a")));
    const { loops, error } = await run("reads on and on", { maxRepeats: 3 });
    expect(loops).toMatchObject([{ tool: "read", count: 3 }]);
    expect(loops[0]?.chain).toBeUndefined();
    expect(error).toBeInstanceOf(RunawayError);
    const { answer, sessionId, firstCallId, lastCallId } = error as RunawayError; // checked in the line before
    expect(error).toMatchObject({
      code: "runaway",
      tool: "read",
      count: 6,
      input: { filePath: join(fixture.directory, "a") },
      message: expect.stringMatching(/same call of read 6 times in a row/),
    });
    const ids = answer?.toolCalls.map(({ id }) => id) ?? [];
    expect([ids.indexOf(firstCallId), ids.indexOf(lastCallId)]).toEqual([0, 5]);
    const session = fixture.oc.session(sessionId ?? "");
    expect((await session.status()).type).toBe("idle");
    expect((await session.ask("after it")).text).toBe("echo: after it");
  });

  test("the default limit tells of the tenth round and ends the run with the twentieth", async () => {
    fixture.answer("reads by default", round(read("a")));
    const { loops, error } = await run("reads by default", {});
    expect(loops).toMatchObject([{ tool: "read", count: 10 }]);
    expect(error).toMatchObject({ name: "RunawayError", count: 20 });
  });

  test.each([2, 3, 4])("a cycle of %i calls counts its rounds", async (period) => {
    const prompt = `goes round ${period}`;
    fixture.answer(prompt, round(...["a", "b", "c", "d"].slice(0, period).map(read)));
    const { loops, error } = await run(prompt, { maxRepeats: 2 });
    expect(loops).toMatchObject([{ tool: "read", count: 2 }]);
    expect(error).toMatchObject({ name: "RunawayError", count: 4 });
    const { answer, firstCallId, lastCallId } = error as RunawayError; // its name was compared
    const ids = answer?.toolCalls.map(({ id }) => id) ?? [];
    expect([ids.indexOf(firstCallId), ids.indexOf(lastCallId)]).toEqual([0, 4 * period - 1]);
  });

  test("arguments in another order and another label of a command are the same call", async () => {
    fixture.answer("rephrases", ({ stepIndex }) =>
      stepIndex % 2 === 0
        ? toolCall("bash", { command: "true", description: `try ${stepIndex}` })
        : toolCall("bash", { description: `now for the ${stepIndex}th time`, command: "true" }),
    );
    expect((await run("rephrases", { maxRepeats: 2 })).error).toMatchObject({ tool: "bash", count: 4 });
  });

  test("a long output that the server keeps in a new file each time is the same result", async () => {
    fixture.answer("long outputs", round(bash("head -c 60000 /dev/zero | tr '\\0' x | fold")));
    expect((await run("long outputs", { maxRepeats: 2 })).error).toMatchObject({ name: "RunawayError", count: 4 });
  });

  test("a step of many calls is repeated whatever the order of its calls", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    fixture.answer("in parallel", ({ stepIndex }) => {
      const turned = [...names.slice(stepIndex % 6), ...names.slice(0, stepIndex % 6)];
      return toolCalls(turned.map((name) => ({ name: "read", args: { filePath: join(fixture.directory, name) } })));
    });
    const { loops, error } = await run("in parallel", { maxRepeats: 2 });
    expect(loops).toMatchObject([{ tool: "read", count: 2 }]);
    expect(error).toMatchObject({ name: "RunawayError", count: 4 });
  });

  test("a call that fails in the same way each time is repeated", async () => {
    fixture.answer("fails alike", round(read("missing")));
    expect((await run("fails alike", { maxRepeats: 2 })).error).toMatchObject({ tool: "read", count: 4 });
  });
});

describe("no repetition", () => {
  const pauses = (count: string): Reply => bash(`echo x >> ${count}; wc -l < ${count}`);

  test("a call that is polled until its result changes is no loop", async () => {
    fixture.answer("polls", ...Array.from({ length: 8 }, () => pauses("polled")), "done");
    expect(await run("polls", { maxRepeats: 2 })).toMatchObject({ loops: [], text: "done", error: undefined });
  });

  test("another call between the same ones breaks the repetition", async () => {
    const between = ["b", "c", "d", "e", "f"].flatMap((name) => [read("a"), read(name)]);
    fixture.answer("interrupts itself", ...between, "done");
    expect(await run("interrupts itself", { maxRepeats: 2 })).toMatchObject({ loops: [], text: "done" });
  });

  test("maxRepeats: false switches the limit off", async () => {
    fixture.answer("unlimited", ...Array.from({ length: 21 }, () => read("a")), "done");
    expect(await run("unlimited", { maxRepeats: false })).toMatchObject({ loops: [], text: "done" });
  });

  test("an invalid maxRepeats is a ConfigError that names the option", async () => {
    for (const maxRepeats of [0, 1, 2.5, -3, "10", true, Number.NaN]) {
      await expect(fixture.oc.ask("x", { maxRepeats: maxRepeats as number })).rejects.toMatchObject({
        name: "ConfigError",
        message: expect.stringContaining("maxRepeats"),
      });
    }
  });
});

describe("a refusal", () => {
  test("a repeated call that asks is refused with a reason that the model reads, and the run goes on", async () => {
    fixture.answer("asks again", ({ messages }) =>
      circles.test(JSON.stringify(messages.at(-1))) ? "I stop." : bash("ask=1 true"),
    );
    const session = await fixture.oc.createSession();
    const asked: string[] = [];
    const answer = await session.ask("asks again", {
      maxRepeats: 3,
      onPermission: ({ id }) => {
        asked.push(id);
        return "once";
      },
    });
    expect(answer.text).toBe("I stop.");
    expect(asked).toHaveLength(3);
    expect(answer.denials).toMatchObject([{ permission: "bash", by: "loop", reason: expect.stringMatching(circles) }]);
    expect(answer.denials[0]?.reason).toMatch(/the same call of bash 3 times in a row/);
  });

  test("a model that repeats the refused call all the same comes to the RunawayError", async () => {
    fixture.answer("does not listen", round(bash("ask=1 true")));
    const { loops, error, events } = await run("does not listen", { maxRepeats: 2, onPermission: () => "once" });
    expect(loops).toMatchObject([{ count: 2 }]);
    expect(error).toMatchObject({ name: "RunawayError", count: 4 });
    const replies = events.flatMap((event) => (event.type === "permission-reply" ? [event.reply] : []));
    expect(replies).toEqual(["once", "once", "reject", "reject"]);
  });

  test("another call that asks is not refused because of the repetition before it", async () => {
    fixture.answer("changes course", bash("ask=1 true"), bash("ask=1 true"), bash("ask=2 echo other"), "done");
    const answer = await fixture.oc.ask("changes course", { maxRepeats: 2, onPermission: () => "once" });
    expect(answer).toMatchObject({ text: "done", denials: [] });
  });
});

describe("sub-agents", () => {
  const task = (prompt: string, description = "d"): Reply =>
    toolCall("task", { description, prompt, subagent_type: "general" });

  test("a sub-agent that goes round in circles gives a loop event with its chain, and ends the turn", async () => {
    fixture.answer("delegates the circle", task("child in circles"), "never");
    fixture.answer("child in circles", round(read("a")));
    const { loops, error } = await run("delegates the circle", { maxRepeats: 3 });
    expect(error).toMatchObject({ name: "RunawayError", tool: "read", count: 6 });
    const { sessionId } = error as RunawayError; // its name was compared
    expect(loops).toMatchObject([{ tool: "read", count: 3, chain: [sessionId, loops[0]?.sessionId] }]);
    expect(loops[0]?.sessionId).not.toBe(sessionId);
    for (const id of loops[0]?.chain ?? []) expect((await fixture.oc.session(id).status()).type).toBe("idle");
  });

  test("a sub-agent that is started again with the same prompt and result is a repeated call", async () => {
    fixture.answer("delegates on", ({ stepIndex }) => task("the same child", `try ${stepIndex}`));
    fixture.answer("the same child", "child is done");
    const { loops, error } = await run("delegates on", { maxRepeats: 2 });
    expect(loops).toMatchObject([{ tool: "task", count: 2 }]);
    expect(error).toMatchObject({ name: "RunawayError", tool: "task", count: 4 });
  });

  test("the same calls in several sub-agents are no repetition: each session counts for itself", async () => {
    fixture.answer("delegates thrice", task("first child"), task("second child"), task("third child"), "done");
    for (const child of ["first child", "second child", "third child"]) fixture.answer(child, read("a"), `by ${child}`);
    expect(await run("delegates thrice", { maxRepeats: 2 })).toMatchObject({ loops: [], text: "done" });
  });
});

describe("compactions", () => {
  test("compactions again and again without a call between them end the run", async () => {
    fixture.answer("compacts on", { text: "full", usage });
    const { loops, error } = await run("compacts on", { maxRepeats: 2 });
    expect(loops).toMatchObject([{ tool: "compaction", count: 2 }]);
    expect(error).toMatchObject({ name: "RunawayError", tool: "compaction", count: 4 });
  });
});

describe("without events", () => {
  test("a repetition is found by reads alone, in the turn's session and in its sub-agents", async () => {
    const { server } = fixture.oc;
    await using proxy = await startTcpProxy(server?.url ?? "");
    proxy.block(/^GET \/event/);
    await using oc = await createOpencode({
      baseUrl: proxy.url,
      password: server?.password,
      directory: fixture.directory,
      requestTimeout: 60_000,
    });
    fixture.answer("unheard", round(read("a")));
    const own = await run("unheard", { maxRepeats: 3 }, oc);
    expect(own.error).toMatchObject({ name: "RunawayError", tool: "read" });
    expect((own.error as RunawayError).count).toBeGreaterThanOrEqual(6);
    expect(own.loops).toHaveLength(1);
    fixture.answer(
      "unheard child",
      toolCall("task", { description: "d", prompt: "child unheard", subagent_type: "general" }),
      "never",
    );
    fixture.answer("child unheard", round(read("b")));
    const child = await run("unheard child", { maxRepeats: 3 }, oc);
    expect(child.error).toMatchObject({ name: "RunawayError", tool: "read" });
    expect(child.loops).toHaveLength(1);
    expect(child.loops[0]?.sessionId).not.toBe((child.error as RunawayError).sessionId);
  });
});
