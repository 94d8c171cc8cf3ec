/** A server that outlives its starter: found again, shared, ended. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ConfigError, createOpencode, createOpencodeServer } from "../../src/index.js";
import {
  findConversation,
  findKept,
  keepServer,
  keptStatus,
  listKept,
  openConversation,
  stopAllKept,
  stopKept,
} from "../../src/kept.js";
import { scriptLoader } from "../../src/process/detached-shell.js";
import { supervisorName } from "../../src/process/process-tree.js";
import { toolCall } from "../../src/testing/index.js";
import { numberProperty, stringProperty } from "../../src/util/json.js";
import { type DaemonFixture, keptFixture, keptFolderOf } from "../support/daemon-fixture.js";
import { fakeAgent } from "../support/fake-agent.js";
import { temporaryFolder } from "../support/fixture.js";
import { isAlive, type RunningProgram, runProgram, waitUntil } from "../support/processes.js";
import { scaled } from "../support/slowness.js";

let fixture: DaemonFixture;
const folders: string[] = [];
beforeAll(async () => {
  fixture = await keptFixture();
});
afterAll(async () => {
  await fixture.close();
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** What a test that failed has left must not be found by the next one. */
async function stopAll(): Promise<void> {
  await stopAllKept();
}

async function newFolder(): Promise<string> {
  const folder = await temporaryFolder();
  folders.push(folder);
  return folder;
}

/** A program of `support/programs`, in the environment of the fixture. */
function program(name: string, args: readonly string[]): RunningProgram {
  const path = new URL(`../support/programs/${name}.ts`, import.meta.url);
  return runProgram(path, args, { ...process.env, ...fixture.env });
}

/** Another process that asks in the conversation. */
async function asker(
  prompt: string,
  directory = fixture.directory,
): Promise<{ text: string; sessionId: string; pid: number }> {
  const asking = program("daemon-asker", [directory, prompt]);
  const report = await asking.report;
  expect(await asking.exit, asking.output()).toMatchObject({ exitCode: 0 });
  const text = stringProperty(report, "text") ?? "";
  return { text, sessionId: stringProperty(report, "sessionId") ?? "", pid: numberProperty(report, "pid") ?? 0 };
}

function entryFile(): string {
  const [name = ""] = readdirSync(keptFolderOf(fixture)).filter((folder) =>
    existsSync(join(keptFolderOf(fixture), folder, "server.json")),
  );
  return join(keptFolderOf(fixture), name, "server.json");
}
const entry = (): Record<string, unknown> => JSON.parse(readFileSync(entryFile(), "utf8"));
const supervisorPid = (): number => numberProperty(entry()["supervisor"], "pid") ?? 0;

/** A fake agent in a directory of its own: for what needs no model. */
async function fake(serve = "serve();"): Promise<{ binary: string; directory: string }> {
  const directory = await newFolder();
  return { binary: (await fakeAgent(join(await newFolder(), "agent"), { serve })).path, directory };
}

