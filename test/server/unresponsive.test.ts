/** A server that lives and does not respond is found out; one that is slow, and a machine or a process that stood, are not taken for it. */
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { AgentEvent, OpencodeOptions } from "../../src/index.js";
import { hold, toolCall } from "../../src/testing/index.js";
import { eventually, type Fixture, hermetic, startFixture, startOwnFixture } from "../support/fixture.js";
import { isAlive, runProgram } from "../support/processes.js";
import { scaled } from "../support/slowness.js";

let fixture: Fixture | undefined;
afterEach(async () => {
  const pid = fixture?.oc.server?.pid;
  if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGCONT");
  await fixture?.[Symbol.asyncDispose]();
  fixture = undefined;
});

/** Short, and yet nothing that a server at work on this machine needs. */
const short = () => scaled(3_000);

async function start(options: Partial<OpencodeOptions> = {}): Promise<{ fixture: Fixture; pid: () => number }> {
  const begun = await startOwnFixture({ unresponsiveTimeout: short(), ...options } as Partial<OpencodeOptions>);
  fixture = begun;
  return { fixture: begun, pid: () => begun.oc.server?.pid ?? 0 };
}

test("open turns of a stopped server reject, and a repeated prompt gets the answer of the same run", async () => {
  const { fixture, pid } = await start();
  const gate = hold("the end");
  fixture.answer("stuck", { text: ["begun ", gate] });
  const session = await fixture.oc.createSession();
  const options = { messageId: "msg_stuck" };
  const stream = session.askStream("stuck", options);
  expect(await stream[Symbol.asyncIterator]().next()).toMatchObject({ value: "begun " });
  process.kill(pid(), "SIGSTOP");
  const other = fixture.oc.ask("another");
  await expect(stream.answer).rejects.toMatchObject({
    name: "ServerUnresponsiveError",
    sessionId: session.id,
    message: expect.stringContaining(`(process ${pid()})`),
    silentFor: expect.any(Number),
  });
  await expect(other).rejects.toMatchObject({ name: "ServerUnresponsiveError" });
  process.kill(pid(), "SIGCONT");
  gate.release();
  expect((await session.ask("stuck", options)).text).toBe("begun the end");
  expect(fixture.model.calls("stuck")).toBe(1);
});

test("an unresponsive server with `restart` is replaced, and the turn goes on", async () => {
  const { fixture, pid } = await start({ restart: true });
  const before = pid();
  fixture.answer(
    "stuck in a tool",
    toolCall("bash", { command: "sleep 1234.5 & echo $!; wait", description: "d" }),
    "done",
  );
  const session = await fixture.oc.createSession();
  const stream = session.askStream("stuck in a tool");
  const events: AgentEvent[] = [];
  let isStopped = false;
  for await (const event of stream.events) {
    events.push(event);
    if (event.type !== "tool-call" || isStopped) continue;
    isStopped = true;
    process.kill(before, "SIGSTOP");
  }
  expect((await stream.answer).text).toBe("done");
  expect(fixture.oc.server).toMatchObject({ restarts: 1 });
  expect(pid()).not.toBe(before);
  expect(isAlive(before)).toBe(false);
});

test("a server that runs a tenth of the time is not given up", async () => {
  const { fixture, pid } = await start();
  let isOver = false;
  const slowed = (async () => {
    while (!isOver) {
      process.kill(pid(), "SIGSTOP");
      await delay(180);
      process.kill(pid(), "SIGCONT");
      await delay(20);
    }
  })();
  try {
    for (const prompt of ["one", "two"]) expect((await fixture.oc.ask(prompt)).text).toBe(`echo: ${prompt}`);
  } finally {
    isOver = true;
    await slowed;
  }
});

test.each([
  ["the process of the client is stopped for a while", false],
  ["the process of the client and the server are stopped, and the server continues later", true],
])("a turn gets its answer although %s", async (_what, isBoth) => {
  const shared = await startFixture(); // for its model: the program has a server of its own
  fixture = shared;
  const gate = hold("the end");
  shared.answer("stood", { text: ["begun ", gate] });
  const options = { ...hermetic(shared.model, shared.directory), unresponsiveTimeout: short() };
  const env = { ...process.env, ASKER_TASK: JSON.stringify({ options, messageId: "msg_stood", prompt: "stood" }) };
  const program = runProgram(new URL("../support/programs/asker.ts", import.meta.url), [], env);
  const { server } = (await program.report) as { server: number };
  await eventually("the model is asked", () => shared.model.calls("stood") === 1);
  if (isBoth) process.kill(server, "SIGSTOP");
  program.child.kill("SIGSTOP");
  await delay(2 * short());
  program.child.kill("SIGCONT");
  await delay(short() / 4);
  if (isBoth) process.kill(server, "SIGCONT");
  gate.release();
  await program.exit;
  expect(program.output()).toContain('answer {"text":"begun the end"');
});
