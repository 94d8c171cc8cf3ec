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

describe("instructions of the model", () => {
  test("an agent's prompt replaces opencode's prompt, and files of instructions are added", async () => {
    const notes = join(fixture.directory, "NOTES.md");
    await writeFile(notes, "The colour is teal.");
    const config = { agent: { build: { prompt: "You are a gardener." } }, instructions: [notes] };
    await using other = await startFixture({ config });
    await other.oc.ask("who are you");
    expect(other.model.requests.at(-1)?.system).toContain("You are a gardener.");
    expect(other.model.requests.at(-1)?.system).toContain("The colour is teal.");
    expect(other.model.requests.at(-1)?.system).not.toContain("opencode, ");
  });

  test("the `system` option applies to one turn, and a synthetic part stays in the conversation", async () => {
    const session = await fixture.oc.createSession();
    const part = { type: "text", text: "the part that stays", synthetic: true } as const;
    await session.ask([{ type: "text", text: "with both" }, part], { system: "the hint of one turn" });
    expect(fixture.model.requests.at(-1)?.system).toContain("the hint of one turn");
    await session.ask("and then");
    const later = fixture.model.requests.at(-1);
    expect(JSON.stringify(later?.messages)).toContain("the part that stays");
    expect(JSON.stringify(later?.messages)).not.toContain("the hint of one turn");
  });

  test("the mention of an agent in a prompt tells the model to use that agent", async () => {
    await fixture.oc.ask([
      { type: "text", text: "Ask @general." },
      { type: "agent", name: "general" },
    ]);
    expect(JSON.stringify(fixture.model.requests.at(-1)?.messages)).toMatch(/task tool with subagent: general/);
  });

  test("the descriptions of a schema's fields reach the model", async () => {
    const schema = z.object({ age: z.number().describe("in full years") });
    fixture.answer("how old", { structured: { age: 36 } });
    expect((await fixture.oc.ask("how old", { schema })).output).toEqual({ age: 36 });
    const request = fixture.model.requests.findLast(({ lastUserText }) => lastUserText === "how old");
    expect(JSON.stringify(request?.body["tools"])).toContain("in full years");
  });

  test("session.init() asks the model for AGENTS.md", async () => {
    const session = await fixture.oc.createSession();
    expect((await session.init()).text).toContain("AGENTS.md");
  });
});

describe("tasks of a program", () => {
  test("a program can continue the newest session of a directory", async () => {
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

  test("a permission handler can abort its run", async () => {
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

  test("the reason of stream.abort is the cause of the AbortedError", async () => {
    fixture.answer("say it slowly", { text: ["a"], end: "hang" });
    const stream = fixture.oc.askStream("say it slowly");
    await eventually("the model is asked", () => fixture.model.calls("say it slowly") === 1);
    await stream.abort("the page was closed");
    await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError", cause: "the page was closed" });
  });

  test("a stream can be read as a web stream, and an answer can be written as JSON", async () => {
    const stream = fixture.oc.askStream("as a response");
    let text = "";
    for await (const piece of ReadableStream.from(stream)) text += String(piece);
    expect(text).toBe("echo: as a response");
    expect(JSON.parse(JSON.stringify(await stream.answer))).toMatchObject({ text: "echo: as a response", cost: 0 });
  });

  test("session.share is an InternalServerError if sharing is disabled", async () => {
    await using other = await startFixture({ config: { share: "disabled" } });
    const session = await other.oc.createSession();
    await expect(session.share()).rejects.toBeInstanceOf(InternalServerError);
    await session.unshare();
  });
});

describe("the REST client", () => {
  test("the REST client reads files, changes and configuration with the types of the agent's document", async () => {
    const { client } = fixture.oc;
    await writeFile(join(fixture.directory, "a.txt"), "alpha");
    const { data: file } = await client.GET("/file/content", { params: { query: { path: "a.txt" } } });
    expectTypeOf(file).toEqualTypeOf<Schemas["FileContent"]>();
    expect(file.content).toBe("alpha");
    expect((await client.GET("/config")).data).toHaveProperty("provider.scripted");
    expect((await client.GET("/vcs/diff", { params: { query: { mode: "git" } } })).data).toEqual([]);
  });

  test("the type of the agent's events is a union that `type` narrows", () => {
    type Delta = Extract<Schemas["Event"], { type: "message.part.delta" }>;
    expectTypeOf<Delta["properties"]["delta"]>().toEqualTypeOf<string>();
    expectTypeOf<Schemas["Event"]["type"]>().toExtend<string>();
  });
});