// One real server for the tests that need a model, whose last one ends it: its start is what costs most here.
describe("a daemon", () => {
  afterAll(stopAll);

  test("processes that start at the same time share one daemon, and their turns run one after the other", async () => {
    const seen: string[] = [];
    const reply = (name: string) => () => {
      const text = (async function* () {
        seen.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 300)); // long enough to be overlapped
        seen.push(`${name} ends`);
        yield name;
      })();
      return { text };
    };
    for (const name of ["one", "two", "three"]) fixture.answer(name, reply(name));
    const all = await Promise.all(["one", "two", "three"].map((name) => asker(name)));
    expect(all.map(({ text }) => text)).toEqual(["one", "two", "three"]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    expect(new Set(all.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(isAlive(all[0]?.pid ?? 0)).toBe(true); // all who could have started it are gone
    const names = seen.map((line) => line.replace(/ .*/, ""));
    expect(names.filter((_, index) => index % 2 === 0)).toEqual(names.filter((_, index) => index % 2 === 1));
  });

  test("a daemon outlives its starter, and the next process continues the conversation", async () => {
    fixture.answer(
      "what did I say?",
      (request) => `so far: ${JSON.stringify(request.messages).includes("call me Ishmael")}`,
    );
    const first = await asker("call me Ishmael");
    expect(isAlive(first.pid)).toBe(true);
    const second = await asker("what did I say?");
    expect(second).toEqual({ text: "so far: true", sessionId: first.sessionId, pid: first.pid });
    // And this process, too.
    await using conversation = await openConversation({ directory: fixture.directory });
    expect(conversation.sessionId).toBe(first.sessionId);
    await conversation.reset();
    const third = await conversation.ask("what did I say?");
    expect([third.text, third.sessionId === first.sessionId]).toEqual(["so far: false", false]);
  });

  test("a conversation of a session with an agent has it in all turns, also when it is opened again", async () => {
    await using conversation = await openConversation({ directory: fixture.directory, session: { agent: "plan" } });
    await conversation.reset();
    await conversation.ask("one");
    await conversation.ask("two");
    await conversation.ask("three", { agent: "build" });
    await using later = await openConversation({ directory: fixture.directory });
    await later.ask("four");
    const agents = await later.use(async (session) =>
      (await session.messages()).flatMap(({ info }) => (info.role === "assistant" ? [info.mode] : [])),
    );
    expect(agents).toEqual(["plan", "plan", "build", "plan"]);
    await later.reset();
  });

  test("stopKept ends the daemon with its tools and files, and tells whether a daemon was there", async () => {
    fixture.answer("sleep", toolCall("bash", { command: "sleep 321 & sleep 322", description: "wait" }), "done");
    const conversation = await openConversation({ directory: fixture.directory });
    const { pid } = conversation.server;
    const supervisor = supervisorPid();
    const stream = conversation.askStream("sleep");
    const tools = (): number[] =>
      readdirSync("/proc")
        .map(Number)
        .filter((id) => id > 0 && /^sleep 32[12]/.test(commandLine(id).replaceAll("\0", " ")));
    await waitUntil(() => tools().length === 2);
    expect(await stopKept({ directory: fixture.directory })).toBe(true);
    await expect(stream.answer).rejects.toThrow();
    await conversation.close();
    expect([pid, supervisor, ...tools()].filter(isAlive)).toEqual([]);
    expect(existsSync(join(fixture.home, "state", "opencode-ts", "servers", `${entryMark()}.json`))).toBe(false);
    expect([await findKept({ directory: fixture.directory }), await listKept()]).toEqual([undefined, []]);
    expect(await stopKept({ directory: fixture.directory })).toBe(false);
  });

  test("the watchdog and the sweep of another server, which is killed, leave the daemon running", async () => {
    const { binary, directory } = await fake();
    const kept = await keepServer({ directory, binary });
    const other = await createOpencodeServer({ directory, binary, logLevel: "off" });
    process.kill(other.pid, "SIGKILL");
    await other.close();
    expect(isAlive(kept.pid)).toBe(true);
    expect((await findKept({ directory }))?.pid).toBe(kept.pid);
    await stopKept({ directory });
  });
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return ""; // gone
  }
}
const entryMark = (): string => (existsSync(entryFile()) ? String(entry()["mark"]) : "none");

/** A fake agent that was kept and stopped, and where its entry was: that is the same every time. */
async function stopped(): Promise<{ binary: string; directory: string; path: string }> {
  const { binary, directory } = await fake();
  await keepServer({ directory, binary });
  const path = entryFile();
  await stopKept({ directory });
  return { binary, directory, path };
}

describe("the entry of a daemon", () => {
  let left: Awaited<ReturnType<typeof stopped>> | undefined;
  afterEach(stopAll);

  test("the daemon's entry is private to the user, and no output or command line shows the password", async () => {
    const { binary, directory } = await fake();
    const server = await keepServer({ directory, binary });
    const path = entryFile();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(server.password).toMatch(/^\w{33}$/);
    expect(inspect(server) + JSON.stringify(server) + JSON.stringify(await listKept())).not.toContain(server.password);
    expect(commandLine(server.pid) + commandLine(supervisorPid())).not.toContain(server.password);
    expect(commandLine(supervisorPid())).toContain(supervisorName);
    await stopKept({ directory });
  });

  test("the supervisor's command line is one short line with the server's pid, unlike a server's", async () => {
    const { binary, directory } = await fake();
    const server = await keepServer({ directory, binary });
    const command = commandLine(supervisorPid()).split("\0").slice(0, -1);
    expect(command).toEqual(["/bin/sh", "-c", scriptLoader, `opencode-ts supervisor of ${server.pid}`]);
    expect(command.join(" ")).toMatch(/^.{1,90}$/); // one line: `.` is no line break
    const counted = readdirSync("/proc").filter((pid) => commandLine(Number(pid)).includes(`${binary}\0serve`));
    expect(counted).toEqual([String(server.pid)]);
    const shells = readdirSync("/proc").filter((pid) => commandLine(Number(pid)).includes(supervisorName));
    expect(shells).toContain(String(supervisorPid()));
    await stopKept({ directory });
  });

  test("an entry that other users can read is not used, and a new server replaces the old one", async () => {
    vi.stubEnv("OPENCODE_LOG", "off");
    const { binary, directory } = await fake();
    const before = await keepServer({ directory, binary, idleTimeout: scaled(2_000) });
    await chmod(entryFile(), 0o644);
    expect(await findKept({ directory })).toBeUndefined();
    expect(await keptStatus({ directory })).toMatchObject({
      state: "unreadable",
      problem: expect.stringContaining("0600"),
    });
    const after = await keepServer({ directory, binary });
    expect(after.pid).not.toBe(before.pid);
    await waitUntil(() => !isAlive(before.pid));
    expect(isAlive(after.pid)).toBe(true);
    await stopKept({ directory });
  });

  test.each(["SIGKILL to the server", "SIGKILL to its supervisor", "SIGKILL to both"])(
    "a new daemon replaces the entry after %s",
    async (how) => {
      const { binary, directory } = await fake();
      const before = await keepServer({ directory, binary });
      const supervisor = supervisorPid();
      if (how !== "SIGKILL to the server") process.kill(supervisor, "SIGKILL");
      if (how !== "SIGKILL to its supervisor") process.kill(before.pid, "SIGKILL");
      await waitUntil(async () => (await findKept({ directory })) === undefined);
      const after = await keepServer({ directory, binary });
      expect([before.pid, supervisor].filter(isAlive)).toEqual([]);
      expect((await findKept({ directory }))?.pid).toBe(after.pid);
      await stopKept({ directory });
    },
  );

  test("an entry whose port another server has is stale, and the password is not sent to that server", async () => {
    const { binary, directory } = await fake();
    const before = await keepServer({ directory, binary });
    const text = readFileSync(entryFile(), "utf8");
    const path = entryFile();
    await stopKept({ directory });
    const heard: (string | undefined)[] = [];
    const foreign = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"healthy":true,"version":"1.18.33"}');
    });
    await new Promise<void>((resolve) => foreign.listen(Number(new URL(before.url).port), "127.0.0.1", resolve));
    writeFileSync(path, text, { mode: 0o600 });
    expect(await keptStatus({ directory })).toMatchObject({ state: "stale", problem: expect.stringContaining("gone") });
    // Also when a process of ours has got the numbers.
    const sleeper = spawn("sleep", ["300"], { stdio: "ignore" });
    const number = {
      pid: sleeper.pid,
      start: readFileSync(`/proc/${sleeper.pid}/stat`, "latin1").split(") ")[1]?.split(" ")[19],
    };
    writeFileSync(path, JSON.stringify({ ...JSON.parse(text), server: number, supervisor: number }), { mode: 0o600 });
    expect(await keptStatus({ directory })).toMatchObject({
      state: "stale",
      problem: expect.stringContaining("another"),
    });
    const after = await keepServer({ directory, binary });
    expect(after.url).not.toBe(before.url);
    expect([heard, isAlive(sleeper.pid ?? 0)]).toEqual([[], true]);
    sleeper.kill();
    foreign.close();
    await stopKept({ directory });
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "no JSON"],
    ["half of an entry", '{"form":1}'],
    ["an unknown form", '{"form":99}'],
    ["100,000 letters", "x".repeat(100_000)],
  ])("an entry that holds %s is replaced", async (_what, text) => {
    vi.stubEnv("OPENCODE_LOG", "off");
    left ??= await stopped();
    const { binary, directory, path } = left;
    writeFileSync(path, text, { mode: 0o600 });
    expect(await findKept({ directory })).toBeUndefined();
    expect((await keepServer({ directory, binary })).pid).toBeGreaterThan(0);
    await stopKept({ directory });
  });
});

