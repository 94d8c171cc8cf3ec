/** `--keep`, `stop` and `status`: calls of the command that share a server and a conversation. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { findConversation, keepServer, listKept } from "../../src/kept.js";
import { hold, toolCall } from "../../src/testing/index.js";
import { type CliInput, type CliResult, type CliRun, finished, startCli } from "../support/cli.js";
import { type DaemonFixture, keptFixture } from "../support/daemon-fixture.js";
import { fakeAgent } from "../support/fake-agent.js";
import { eventually } from "../support/fixture.js";
import { isAlive } from "../support/processes.js";

let fixture: DaemonFixture;
beforeAll(async () => {
  fixture = await keptFixture();
});
afterAll(() => fixture.close());
// The server stays from test to test, as it is meant to; each test begins a conversation.
afterEach(async () => {
  const conversation = await findConversation({ directory: fixture.directory });
  await conversation?.reset();
  await conversation?.close();
});

function start(args: readonly string[], input: CliInput = "none"): CliRun {
  return startCli(args, fixture.env, input);
}
const cli = (...args: string[]): Promise<CliResult> => finished(start(["-d", fixture.directory, ...args]));
const lastMessages = (): string => JSON.stringify(fixture.model.requests.at(-1)?.messages);

test("a second call with --keep reuses the server and continues the conversation", async () => {
  expect(await cli("--keep", "my name is Ahab")).toEqual({ code: 0, stdout: "echo: my name is Ahab\n", stderr: "" });
  const [first] = await listKept();
  expect(await cli("-k", "who am I, again?")).toEqual({ code: 0, stdout: "echo: who am I, again?\n", stderr: "" });
  expect(lastMessages()).toContain("my name is Ahab");
  // By way of the whole parser, too, from a pipe, and with the words below a flag that the fast path does not know.
  expect((await finished(start(["-k", "-d", fixture.directory, "--json", "-"], { text: "in a pipe" }))).code).toBe(0);
  expect(lastMessages()).toContain("my name is Ahab");
  expect((await listKept()).map(({ server }) => [server?.pid, server?.sessionId])).toEqual([
    [first?.server?.pid, first?.server?.sessionId],
  ]);
});

test("two concurrent calls with --keep share a server; the second call waits and prints that", async () => {
  const rest = hold("rest");
  fixture.answer("the first one", { text: ["begun ", rest] });
  const first = start(["--keep", "-d", fixture.directory, "the first one"]);
  await eventually("the first has begun", () => first.stdout !== "");
  const second = start(["--keep", "-d", fixture.directory, "the second one"]);
  await eventually("the second waits", () => second.stderr.includes("waiting for another call"));
  expect(fixture.model.calls("the second one")).toBe(0);
  rest.release();
  expect(await finished(first)).toMatchObject({ code: 0, stdout: "begun rest\n" });
  expect(await finished(second)).toMatchObject({ code: 0, stdout: "echo: the second one\n" });
  expect(lastMessages()).toContain("the first one");
});

test("Ctrl-C ends the run of a --keep call, and the server and its conversation stay", async () => {
  fixture.answer("without an end", { text: "begun", end: "hang" });
  await cli("--keep", "before that");
  const run = start(["--keep", "-d", fixture.directory, "without an end"]);
  await eventually("the run has begun", () => run.stdout === "begun");
  run.child.kill("SIGINT");
  expect(await finished(run)).toEqual({ code: 130, stdout: "begun\n", stderr: "" });
  expect((await cli("--keep", "after that")).code).toBe(0);
  expect(lastMessages()).toContain("before that");
});

test("--auto-tools refuses bash for one --keep call, and the next call without --auto-tools may run bash", async () => {
  const bash = toolCall("bash", { command: "touch forbidden.txt", description: "touch" });
  fixture.answer("touch it, please", bash, "done");
  await cli("--keep", "begin freely, please");
  const { code, stderr } = await cli("--keep", "--auto-tools", "touch it, please");
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("refused: bash touch forbidden.txt") });
  expect(readdirSync(fixture.directory)).not.toContain("forbidden.txt");
  await cli("--keep", "touch it, please");
  expect(readdirSync(fixture.directory)).toContain("forbidden.txt");
});

test("--keep --fork asks in a copy of the conversation, and the conversation stays unchanged", async () => {
  await cli("--keep", "in the beginning");
  const forked = JSON.parse((await cli("--keep", "--fork", "--json", "in the copy only")).stdout);
  expect(lastMessages()).toContain("in the beginning");
  const again = JSON.parse((await cli("--keep", "--json", "in the conversation")).stdout);
  expect(again.sessionId).not.toBe(forked.sessionId);
  expect(lastMessages()).not.toContain("in the copy only");
});

test("status shows the daemon, sessions list uses the daemon, and stop ends the daemon", async () => {
  await cli("--keep", "hello there");
  const [kept] = await listKept();
  const sessions = JSON.parse((await cli("sessions", "list", "--json")).stdout);
  const { sessionId } = kept?.server ?? {};
  expect(sessions).toContainEqual(expect.objectContaining({ id: sessionId, title: "hello there" }));
  const listed = await cli("status", "--json");
  expect(JSON.parse(listed.stdout)).toMatchObject([{ state: "running", server: { directory: fixture.directory } }]);
  expect((await cli("status")).stdout).toContain(`running  ${fixture.directory}  process ${kept?.server?.pid}`);
  expect((await cli("stop")).stderr).toBe(`opencode-ts: stopped the server of ${fixture.directory}\n`);
  expect(isAlive(kept?.server?.pid ?? 0)).toBe(false);
  expect((await cli("stop")).stderr).toContain("no server is kept");
  expect((await cli("status")).stderr).toContain("no server is kept");
});

test("the supervisor deletes the entry of a killed server", async () => {
  // A fake agent: what cleans up is the supervisor, and no turn is needed for it.
  const { path: binary } = await fakeAgent(join(fixture.home, "fake"));
  await keepServer({ directory: fixture.directory, binary });
  const [kept] = await listKept();
  process.kill(kept?.server?.pid ?? 0, "SIGKILL");
  await eventually("the supervisor has cleaned up", () => !existsSync(kept?.entry ?? ""));
  expect((await cli("stop", "--all")).stderr).toContain("no server is kept");
});
