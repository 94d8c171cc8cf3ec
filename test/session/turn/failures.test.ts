/** What the model, the provider and the server can do wrong in a turn, and the error that a caller gets for it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AgentError,
  AgentNotFoundError,
  ContentFilterError,
  ContextOverflowError,
  createOpencode,
  ModelNotFoundError,
  ProviderAuthError,
  ProviderRateLimitError,
} from "../../../src/index.js";
import { createScriptedModel, hold, toolCall } from "../../../src/testing/index.js";
import { type Fixture, hermetic, startFixture, temporaryFolder } from "../../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const failure = (prompt: string, options = {}): Promise<unknown> =>
  fixture.oc.ask(prompt, options).catch((error: unknown) => error);

describe("a provider that refuses", () => {
  test.each([
    [400, AgentError, "AgentError"],
    [401, ProviderAuthError, "ProviderAuthError"],
    [403, ProviderAuthError, "ProviderAuthError"],
    [404, AgentError, "AgentError"],
  ])("a provider's status %d rejects with its class after one model call", async (status, expected, name) => {
    fixture.answer(`refuse ${status}`, { status });
    const error = await failure(`refuse ${status}`);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ name, status, serverName: "APIError" });
    expect((error as AgentError).answer?.text).toBe("");
    expect(fixture.model.calls(`refuse ${status}`)).toBe(1);
  });

  test("a provider's status 401 rejects with a hint to opencode auth login", async () => {
    fixture.answer("no key", { status: 401 });
    expect(await failure("no key")).toMatchObject({ hint: expect.stringMatching(/opencode auth login/) });
  });

  test("the server repeats a model call after two answers with status 500, and the turn succeeds", async () => {
    fixture.answer("flaky", () =>
      fixture.model.calls("flaky") < 3 ? { status: 500, headers: { "retry-after": "0.1" } } : "third time lucky",
    );
    expect((await fixture.oc.ask("flaky")).text).toBe("third time lucky");
    expect(fixture.model.calls("flaky")).toBe(3);
  });

  test.each([
    [429, ProviderRateLimitError],
    [503, AgentError],
  ])("a provider that always answers %d is called six times before the turn rejects", async (status, expected) => {
    fixture.answer(`always ${status}`, { status, headers: { "retry-after": "0.1" } });
    expect(await failure(`always ${status}`)).toBeInstanceOf(expected);
    expect(fixture.model.calls(`always ${status}`)).toBe(6);
  });
});

describe("a model that ends oddly", () => {
  test("an empty answer of the model resolves", async () => {
    fixture.answer("empty", {});
    expect(await fixture.oc.ask("empty")).toMatchObject({ text: "", finishReason: "stop" });
  });

  test("an answer that is cut off by length resolves with finishReason length", async () => {
    fixture.answer("long", { text: "cut off", end: "length" });
    expect(await fixture.oc.ask("long")).toMatchObject({ text: "cut off", finishReason: "length" });
  });

  test("a content filter rejects the turn with the partial text", async () => {
    fixture.answer("filtered", { text: "some text", end: "content_filter" });
    const error = await failure("filtered");
    expect(error).toBeInstanceOf(ContentFilterError);
    expect((error as ContentFilterError).answer?.text).toBe("some text");
  });

  test("bad tool arguments and unknown tools do not end the run", async () => {
    fixture.answer("bad arguments", toolCall("bash", "{not json"), "went on");
    fixture.answer("unknown tool", toolCall("no_such_tool", {}), "went on too");
    expect((await fixture.oc.ask("bad arguments")).text).toBe("went on");
    expect((await fixture.oc.ask("unknown tool")).text).toBe("went on too");
  });
});

describe("names that do not exist", () => {
  test("the error for an unknown model suggests the nearest model", async () => {
    const error = await failure("x", { model: "scripted/modle" });
    expect(error).toBeInstanceOf(ModelNotFoundError);
    expect(error).toMatchObject({ suggestions: ["scripted/model"], hint: expect.stringContaining("scripted/model") });
    expect(await failure("x", { model: "nobody/model" })).toBeInstanceOf(ModelNotFoundError);
  });

  test("the error for an unknown agent suggests the nearest agent", async () => {
    const error = await failure("x", { agent: "biuld" });
    expect(error).toBeInstanceOf(AgentNotFoundError);
    expect(error).toMatchObject({ suggestions: ["build"] });
  });
});

describe("a run that somebody else ends", () => {
  test("an abort by another client rejects the turn with the partial answer", async () => {
    fixture.answer("others abort", { text: ["so far"], end: "hang" });
    const session = await fixture.oc.createSession();
    const stream = session.askStream("others abort");
    const path = { sessionID: session.id };
    const reading = (async () => {
      for await (const _chunk of stream)
        await fixture.oc.client.POST("/session/{sessionID}/abort", { params: { path } });
    })();
    await expect(reading).rejects.toMatchObject({ name: "AbortedError", answer: { text: "so far" } });
  });

  test("a disposed instance rejects an open turn with AbortedError", async () => {
    fixture.answer("disposed", { text: ["so far"], end: "hang" });
    const stream = fixture.oc.askStream("disposed");
    const reading = (async () => {
      for await (const _chunk of stream) await fixture.oc.client.POST("/instance/dispose");
    })();
    await expect(reading).rejects.toMatchObject({ name: "AbortedError" });
  });

  test("a turn gives its own answer when another client prompts the session during the turn", async () => {
    const gate = hold("mine is done");
    fixture.answer("mine", { text: ["here: ", gate] });
    const session = await fixture.oc.createSession();
    const stream = session.askStream("mine");
    for await (const event of stream.events) {
      if (event.type !== "step-start") continue;
      const body = { parts: [{ type: "text" as const, text: "theirs" }] };
      await fixture.oc.client.POST("/session/{sessionID}/prompt_async", {
        params: { path: { sessionID: session.id } },
        body,
      });
      gate.release();
    }
    expect((await stream.answer).text).toBe("here: mine is done");
  });
});

describe("a conversation that outgrows the context", () => {
  test("a turn that fills the context gives its own answer after the server's compaction", async () => {
    const model = await createScriptedModel(
      (request) =>
        request.lastUserText === "big"
          ? { text: "big answer", usage: { input: 99_000, output: 500 } }
          : request.lastUserText.startsWith("Continue")
            ? "nothing more to do"
            : { status: 400, message: "unexpected prompt" },
      { model: { limit: { context: 100_000, output: 10_000 } } },
    );
    const directory = await temporaryFolder();
    await using oc = await createOpencode(hermetic(model, directory));
    const answer = await oc.ask("big");
    expect(answer.text).toBe("big answer"); // not the reply to the server's own "Continue"
    await model.close();
  });

  test("a prompt that does not fit the context is answered after a compaction", async () => {
    let overflowed = false;
    fixture.answer("too big", () => {
      if (overflowed) return "fits now";
      overflowed = true;
      return { status: 400, message: "This model's maximum context length is 100 tokens" };
    });
    const session = await fixture.oc.createSession();
    await session.ask("small talk first");
    expect((await session.ask("too big")).text).toBe("fits now");
  });

  test("a turn rejects with ContextOverflowError when the summary does not fit the context either", async () => {
    const overflow = { status: 400, message: "This model's maximum context length is 100 tokens" };
    const model = await createScriptedModel(overflow, { summary: overflow });
    await using oc = await createOpencode(hermetic(model, await temporaryFolder()));
    const error = await oc.ask("never fits").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ContextOverflowError);
    await model.close();
  });
});
