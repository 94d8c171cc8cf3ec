/** A server that ends by itself: what its owner hears of it, and how it comes back with `restart`. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Config, createOpencode, ServerExitedError } from "../../src/index.js";
import { resolveServerOptions } from "../../src/server/options.js";
import { RestartLimit } from "../../src/server/restart.js";
import { createOpencodeServer } from "../../src/server/server.js";
import { createScriptedModel, toolCall } from "../../src/testing/index.js";
import type { ServerOptions } from "../../src/types/options.js";
import type { OpencodeServer } from "../../src/types/server.js";
import { type FakeAgent, fakeAgent } from "../support/fake-agent.js";
import { createLookupModel, hermetic, temporaryFolder } from "../support/fixture.js";
import { isAlive, waitUntil } from "../support/processes.js";
import { scaled } from "../support/slowness.js";

let folder: string;
let lines: string[];
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
  lines = [];
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const log = (text: string): void => void lines.push(text);
const logger = { debug: () => {}, info: () => {}, warn: log, error: log };
const at = (name: string): string => join(folder, name);
const starts = async (agent: FakeAgent): Promise<number> =>
  (await agent.calls()).filter(([name]) => name === "serve").length;

async function start(
  serve: string,
  options: ServerOptions = {},
): Promise<{ server: OpencodeServer; agent: FakeAgent }> {
  const agent = await fakeAgent(at("agent"), { serve });
  const server = await createOpencodeServer({
    binary: agent.path,
    directory: folder,
    logger,
    restart: true,
    ...options,
  });
  ends.push(() => server.close());
  return { server, agent };
}

const health = async ({ url, username, password }: OpencodeServer): Promise<number> => {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return (await fetch(`${url}/global/health`, { headers: { authorization } })).status;
};

/** The model's price in USD: 100 for a million tokens of input, 1,000 of output. */
function withPrice(config: Config): Config {
  const [name = "", provider = {}] = Object.entries(config.provider ?? {})[0] ?? [];
  const model = { ...provider.models?.["model"], cost: { input: 100, output: 1_000 } };
  return { ...config, provider: { [name]: { ...provider, models: { model } } } };
}

/** Ends when the test writes the file `go`, and prints some last words. */
const endsOnGo = `setInterval(() => { if (fs.existsSync("go")) { fs.rmSync("go"); console.error("last words"); process.exit(9); } }, 10);`;

describe("a server of the real agent that is killed", () => {
  it("a killed server restarts with its data and address, and its running tools have ended", async () => {
    const { model, answer } = await createLookupModel();
    ends.push(() => model.close());
    answer("run the tool", toolCall("bash", { command: "echo $$ > tool; sleep 300", description: "wait" }), "done");
    const oc = await createOpencode({ ...hermetic(model, folder), restart: true, logger });
    ends.push(() => oc.close());
    const { server } = oc;
    if (server === undefined) return expect.fail("there is no server");
    const { url, pid, home } = server;
    const session = await oc.createSession({ title: "before" });
    session.ask("run the tool").catch(() => {}); // how it goes on is another matter
    const tool = (): Promise<number> => readFile(at("tool"), "utf8").then(Number, () => 0);
    await waitUntil(async () => isAlive((await tool()) || 99_999_999));
    const before = await tool();
    process.kill(pid, "SIGKILL");
    await waitUntil(() => server.restarts === 1);
    expect(isAlive(before)).toBe(false);
    expect([server.url, server.home]).toEqual([url, home]);
    expect(server.pid).not.toBe(pid);
    expect(isAlive(server.pid)).toBe(true);
    expect(await health(server)).toBe(200);
    const { data } = await oc.client.GET("/session/{sessionID}", { params: { path: { sessionID: session.id } } });
    expect(data).toMatchObject({ id: session.id, title: "before" });
    const warning = `the opencode server (process ${pid}) ended unexpectedly: SIGKILL; it is started again`;
    expect(lines.filter((line) => line.includes("ended unexpectedly"))).toEqual([warning]);
    await oc.close();
    expect(await server.exited).toEqual({ exitCode: null, signal: "SIGTERM" });
    expect([isAlive(server.pid), existsSync(home?.root ?? "")]).toEqual([false, false]);
  });

  it("an answer after a kill counts the ended steps, marks its cost unknown, and the diff has all files", async () => {
    execFileSync("git", ["init", "--quiet"], { cwd: folder });
    const usage = { input: 1_000, output: 100 };
    const writes = (name: string): string => `echo ${name} > ${name}`;
    const bash = (command: string, parts = {}) => toolCall("bash", { command, description: "write" }, parts);
    const script = [
      bash(writes("a"), { usage }),
      bash(`${writes("b")}; sleep 300`),
      bash(writes("c"), { usage }),
      { text: "done", usage },
    ];
    let calls = 0;
    const model = await createScriptedModel(({ lastUserText }) =>
      lastUserText === "go" ? (script[calls++] ?? expect.fail("a fifth call")) : "a title",
    );
    ends.push(() => model.close());
    const options = hermetic(model, folder);
    const oc = await createOpencode({ ...options, config: withPrice(model.config), restart: true, logger });
    ends.push(() => oc.close());
    const session = await oc.createSession({ title: "cut" });
    const asking = session.ask("go");
    asking.catch(() => {}); // awaited below
    await waitUntil(() => existsSync(at("b")));
    process.kill(oc.server?.pid ?? expect.fail("no server"), "SIGKILL");
    const answer = await asking;
    expect(answer).toMatchObject({
      text: "done",
      interruptions: 1,
      usage: { input: 3_000, output: 300 },
      costKnown: false,
    });
    expect(answer.cost).toBeCloseTo(0.6, 6);
    expect(await session.usage()).toMatchObject({ input: 3_000, costKnown: false });
    const files = (await session.diff({ messageId: answer.messageId })).map(({ file }) => file);
    expect(files.sort()).toEqual(["a", "b", "c"]);
  });

  it("an open turn without `restart` rejects with the signal and the output of the killed server", async () => {
    const { model, answer } = await createLookupModel();
    ends.push(() => model.close());
    answer("never ends", { text: ["x"], end: "hang" });
    const oc = await createOpencode({ ...hermetic(model, folder), logger });
    ends.push(() => oc.close());
    const stream = oc.askStream("never ends");
    await stream[Symbol.asyncIterator]().next();
    process.kill(oc.server?.pid ?? 99_999_999, "SIGKILL");
    const error = await stream.answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServerExitedError);
    expect(error).toMatchObject({ exitCode: null, signal: "SIGKILL", tail: expect.stringContaining("listening on") });
    expect(oc.server?.restarts).toBe(0);
  });
});

