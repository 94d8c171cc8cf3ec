/** The output of a running command on the real agent, and the events of sub-agents in the parent's stream. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentEvent, type AnswerStream, createOpencode, type Opencode } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";
import { startTcpProxy } from "../support/tcp-proxy.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

type Progress = Extract<AgentEvent, { type: "tool-progress" }>;

/** The command writes a line, and waits for a file that comes with the first piece of its output. */
const gated = (gate: string): string =>
  `echo begun; while [ ! -e ${gate} ]; do sleep 0.05; done; echo ended; rm ${gate}`;
const bash = (command: string) => toolCall("bash", { command, description: "d" });

/** Reads all events. `gate` is made when a piece has come. */
async function readAll(stream: AnswerStream<undefined>, gate: string): Promise<AgentEvent[]> {
  const path = join(fixture.directory, gate);
  const events: AgentEvent[] = [];
  for await (const event of stream.events) {
    events.push(event);
    const inner = event.type === "subagent" ? event.event : event;
    if (inner?.type === "tool-progress" && inner.text.includes("begun")) await writeFile(path, "");
  }
  await rm(path, { force: true });
  return events;
}

const isProgress = (event: AgentEvent | undefined): event is Progress => event?.type === "tool-progress";

test("the output of a command comes while it runs, in order and equal to the result", async () => {
  fixture.answer("builds", bash(gated("go-1")), "done");
  const stream = fixture.oc.askStream("builds");
  const events = await readAll(stream, "go-1");
  const { toolCalls } = await stream.answer;
  const types = events.map(({ type }) => type).filter((type) => type.startsWith("tool-"));
  expect([types[0], types.at(-1)]).toEqual(["tool-call", "tool-result"]);
  const pieces = events.filter(isProgress);
  expect(pieces.length).toBeGreaterThanOrEqual(2);
  expect(pieces.map(({ text }) => text).join("")).toBe("begun\nended\n");
  expect(toolCalls[0]?.output).toBe("begun\nended\n");
  expect(pieces.at(-1)).toMatchObject({ tool: "bash", callId: toolCalls[0]?.id, total: 12 });
  expect(pieces.every(({ raw }) => raw === undefined)).toBe(true);
});

test("the output of a command comes whole by reads alone, when no events are heard", async () => {
  const { server } = fixture.oc;
  await using proxy = await startTcpProxy(server?.url ?? "");
  proxy.block(/^GET \/event/);
  const options = { baseUrl: proxy.url, password: server?.password, directory: fixture.directory };
  await using oc: Opencode = await createOpencode(options);
  fixture.answer("builds unheard", bash(gated("go-2")), "done");
  const stream = oc.askStream("builds unheard");
  const pieces = (await readAll(stream, "go-2")).filter(isProgress);
  expect(pieces.map(({ text }) => text).join("")).toBe("begun\nended\n");
  expect((await stream.answer).text).toBe("done");
});

test("an output longer than the server keeps comes whole while its events are heard", async () => {
  fixture.answer("writes much", bash("for i in $(seq 1 60); do printf '%01000d\\n' $i; sleep 0.01; done"), "done");
  const stream = fixture.oc.askStream("writes much");
  const pieces = (await readAll(stream, "none")).filter(isProgress);
  await stream.answer;
  const whole = Array.from({ length: 60 }, (_, index) => `${String(index + 1).padStart(1_000, "0")}\n`).join("");
  const text = pieces.map((piece) => piece.text).join("");
  // A busy server may skip states: then the total is more than the pieces.
  expect(whole.endsWith(pieces.at(-1)?.text ?? "none")).toBe(true);
  if (pieces.at(-1)?.total === text.length) expect(text).toBe(whole);
  else expect(pieces.at(-1)?.total).toBeGreaterThan(text.length);
});

test("the steps and the live output of a sub-agent are events of the parent, with their chain", async () => {
  fixture.answer(
    "delegates",
    toolCall("task", { description: "d", prompt: "child", subagent_type: "general" }),
    "done",
  );
  fixture.answer("child", bash(gated("go-3")), "child is done");
  const stream = fixture.oc.askStream("delegates");
  const events = await readAll(stream, "go-3");
  const { sessionId } = await stream.answer;
  const inner = events.filter((event) => event.type === "subagent");
  const chain = [sessionId, inner[0]?.sessionId];
  expect(inner.length).toBeGreaterThan(3);
  for (const event of inner) expect(event.chain).toEqual(chain);
  const told = inner.flatMap(({ event }) => event ?? []);
  for (const event of told) expect(event.chain).toEqual(chain);
  expect(
    told
      .filter(isProgress)
      .map(({ text }) => text)
      .join(""),
  ).toBe("begun\nended\n");
  expect(told.map(({ type }) => type)).toEqual(expect.arrayContaining(["step-start", "tool-call", "step-finish"]));
  expect(events.filter(({ type, chain: own }) => type === "step-start" && own !== undefined)).toEqual([]);
});
