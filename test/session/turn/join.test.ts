/** A run that is under way is followed by any number of readers who know its prompt's id: from its beginning, or from where it is. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentEvent, type AnswerStream, createOpencode, type Opencode } from "../../../src/index.js";
import { hold, toolCall } from "../../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** Another client of the same server. */
function another(): Promise<Opencode> {
  const { server, client } = fixture.oc;
  return createOpencode({ baseUrl: client.baseUrl, password: server?.password, directory: fixture.directory });
}

class Reader {
  text = "";
  readonly events: AgentEvent[] = [];
  readonly done: Promise<unknown>;

  constructor(stream: AnswerStream<unknown>) {
    this.done = this.#read(stream).catch((error: unknown) => error);
  }

  async #read({ events }: AnswerStream<unknown>): Promise<void> {
    for await (const event of events) {
      this.events.push(event);
      if (event.type === "text-delta") this.text += event.text;
    }
  }
}

test("a reader that joins a run in the same client gets all text and events from the beginning", async () => {
  const gates = [hold("two "), hold("three "), hold("four")] as const;
  fixture.answer("count", toolCall("bash", { command: "echo counted", description: "d" }), {
    text: ["one ", ...gates],
  });
  const session = await fixture.oc.createSession();
  const options = { messageId: "msg_joined_here" };
  const first = session.askStream("count", options);
  const readers = [new Reader(first)];
  const joined: AnswerStream[] = [];
  await eventually("it has begun", () => readers[0]?.text === "one ");
  for (const [index, gate] of gates.entries()) {
    const stream = fixture.oc.session(session.id).askStream("count", options);
    joined.push(stream);
    readers.push(new Reader(stream));
    const before = ["one ", "one two ", "one two three "][index] ?? "";
    await eventually(`reader ${index} has caught up`, () => readers.at(-1)?.text === before);
    gate.release();
    const after = ["one two ", "one two three ", "one two three four"][index] ?? "";
    await eventually("all have the next piece", () => readers.every(({ text }) => text === after));
  }
  const answers = await Promise.all([first, ...joined].map(({ answer }) => answer));
  for (const answer of answers) expect(answer.text).toBe("one two three four");
  await Promise.all(readers.map(({ done }) => done));
  const kinds = readers.map(({ events }) =>
    events.map(({ type }) => type).filter((type) => /^(tool|start|finish|step)/.test(type)),
  );
  for (const kind of kinds) expect(kind).toEqual(kinds[0]);
  expect(fixture.model.calls("count")).toBe(2);
});

test("a reader that joins from another client gets the stored text and then each new piece", async () => {
  const begun = hold("beginning ");
  const next = hold("middle ");
  const last = hold("end");
  fixture.answer(
    "join from elsewhere",
    { text: ["before"], toolCalls: [{ name: "bash", args: { command: "echo x", description: "d" } }] },
    {
      text: ["the ", begun, next, last],
    },
  );
  const session = await fixture.oc.createSession();
  const options = { messageId: "msg_joined_elsewhere" };
  const owner = session.askStream("join from elsewhere", options);
  const first = new Reader(owner);
  begun.release();
  await eventually("the text has begun", () => first.text === "beforethe beginning ");
  await using other = await another();
  const stream = other.session(session.id).askStream("join from elsewhere", options);
  const second = new Reader(stream);
  await eventually("it has what is stored", () => second.text === "before");
  next.release();
  await eventually("it has the next piece while the text is being written", () => second.text === "beforemiddle ");
  last.release();
  expect((await stream.answer).text).toBe("the beginning middle end");
  expect((await owner.answer).text).toBe("the beginning middle end");
  await second.done;
  expect(second.text).toBe("beforemiddle end");
  const marked = second.events.filter((event) => event.type === "text-delta" && event.joined === true);
  expect(marked).toMatchObject([{ text: "middle " }]);
  expect(fixture.model.calls("join from elsewhere")).toBe(2);
});

test("a reader that joined a run may leave, and the run goes on for the first reader", async () => {
  const gate = hold("done");
  fixture.answer("left by one", { text: ["begun ", gate] });
  const session = await fixture.oc.createSession();
  const options = { messageId: "msg_left_by_one" };
  const first = session.askStream("left by one", options);
  const leaving = session.askStream("left by one", options);
  for await (const piece of leaving) {
    expect(piece).toBe("begun ");
    break;
  }
  await expect(leaving.answer).rejects.toMatchObject({ name: "AbortedError" });
  const stopped = new AbortController();
  const signalled = session.ask("left by one", { ...options, signal: stopped.signal });
  stopped.abort();
  await expect(signalled).rejects.toMatchObject({ name: "AbortedError" });
  const late = session.ask("left by one", { ...options, timeout: 1 });
  await expect(late).rejects.toMatchObject({ name: "TurnTimeoutError", message: expect.stringContaining("goes on") });
  gate.release();
  expect((await first.answer).text).toBe("begun done");
});

test("a join with another prompt is a ConflictError, and the run goes on", async () => {
  const gate = hold("done");
  fixture.answer("the prompt", { text: ["begun ", gate] });
  const session = await fixture.oc.createSession();
  const options = { messageId: "msg_two_prompts" };
  const first = session.ask("the prompt", options);
  await expect(session.ask("another prompt", options)).rejects.toMatchObject({ name: "ConflictError" });
  gate.release();
  expect((await first).text).toBe("begun done");
});

test("the prompt of a one-shot stream is joined by the ids in its start event", async () => {
  const gate = hold("done");
  fixture.answer("in a new session", { text: ["begun ", gate] });
  const stream = fixture.oc.askStream("in a new session");
  const first = new Reader(stream);
  await eventually("it has begun", () => first.text === "begun ");
  const start = first.events.find((event) => event.type === "start");
  const { sessionId, messageId } = start as Extract<AgentEvent, { type: "start" }>;
  const second = fixture.oc.session(sessionId).askStream("in a new session", { messageId });
  const reader = new Reader(second);
  await eventually("it has caught up", () => reader.text === "begun ");
  gate.release();
  expect((await second.answer).text).toBe("begun done");
  expect(fixture.model.calls("in a new session")).toBe(1);
});

test("a join waits for the parts of a stored prompt before it compares the prompts", async () => {
  const session = await fixture.oc.createSession();
  const options = { messageId: "msg_parts_come_later" };
  await session.ask("slowly stored", options);
  const { server, client } = fixture.oc;
  let early = 3;
  const tooEarly: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (!pathname.endsWith(`/message/${options.messageId}`) || early === 0) return response;
    early -= 1;
    return Response.json({ ...Object(await response.json()), parts: [] });
  };
  const given = { baseUrl: client.baseUrl, password: server?.password, directory: fixture.directory };
  await using other = await createOpencode({ ...given, fetch: tooEarly });
  await expect(other.session(session.id).ask("slowly stored", options)).resolves.toMatchObject({
    text: "echo: slowly stored",
  });
  expect(early).toBe(0);
  early = 1;
  await expect(other.session(session.id).ask("another", options)).rejects.toThrow(/stored with another prompt/);
});
