/** Sessions that another client has prompted for structured output in the server's own way: it cannot read those back. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencode, InternalServerError, type Message, type Opencode, type Session } from "../../../src/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";
import { unhurriedConnection } from "../../support/slowness.js";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.js";

let fixture: Fixture;
let proxy: TcpProxy;
let oc: Opencode;
beforeAll(async () => {
  fixture = await startFixture();
  fixture.answer("natively", { structured: { a: 1 }, usage: { input: 1, output: 1 } });
  proxy = await startTcpProxy(fixture.oc.server?.url ?? "");
  oc = await createOpencode({
    ...unhurriedConnection(),
    baseUrl: proxy.url,
    password: fixture.oc.server?.password,
    directory: fixture.directory,
  });
});
afterAll(async () => {
  await oc?.close();
  await proxy?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** Another client's prompt: it knows nothing of us. */
async function natively(session: Session): Promise<void> {
  await fixture.oc.client.POST("/session/{sessionID}/message", {
    params: { path: { sessionID: session.id } },
    body: {
      format: { type: "json_schema", schema: { type: "object", properties: { a: { type: "number" } } } },
      parts: [{ type: "text", text: "natively" }],
    },
  });
}

async function notes(session: Session, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1) {
    await fixture.oc.client.POST("/session/{sessionID}/message", {
      params: { path: { sessionID: session.id } },
      body: { noReply: true, parts: [{ type: "text", text: `note ${index}` }] },
    });
  }
}

/** What stands in a list, in short. */
function brief({ info, parts }: Message): string {
  if (info.role === "unreadable") return "unreadable";
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  return `${info.role}: ${text}`;
}

async function read(session: Session, order: "newest" | "oldest"): Promise<string[]> {
  const found: string[] = [];
  for await (const message of session.history({ order })) found.push(brief(message));
  return found;
}

/** Builds a session from letters: `s` is a structured prompt with its answer, `n` a note, `p` a prompt with its answer. */
async function built(plan: string): Promise<{ session: Session; expected: string[] }> {
  const session = await oc.createSession({ title: plan });
  const expected: string[] = [];
  for (const [index, letter] of [...plan].entries()) {
    if (letter === "s") {
      await natively(session);
      expected.push(index === 0 ? "unreadable" : "user: natively", "assistant: ");
    } else if (letter === "n") {
      await notes(session, index, index + 1);
      expected.push(`user: note ${index}`);
    } else {
      await session.ask(`prompt ${index}`);
      expected.push(`user: prompt ${index}`, `assistant: echo: prompt ${index}`);
    }
  }
  return { session, expected };
}

describe("a session with structured prompts of another client", () => {
  test.each([
    ["alone", "s"],
    ["at the start", "sppn"],
    ["in the middle", "pspn"],
    ["at the end", "npps"],
    ["everywhere", "sspsnss"],
  ])("a session with another client's structured prompts %s is listed in both orders", async (_where, plan) => {
    const { session, expected } = await built(plan);
    expect((await session.messages()).map(brief)).toEqual(expected);
    expect(await read(session, "oldest")).toEqual(expected);
    expect(await read(session, "newest")).toEqual(expected.toReversed());
    expect((await session.context()).map(brief)).toEqual(expected);
    for (const limit of [1, 2, 3, expected.length, expected.length + 1]) {
      expect((await session.messages({ limit })).map(brief)).toEqual(expected.slice(-limit));
    }
  });

  test("an unreadable message gets its id from the parentID of its answer", async () => {
    const { session } = await built("snn");
    const [first, answer] = await session.messages();
    expect(first?.parts).toEqual([]);
    expect(first?.info).toEqual({ role: "unreadable", id: expect.stringMatching(/^msg_/), sessionID: session.id });
    expect(answer?.info).toMatchObject({ role: "assistant", parentID: first?.info.id });
    // Whoever reads on from the answer learns it too; before the first message there is none.
    expect(await session.messages({ before: answer?.info.id })).toEqual([first]);
    expect(await session.messages({ before: first?.info.id })).toEqual([]);
    const { session: other, expected } = await built("nns");
    const [, , structured] = await other.messages();
    expect((await other.messages({ before: structured?.info.id })).map(brief)).toEqual(expected.slice(0, 2));
    await expect(other.messages({ before: "msg_nope" })).rejects.toMatchObject({ name: "MessageNotFoundError" });
  });

  test("a session with an unreadable message has a usage, answers prompts and can be compacted", async () => {
    const { session } = await built("sps");
    expect(await session.usage()).toMatchObject({ input: 12, output: 7 });
    expect((await session.ask("and now")).text).toBe("echo: and now");
    await session.compact();
    expect((await session.ask("after it")).text).toBe("echo: after it");
    expect((await session.context()).map(brief)).not.toContain("unreadable");
    const [first] = await session.messages();
    await session.deleteMessage(first?.info.id ?? "");
    expect((await session.messages()).map(brief)[0]).toBe("assistant: ");
  });

  test("a long session with unreadable messages is read in pages, with fewer than 15 requests", async () => {
    const session = await oc.createSession();
    await natively(session);
    await notes(session, 0, 130);
    await natively(session);
    const before = proxy.lines.length;
    const found = await read(session, "newest");
    expect(found).toHaveLength(134);
    expect(found.at(-1)).toBe("unreadable");
    const lists = proxy.lines.slice(before).filter((line) => /\/message/.test(line));
    expect(lists.length).toBeLessThan(15);
    expect(await read(session, "oldest")).toEqual(found.toReversed());
  });

  test("fork() of unreadable messages rejects, and the hint names the message up to which a fork works", async () => {
    const { session, expected } = await built("pss");
    const error = await session.fork().catch((caught: unknown) => caught);
    if (!(error instanceof InternalServerError)) throw error;
    expect(error.message).toMatch(/structured output/);
    const messageId = /messageId: "([^"]+)"/.exec(error.hint ?? "")?.[1];
    const copy = await session.fork({ messageId });
    expect((await copy.messages()).map(brief)).toEqual(expected.slice(0, 2));
    const { session: never } = await built("sp");
    await expect(never.fork()).rejects.toMatchObject({ hint: expect.stringMatching(/first prompt/) });
  });
});
