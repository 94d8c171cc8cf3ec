/** Rows of docs/features.md that no other test shows: what the parts do together, over the real agent. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ReadableStream } from "node:stream/web";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { AbortedError, InternalServerError, type Schemas } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

describe("what the model is told", () => {
  test("an agent's prompt replaces opencode's, and files of instructions are added to it", async () => {
    const notes = join(fixture.directory, "NOTES.md");
    await writeFile(notes, "The colour is teal.");
    const config = { agent: { build: { prompt: "You are a gardener." } }, instructions: [notes] };
    await using other = await startFixture({ config });
    await other.oc.ask("who are you");
    expect(other.model.requests.at(-1)?.system).toContain("You are a gardener.");
    expect(other.model.requests.at(-1)?.system).toContain("The colour is teal.");
    expect(other.model.requests.at(-1)?.system).not.toContain("opencode, ");
  });

  test("a hint for one turn is kept out of the conversation, a synthetic part stays in it", async () => {
    const session = await fixture.oc.createSession();
    const part = { type: "text", text: "the part that stays", synthetic: true } as const;
    await session.ask([{ type: "text", text: "with both" }, part], { system: "the hint of one turn" });
    expect(fixture.model.requests.at(-1)?.system).toContain("the hint of one turn");
    await session.ask("and then");
    const later = fixture.model.requests.at(-1);
    expect(JSON.stringify(later?.messages)).toContain("the part that stays");
    expect(JSON.stringify(later?.messages)).not.toContain("the hint of one turn");
  });

  test("the mention of an agent in a prompt tells it to use that one", async () => {
    await fixture.oc.ask([
      { type: "text", text: "Ask @general." },
      { type: "agent", name: "general" },
    ]);
    expect(JSON.stringify(fixture.model.requests.at(-1)?.messages)).toMatch(/task tool with subagent: general/);
  });

  test("what a schema says of its fields reaches it", async () => {
    const schema = z.object({ age: z.number().describe("in full years") });
    fixture.answer("how old", { structured: { age: 36 } });
    expect((await fixture.oc.ask("how old", { schema })).output).toEqual({ age: 36 });
    const request = fixture.model.requests.findLast(({ lastUserText }) => lastUserText === "how old");
    expect(JSON.stringify(request?.body["tools"])).toContain("in full years");
  });

  test("init() asks for AGENTS.md", async () => {
    const session = await fixture.oc.createSession();
    expect((await session.init()).text).toContain("AGENTS.md");
  });
});

describe("a program", () => {
  test("goes on with the newest session of a directory", async () => {
    const first = await fixture.oc.createSession();
    await first.ask("the newest question");
    const asked: string[] = [];
    for await (const { id } of fixture.oc.sessions({ limit: 1 })) {
      asked.push(id);
      await fixture.oc.session(id).ask("and another one");
    }
    expect(asked).toEqual([first.id]);
    expect(JSON.stringify(fixture.model.requests.at(-1)?.messages)).toContain("the newest question");
  });

  test("stops a run out of its permission handler", async () => {
    fixture.answer("too far", toolCall("bash", { command: "rm -rf x", description: "x" }), "went on");
    const stop = new AbortController();
    const session = await fixture.oc.createSession({ permission: { bash: "ask" } });
    const answer = session.ask("too far", {
      signal: stop.signal,
      onPermission: () => {
        stop.abort();
        return "reject";
      },
    });
    await expect(answer).rejects.toBeInstanceOf(AbortedError);
    await eventually("the run has ended", async () => (await session.status()).type === "idle");
    expect(fixture.model.calls("too far")).toBe(1);
  });

  test("says why it aborts a stream, and finds that in the error", async () => {
    fixture.answer("say it slowly", { text: ["a"], end: "hang" });
    const stream = fixture.oc.askStream("say it slowly");
    await eventually("the model is asked", () => fixture.model.calls("say it slowly") === 1);
    await stream.abort("the page was closed");
    await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError", cause: "the page was closed" });
  });

  test("hands a stream on as a web stream, and an answer as JSON", async () => {
    const stream = fixture.oc.askStream("as a response");
    let text = "";
    for await (const piece of ReadableStream.from(stream)) text += String(piece);
    expect(text).toBe("echo: as a response");
    expect(JSON.parse(JSON.stringify(await stream.answer))).toMatchObject({ text: "echo: as a response", cost: 0 });
  });

  test("is told that sessions cannot be shared where that is disabled", async () => {
    await using other = await startFixture({ config: { share: "disabled" } });
    const session = await other.oc.createSession();
    await expect(session.share()).rejects.toBeInstanceOf(InternalServerError);
    await session.unshare();
  });
});

describe("the REST client", () => {
  test("reads files, changes and configuration of the real agent, typed by its own document", async () => {
    const { client } = fixture.oc;
    await writeFile(join(fixture.directory, "a.txt"), "alpha");
    const { data: file } = await client.GET("/file/content", { params: { query: { path: "a.txt" } } });
    expectTypeOf(file).toEqualTypeOf<Schemas["FileContent"]>();
    expect(file.content).toBe("alpha");
    expect((await client.GET("/config")).data).toHaveProperty("provider.scripted");
    expect((await client.GET("/vcs/diff", { params: { query: { mode: "git" } } })).data).toEqual([]);
  });

  test("has the agent's events as one union by their type", () => {
    type Delta = Extract<Schemas["Event"], { type: "message.part.delta" }>;
    expectTypeOf<Delta["properties"]["delta"]>().toEqualTypeOf<string>();
    expectTypeOf<Schemas["Event"]["type"]>().toExtend<string>();
  });
});