describe("idle daemons", () => {
  afterEach(stopAll);

  test("an unused daemon ends after `idleTimeout`, and its entry and record are deleted", async () => {
    const { binary, directory } = await fake();
    const { pid } = await keepServer({ directory, binary, idleTimeout: scaled(1_000) });
    const [path, supervisor, { mark }] = [entryFile(), supervisorPid(), entry()];
    await waitUntil(() => ![pid, supervisor].some(isAlive));
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(fixture.home, "state", "opencode-ts", "servers", `${String(mark)}.json`))).toBe(false);
    expect(await findKept({ directory })).toBeUndefined();
  });

  test("a daemon stays while a turn runs longer than `idleTimeout`", async () => {
    const idleTimeout = scaled(1_000);
    const text = (async function* () {
      yield "slow ";
      await new Promise((resolve) => setTimeout(resolve, 4 * idleTimeout));
      yield "answer";
    })();
    fixture.answer("take your time", { text });
    await using conversation = await openConversation({ directory: fixture.directory, idleTimeout });
    const { pid } = conversation.server;
    expect((await conversation.ask("take your time")).text).toBe("slow answer");
    await waitUntil(() => !isAlive(pid));
  });

  describe("uses of a daemon", () => {
    /** An answer that takes longer than the idle time, once it has begun and `released` says that nobody holds the server. */
    const slow = (time: number, { released = Promise.resolve(), onBegin = () => {}, onEnd = () => {} } = {}) => ({
      text: (async function* () {
        yield "slow ";
        onBegin();
        await released;
        await new Promise((resolve) => setTimeout(resolve, time));
        onEnd();
        yield "answer";
      })(),
    });

    /** An open connection: another process may take longer to start than the server is kept. */
    async function held(url: string): Promise<Socket> {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      await new Promise((resolve) => socket.once("connect", resolve));
      return socket;
    }

    test("a turn of the conversation's client keeps the daemon running", async () => {
      const idleTimeout = scaled(1_000);
      fixture.answer("by the client", () => slow(2 * idleTimeout));
      await using conversation = await openConversation({ directory: fixture.directory, idleTimeout });
      expect((await conversation.opencode.ask("by the client")).text).toBe("slow answer");
      await stopKept({ directory: fixture.directory });
    });

    test("a turn of another process that has only the address keeps the daemon running", async () => {
      const idleTimeout = scaled(1_000);
      const { url, password } = await keepServer({ directory: fixture.directory, idleTimeout });
      const socket = await held(url);
      fixture.answer("by the address", () => slow(2 * idleTimeout, { onBegin: () => socket.destroy() }));
      const user = program("daemon-user", [url, password, fixture.directory, "by the address"]);
      expect(await user.report, user.output()).toMatchObject({ text: "slow answer" });
      await user.exit;
      await stopKept({ directory: fixture.directory });
    });

    test("a run whose caller has left keeps the daemon running, also in another directory", async () => {
      const idleTimeout = scaled(1_000);
      const ends: string[] = [];
      const other = await newFolder();
      const { url, password, pid } = await keepServer({ directory: fixture.directory, idleTimeout });
      const socket = await held(url);
      const released = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      for (const [directory, prompt, times] of [
        [fixture.directory, "left here", 2],
        [other, "left there", 4],
      ] as const) {
        fixture.answer(prompt, () => slow(times * idleTimeout, { released, onEnd: () => ends.push(prompt) }));
        const user = program("daemon-user", [url, password, directory, prompt, "leave"]);
        expect(await user.exit, user.output()).toMatchObject({ exitCode: 0 });
      }
      socket.destroy();
      await waitUntil(() => ends.length === 2); // a run whose server ends never comes to this
      await waitUntil(() => !isAlive(pid));
    });

    test("an open connection keeps the daemon running, and the daemon ends after the connection", async () => {
      const { binary, directory } = await fake();
      const idleTimeout = scaled(500);
      const { pid, url } = await keepServer({ directory, binary, idleTimeout });
      const socket = await held(url);
      await new Promise((resolve) => setTimeout(resolve, 2 * idleTimeout));
      expect(isAlive(pid)).toBe(true);
      socket.destroy();
      await waitUntil(() => !isAlive(pid));
    });
  });

  test("a connected client of an ended daemon gets a ServerExitedError with a hint at `idleTimeout`", async () => {
    const idleTimeout = scaled(500);
    const { binary, directory } = await fake();
    const { url, password, pid } = await keepServer({ directory, binary, idleTimeout });
    await using opencode = await createOpencode({ baseUrl: url, password, directory });
    await using conversation = await openConversation({ directory });
    await waitUntil(() => !isAlive(pid));
    const told = { name: "ServerExitedError", message: expect.stringMatching(/not used for \d+ ms/) };
    const hint = expect.stringContaining("idleTimeout");
    await waitUntil(async () => (await opencode.health().catch(({ name }) => name)) === "ServerExitedError");
    for (const use of [opencode, conversation.opencode]) {
      await waitUntil(async () => (await use.health().catch(({ name }) => name)) === "ServerExitedError");
      await expect(use.ask("Anybody there?")).rejects.toMatchObject({ ...told, hint });
      await expect(use.client.GET("/agent")).rejects.toMatchObject({ ...told, hint });
    }
  });

  test("a client that connects to an ended daemon gets a ServerExitedError with a hint at `idleTimeout`", async () => {
    const { binary, directory } = await fake();
    const { url, password, pid } = await keepServer({ directory, binary, idleTimeout: scaled(500) });
    await waitUntil(() => !isAlive(pid));
    await waitUntil(async () => (await keptStatus({ directory })) === undefined);
    const late = createOpencode({ baseUrl: url, password, directory });
    await expect(late).rejects.toMatchObject({
      name: "ServerExitedError",
      hint: expect.stringContaining("idleTimeout"),
    });
    await expect(late).rejects.toThrow("it was not used for its idle time");
  });

  test("a turn on a daemon that was stopped fails with that reason", async () => {
    const begun = new Promise<void>((resolve) => {
      fixture.answer("stop me", () => ({
        text: (async function* () {
          resolve();
          yield "slow ";
          await new Promise((later) => setTimeout(later, scaled(60_000)).unref());
        })(),
      }));
    });
    const { url, password } = await keepServer({ directory: fixture.directory });
    await using opencode = await createOpencode({ baseUrl: url, password, directory: fixture.directory });
    const asked = opencode.ask("stop me");
    const failed = expect(asked).rejects.toThrow();
    await begun;
    await stopKept({ directory: fixture.directory });
    await failed;
    await waitUntil(async () => (await opencode.health().catch(({ name }) => name)) === "ServerExitedError");
    await expect(opencode.ask("again")).rejects.toThrow("it was stopped");
  });

  test("an aborted keepServer leaves no server and no entry", async () => {
    const { binary, directory } = await fake("setTimeout(() => serve(), 600_000);");
    const stop = new AbortController();
    const starting = keepServer({ directory, binary, signal: stop.signal }).catch((error: unknown) => error);
    const servers = (): number[] =>
      readdirSync("/proc")
        .map(Number)
        .filter((pid) => pid > 0 && commandLine(pid).includes(binary));
    await waitUntil(() => servers().length > 0);
    stop.abort();
    expect(await starting).toBeInstanceOf(Error);
    await waitUntil(() => servers().length === 0);
    expect(await keptStatus({ directory })).toBeUndefined();
  });
});