describe("a server that ends by itself", () => {
  it("a server without `restart` has all its output when `exited` resolves, and stays ended", async () => {
    const flood = `const waiting = setInterval(() => { if (fs.existsSync("go")) { clearInterval(waiting); process.stdout.write("x".repeat(60_000) + "\\nthe very last line", () => process.exit(3)); } }, 10);`;
    const { server, agent } = await start(`serve(); ${flood}`, { restart: false });
    await writeFile(at("go"), "");
    expect(await server.exited).toEqual({ exitCode: 3, signal: null });
    expect(server.outputTail().endsWith("the very last line")).toBe(true);
    await server.close();
    expect([await starts(agent), server.restarts]).toEqual([1, 0]);
  });

  it("a server whose descendant keeps its output open has its unfinished last line when `exited` resolves", async () => {
    const descendant = `require("node:child_process").spawn("sleep", ["600"], { detached: true, stdio: "inherit" });`;
    const last = `const waiting = setInterval(() => { if (fs.existsSync("go")) { clearInterval(waiting); process.stdout.write("the very last line", () => process.exit(3)); } }, 10);`;
    const { server } = await start(`serve(); ${descendant} ${last}`, { restart: false });
    await writeFile(at("go"), "");
    expect(await server.exited).toEqual({ exitCode: 3, signal: null });
    expect(server.outputTail().endsWith("the very last line")).toBe(true);
  });

  it("a server restarts with the same port, password and environment up to the limit of restarts", async () => {
    const { server, agent } = await start(
      `fs.appendFileSync("seen", JSON.stringify([process.env.OPENCODE_SERVER_PASSWORD, process.env.GIVEN, port]) + "\\n"); serve(); ${endsOnGo}`,
      { env: { GIVEN: "1" }, isolation: "clean" },
    );
    for (let restart = 1; restart <= 5; restart += 1) {
      await writeFile(at("go"), "");
      await waitUntil(() => server.restarts === restart);
      expect(await health(server)).toBe(200);
    }
    await writeFile(at("go"), "");
    expect(await server.exited).toEqual({ exitCode: 9, signal: null });
    expect(server.outputTail()).toContain("last words");
    await server.close();
    const seen = new Set((await readFile(at("seen"), "utf8")).trim().split("\n"));
    expect([...seen]).toEqual([JSON.stringify([server.password, "1", Number(new URL(server.url).port)])]);
    expect(await starts(agent)).toBe(6);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/ended unexpectedly: exit code 9; it is started again$/);
    expect(lines[5]).toMatch(/ended unexpectedly: exit code 9; that was too often to start it again$/);
    expect(existsSync(server.home?.root ?? "")).toBe(false);
  });

  it("a server whose restart fails is given up, and `exited` has the exit of its last process", async () => {
    const { server, agent } = await start(`if (starts > 1) process.exit(4); serve(); ${endsOnGo}`);
    await writeFile(at("go"), "");
    expect(await server.exited).toEqual({ exitCode: 4, signal: null });
    await server.close();
    expect([await starts(agent), server.restarts]).toEqual([6, 0]);
    expect(lines[1]).toContain("could not be started again");
  });

  it("a restart waits for its port while another process has the port", async () => {
    const { server, squatter, agent } = await startAndTakePort({});
    await new Promise((resolve) => squatter.close(resolve));
    await waitUntil(() => server.restarts === 1);
    expect(await health(server)).toBe(200);
    expect(await starts(agent)).toBe(2);
  });

  it("a restart is given up when its port stays taken for the time of a start", async () => {
    const { server, squatter, agent } = await startAndTakePort({ serverTimeout: scaled(4_000) });
    expect(await server.exited).toEqual({ exitCode: 9, signal: null });
    expect([await starts(agent), server.restarts]).toEqual([1, 0]);
    expect(lines[1]).toContain("is in use by another process");
    squatter.close();
  });

  it("close() during a restart ends the server and removes its home", async () => {
    const { server } = await start(
      `fs.writeFileSync("pid" + starts, String(process.pid)); if (starts === 1) serve(); else setInterval(() => {}, 1000); ${endsOnGo}`,
      { isolation: "clean" },
    );
    await writeFile(at("go"), "");
    const second = (): Promise<number> => readFile(at("pid2"), "utf8").then(Number, () => 0);
    await waitUntil(async () => (await second()) > 0);
    await server.close();
    await server.exited;
    expect([isAlive(await second()), existsSync(server.home?.root ?? ""), server.restarts]).toEqual([false, false, 0]);
  });

  it("a server that is being closed does not restart", async () => {
    const { server, agent } = await start(`serve(); ${endsOnGo}`);
    process.kill(server.pid, "SIGKILL");
    await server.close();
    expect(await server.exited).toMatchObject({ exitCode: null });
    expect(await starts(agent)).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(["agent", "agent.calls"]);
  });

  /** Its process lets go of the port, waits until the test has taken it, and ends. */
  async function startAndTakePort(
    options: ServerOptions,
  ): Promise<{ server: OpencodeServer; squatter: Server; agent: FakeAgent }> {
    const letsGo = `
      if (starts > 1) serve(); else {
        const server = require("node:http").createServer((request, response) => {
          response.writeHead(200, { "content-type": "application/json", connection: "close" });
          response.end(JSON.stringify({ healthy: true, version: "1.18.33" }));
        });
        server.listen(port, host, () => console.log("opencode server listening on http://" + host + ":" + port));
        const timer = setInterval(() => {
          if (!fs.existsSync("let go")) return;
          clearInterval(timer);
          server.close(() => {
            fs.writeFileSync("free", "");
            setInterval(() => { if (fs.existsSync("taken")) process.exit(9); }, 10);
          });
        }, 10);
      }`;
    const started = await start(letsGo, options);
    await writeFile(at("let go"), "");
    await waitUntil(() => existsSync(at("free")));
    const squatter = createServer();
    await new Promise<void>((resolve) => {
      squatter.listen(Number(new URL(started.server.url).port), "127.0.0.1", resolve);
    });
    ends.push(() => squatter.close());
    await writeFile(at("taken"), "");
    await waitUntil(() => lines.length > 0);
    return { ...started, squatter };
  }
});

describe("the option restart", () => {
  it("the `restart` option must be true or false", () => {
    const given: Record<string, unknown> = { restart: "always" };
    expect(() => resolveServerOptions(given)).toThrow(
      /Expected the `restart` option to be true or false, got `"always"` \(string\)/,
    );
    expect([resolveServerOptions({}).restart, resolveServerOptions({ restart: true }).restart]).toEqual([false, true]);
  });
});

describe("the limit of restarts", () => {
  it("the limit is five restarts within a minute, with pauses that double and shrink again", () => {
    const limit = new RestartLimit();
    expect([0, 1, 2, 3, 4, 5].map((second) => limit.next(second * 1_000))).toEqual([
      100,
      200,
      400,
      800,
      1_600,
      undefined,
    ]);
    expect(limit.next(61_500)).toBe(800); // two of them are longer ago than a minute
    expect(limit.next(200_000)).toBe(100);
  });
});