describe("options of keepServer", () => {
  afterEach(stopAll);

  test("keepServer without a `config` finds the running daemon, and another `config` is a ConfigError", async () => {
    const { binary, directory } = await fake();
    const server = await keepServer({ directory, binary });
    await expect(keepServer({ directory, binary, config: { share: "disabled" } })).rejects.toThrow(ConfigError);
    await expect(keepServer({ directory, port: Number(new URL(server.url).port) })).resolves.toMatchObject({
      pid: server.pid,
    });
    expect((await keepServer({ directory })).pid).toBe(server.pid);
    const clean = await keepServer({ directory, binary, isolation: "clean" });
    expect(clean.pid).not.toBe(server.pid);
    expect((await listKept()).map(({ state }) => state)).toEqual(["running", "running"]);
    await Promise.all([stopKept({ directory }), stopKept({ directory, isolation: "clean" })]);
  });

  test("a wrong option of keepServer is an error before a server is started", async () => {
    const { binary, directory } = await fake();
    await expect(keepServer({ directory, binary, idleTimeout: 1 })).rejects.toThrow("idleTimeout");
    await expect(keepServer({ directory: "/does/not/exist" })).rejects.toThrow("/does/not/exist");
    expect(await findConversation({ directory })).toBeUndefined();
    expect(await listKept()).toEqual([]);
  });
});
