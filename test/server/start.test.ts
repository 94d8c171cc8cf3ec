import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  APIAbortError,
  ServerStartupError,
  ServerStartupTimeoutError,
  UnsupportedServerVersionError,
} from "../../src/errors/index.js";
import { createOpencodeServer } from "../../src/server/server.js";
import type { ServerOptions } from "../../src/types/options.js";
import type { OpencodeServer } from "../../src/types/server.js";
import { type FakeAgent, fakeAgent, printsVersion } from "../support/fake-agent.js";
import { isAlive, waitUntil } from "../support/processes.js";
import { scaled } from "../support/slowness.js";

let folder: string;
const open: OpencodeServer[] = [];
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-start-")));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function start(agent: FakeAgent, options: ServerOptions = {}): Promise<OpencodeServer> {
  const server = await createOpencodeServer({ binary: agent.path, directory: folder, logLevel: "error", ...options });
  open.push(server);
  return server;
}

async function failure(agent: FakeAgent, options: ServerOptions = {}): Promise<unknown> {
  return start(agent, options).then(
    (server) => expect.fail(`started on ${server.url}`),
    (error: unknown) => error,
  );
}

const agentThat = (serve: string): Promise<FakeAgent> => fakeAgent(join(folder, "agent"), { serve });
const starts = async (agent: FakeAgent): Promise<string[][]> =>
  (await agent.calls()).filter(([name]) => name === "serve");
/** Writes its process id where the test finds it. */
const leavesPid = 'fs.writeFileSync("pid", String(process.pid));';
const leftPid = async (): Promise<number> => Number(await readFile(join(folder, "pid"), "utf8"));

describe("a server that starts", () => {
  it("a server is ready after its banner and a good health response", async () => {
    const agent = await agentThat("serve();");
    const server = await start(agent);
    expect(server).toMatchObject({ version: "1.18.33", username: "opencode", binary: agent.path, directory: folder });
    expect(await starts(agent)).toEqual([["serve", "--port", new URL(server.url).port, "--hostname", "127.0.0.1"]]);
  });

  it("a server gets no request before its banner", async () => {
    // A request before the line would be counted, and never answered.
    const agent = await agentThat(`
      let early = 0;
      const server = require("node:http").createServer((request, response) => {
        if (!listening) { early += 1; return; }
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ healthy: true, version: "1.18." + early }));
      });
      let listening = false;
      server.listen(port, host, () => setTimeout(() => { listening = true; console.log("opencode server listening on http://x:1"); }, 700));
    `);
    expect((await start(agent)).version).toBe("1.18.0");
  });

  it("a start waits while the server reports that it is not healthy", async () => {
    const agent = await agentThat(`
      let asked = 0;
      serve({ health: { get healthy() { asked += 1; return asked > 3; }, version: "1.18.33" } });
    `);
    await start(agent);
  });

  it("a start recognizes the banner `server listening on` after other output", async () => {
    const agent = await agentThat(
      'console.log("Warning: x"); console.error("noise"); serve({ banner: "server listening on" });',
    );
    await start(agent);
  });

  it("a server that prints 6 MB runs on, and the end of its output is kept without the password", async () => {
    const agent = await agentThat(`
      const block = "x".repeat(1000) + "\\n";
      for (const stream of [process.stdout, process.stderr]) for (let i = 0; i < 3000; i += 1) stream.write(block);
      serve();
      setInterval(() => console.log("after all, " + process.env.OPENCODE_SERVER_PASSWORD), 100);
    `);
    const server = await start(agent);
    await waitUntil(() => server.outputTail().includes("after all, "));
    expect(server.outputTail()).not.toContain(server.password);
    expect(server.outputTail().length).toBeLessThanOrEqual(65_536);
  });

  it("a server runs in its directory and has an empty standard input", async () => {
    const agent = await agentThat(
      'fs.writeFileSync("seen.json", JSON.stringify({ cwd: process.cwd(), input: fs.readFileSync(0, "utf8") })); serve();',
    );
    await start(agent);
    expect(JSON.parse(await readFile(join(folder, "seen.json"), "utf8"))).toEqual({ cwd: folder, input: "" });
  });
});

describe("the repetition of a start", () => {
  it("a start is repeated on another port when its port was taken in the meantime", async () => {
    const agent = await agentThat(
      'if (starts < 3) { console.error("Error: Unexpected error\\n\\nServeError"); process.exit(1); } serve();',
    );
    const server = await start(agent);
    const ports = (await starts(agent)).map((args) => args[2]);
    expect(ports).toHaveLength(3);
    expect(server.url).toBe(`http://127.0.0.1:${ports[2]}`);
  });

  it("a start is repeated when another server holds the database", async () => {
    const agent = await agentThat(
      'if (starts < 2) { console.error("SQLiteError: database is locked"); process.exit(1); } serve();',
    );
    await start(agent);
    expect(await starts(agent)).toHaveLength(2);
  });

  it("a start is repeated when another server is creating the tables of the database", async () => {
    const agent = await agentThat(
      'if (starts < 2) { console.error("Error: Failed query: CREATE TABLE `session` (...)"); process.exit(1); } serve();',
    );
    await start(agent);
    expect(await starts(agent)).toHaveLength(2);
  });

  it("a start is repeated three times at most", async () => {
    const agent = await agentThat('console.error("SQLiteError: database is locked"); process.exit(1);');
    expect(await failure(agent)).toMatchObject({
      name: "ServerStartupError",
      tail: expect.stringContaining("database is locked"),
    });
    expect(await starts(agent)).toHaveLength(4);
  });

  it("a start is not repeated on a port that the caller has chosen", async () => {
    const agent = await agentThat('console.error("ServeError"); process.exit(1);');
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
      });
    });
    const error = await failure(agent, { port });
    expect(error).toMatchObject({
      message: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`),
      exitCode: 1,
    });
    expect(await starts(agent)).toHaveLength(1);
  });
});

describe("a failed start", () => {
  it("a start on a port in use fails before the agent runs", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const agent = await agentThat("serve();");
    const error = await failure(agent, { port });
    other.close();
    expect(error).toBeInstanceOf(ServerStartupError);
    expect(error).toMatchObject({ message: `Port ${port} on 127.0.0.1 is in use by another process.` });
    expect(await starts(agent)).toEqual([]);
  });

  it("a start on an address of another machine fails", async () => {
    const error = await failure(await agentThat("serve();"), { hostname: "192.0.2.1", password: "secret" });
    expect(error).toMatchObject({
      name: "ServerStartupError",
      message: expect.stringContaining("cannot listen on 192.0.2.1"),
    });
  });

  it("a start fails when the process ends, with its output but without the password", async () => {
    const agent = await agentThat(
      'console.error("no config: " + process.env.OPENCODE_SERVER_PASSWORD); process.exit(3);',
    );
    const error = await failure(agent, { password: "correct-horse-battery" });
    expect(error).toBeInstanceOf(ServerStartupError);
    expect(error).toMatchObject({ exitCode: 3, signal: null, tail: "no config: [redacted]" });
    expect(error).toMatchObject({ message: expect.stringMatching(/exit code 3.*no config/s) });
  });

  it("a start that an illegal instruction ends fails with a hint about the CPU", async () => {
    const agent = await agentThat('process.kill(process.pid, "SIGILL"); setInterval(() => {}, 1000);');
    expect(await failure(agent)).toMatchObject({ signal: "SIGILL", hint: expect.stringContaining("baseline") });
  });

  it("a start that is not ready in time fails and leaves no process", async () => {
    const agent = await agentThat(`${leavesPid} console.log("thinking"); setInterval(() => {}, 1000);`);
    const serverTimeout = scaled(500);
    const error = await failure(agent, { serverTimeout });
    expect(error).toBeInstanceOf(ServerStartupTimeoutError);
    const message = `showed no sign of life within ${serverTimeout} ms. It did not say that it listens`;
    expect(error).toMatchObject({ message: expect.stringContaining(message), tail: "thinking" });
    expect(error).toMatchObject({ message: expect.stringMatching(/It printed:\nthinking$/) });
    if (process.platform === "linux")
      expect(error).toMatchObject({ message: expect.stringMatching(/process \d+ was waiting, with \d+ ms of proc/) });
    expect(isAlive(await leftPid())).toBe(false);
  });

  it("a start fails in time when the binary does not report its version", async () => {
    const pid = JSON.stringify(join(folder, "pid"));
    const version = `fs.writeFileSync(${pid}, String(process.pid)); setInterval(() => {}, 1000);`;
    const agent = await fakeAgent(join(folder, "agent"), { version });
    const error = await failure(agent, { serverTimeout: scaled(500) });
    expect(error).toBeInstanceOf(ServerStartupTimeoutError);
    expect(error).toMatchObject({ message: expect.stringContaining("looked for and asked for its version") });
    expect(isAlive(await leftPid())).toBe(false);
  });

  it("a start fails in time when the server listens and never responds", async () => {
    const agent = await agentThat(`${leavesPid}
      require("node:net").createServer(() => {}).listen(port, host, () => console.log("opencode server listening on http://x:1"));`);
    const error = await failure(agent, { serverTimeout: scaled(500) });
    expect(error).toBeInstanceOf(ServerStartupTimeoutError);
    expect(error).toMatchObject({ message: expect.stringContaining("listens, but answered no health request") });
    expect(isAlive(await leftPid())).toBe(false);
  });

  it.each([
    [
      "the web page of 2.x",
      'serve({ banner: "server listening on", type: "text/html", health: "<title>OpenCode</title>" })',
      "2.x",
    ],
    ["the 401 of 2.x", 'serve({ banner: "server listening on", status: 401, type: "text/plain" })', "2.x"],
    ["a health of 3.x", 'serve({ health: { healthy: true, version: "3.0.1" } })', "3.0.1"],
  ])("a start with %s fails as an unsupported release and leaves no process", async (_case, serve, found) => {
    const error = await failure(await agentThat(leavesPid + serve));
    expect(error).toBeInstanceOf(UnsupportedServerVersionError);
    expect(error).toMatchObject({ found: expect.stringContaining(found), supported: ">=1.1.0 <3.0.0" });
    expect(isAlive(await leftPid())).toBe(false);
  });

  it("a start fails when the server refuses its password", async () => {
    const error = await failure(await agentThat("serve({ status: 401, type: 'text/plain' })"));
    expect(error).toMatchObject({
      name: "ServerStartupError",
      message: expect.stringContaining("refuses the password"),
    });
  });

  it("a start with a release out of range fails before the server runs", async () => {
    const agent = await fakeAgent(join(folder, "agent"), { version: printsVersion("3.0.1") });
    expect(await failure(agent)).toBeInstanceOf(UnsupportedServerVersionError);
    expect(await starts(agent)).toEqual([]);
  });

  it("a start with an inherited configuration that is no JSON fails without showing the text", async () => {
    vi.stubEnv("OPENCODE_CONFIG_CONTENT", '{"apiKey": "hunter2"');
    const error = await failure(await agentThat("serve();"));
    expect(error).toMatchObject({ name: "ConfigError", message: expect.not.stringContaining("hunter2") });
  });
});

describe("a start that is aborted", () => {
  it("a start with an aborted signal runs no process", async () => {
    const agent = await agentThat("serve();");
    const error = await failure(agent, { signal: AbortSignal.abort("never mind") });
    expect(error).toBeInstanceOf(APIAbortError);
    expect(error).toMatchObject({ cause: "never mind" });
    expect(await agent.calls()).toEqual([]);
  });

  it.each([
    ["", 0],
    ["and that ignores SIGTERM ", 1],
  ])("an agent whose start is aborted %sleaves no process and no home", async (_case, stubborn) => {
    const temporary = join(folder, "tmp");
    vi.stubEnv("TMPDIR", temporary);
    await mkdir(temporary);
    const ignoring = stubborn ? 'process.on("SIGTERM", () => {});' : "";
    const agent = await agentThat(`${ignoring} ${leavesPid} setInterval(() => {}, 1000);`);
    const controller = new AbortController();
    const failed = failure(agent, { signal: controller.signal, isolation: "clean" });
    await waitUntil(() => leftPid().then(isAlive, () => false));
    expect(await readdir(temporary)).toHaveLength(1);
    controller.abort(new Error("enough"));
    expect(await failed).toMatchObject({ name: "APIAbortError", cause: { message: "enough" } });
    expect(isAlive(await leftPid())).toBe(false);
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe("a server that is closed", () => {
  it("close() requests /global/dispose with the login and then sends SIGTERM", async () => {
    const agent = await agentThat(`
      const log = (what) => fs.appendFileSync("order", what + "\\n");
      process.on("SIGTERM", () => { log("SIGTERM"); process.exit(0); });
      const server = require("node:http").createServer((request, response) => {
        if (request.url !== "/global/health") log(request.method + " " + request.url + " " + (request.headers.authorization ? "with" : "without") + " login");
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ healthy: true, version: "1.18.33" }));
      });
      server.listen(port, host, () => console.log("opencode server listening on http://x:1"));
    `);
    const server = await start(agent);
    const closing = server.close();
    expect(server.close()).toBe(closing);
    await closing;
    await server[Symbol.asyncDispose]();
    expect(await readFile(join(folder, "order"), "utf8")).toBe("POST /global/dispose with login\nSIGTERM\n");
    expect(await server.exited).toEqual({ exitCode: 0, signal: null });
  });

  it("close() kills a server that neither responds nor ends", async () => {
    const agent = await agentThat(`
      process.on("SIGTERM", () => {});
      const server = require("node:http").createServer((request, response) => {
        if (request.url !== "/global/health") return;
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ healthy: true, version: "1.18.33" }));
      });
      server.listen(port, host, () => console.log("opencode server listening on http://x:1"));
    `);
    const server = await start(agent);
    await server.close();
    expect(await server.exited).toEqual({ exitCode: null, signal: "SIGKILL" });
    expect(isAlive(server.pid)).toBe(false);
  });

  it("close() ends the children in the server's process group, also those that ignore SIGTERM", async () => {
    const child = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log(1)';
    const agent = await agentThat(`
      const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: ["ignore", "pipe", "inherit"] });
      child.stdout.once("data", () => { fs.writeFileSync("pid", String(child.pid)); serve(); });
    `);
    const server = await start(agent);
    expect(isAlive(await leftPid())).toBe(true);
    await server.close();
    expect(isAlive(await leftPid())).toBe(false);
  });

  it("a server whose signal aborts ends by SIGTERM, as by close()", async () => {
    const controller = new AbortController();
    const server = await start(await agentThat("serve();"), { signal: controller.signal });
    controller.abort();
    expect(await server.exited).toEqual({ exitCode: null, signal: "SIGTERM" });
    await server.close();
  });

  it("a server that ends removes its home although the caller's logger throws", async () => {
    const throws = (): never => {
      throw new Error("the logger is broken");
    };
    const temporary = join(folder, "tmp");
    vi.stubEnv("TMPDIR", temporary);
    await mkdir(temporary);
    const logger = { debug: throws, info: throws, warn: throws, error: throws };
    const agent = await agentThat('serve(); setInterval(() => { if (fs.existsSync("go")) process.exit(9); }, 20);');
    const server = await start(agent, { isolation: "clean", logger, logLevel: "warn" });
    await writeFile(join(folder, "go"), "");
    expect(await server.exited).toEqual({ exitCode: 9, signal: null });
    await waitUntil(async () => (await readdir(temporary)).length === 0);
    open.splice(0);
  });

  it("twelve servers at once cause no warning and leave no process listener behind", async () => {
    const warnings: unknown[] = [];
    const note = (warning: unknown): void => void warnings.push(warning);
    process.on("warning", note);
    const events = ["exit", "SIGINT", "SIGTERM", "SIGHUP"];
    const listeners = (): number[] => events.map((event) => process.listenerCount(event));
    const before = listeners();
    const agent = await agentThat("serve();");
    const controller = new AbortController();
    const servers = await Promise.all(Array.from({ length: 12 }, () => start(agent, { signal: controller.signal })));
    expect(listeners()).toEqual(before.map((count) => count + 1));
    expect(new Set(servers.map(({ url }) => url)).size).toBe(12);
    await Promise.all(servers.map((server) => server.close()));
    expect(listeners()).toEqual(before);
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });
});

describe("a server that ends by itself", () => {
  it("a server that ends by itself resolves `exited`, writes one log line, and can still be closed", async () => {
    const lines: string[] = [];
    const log = (text: string): void => void lines.push(text);
    const logger = { debug: log, info: log, warn: log, error: log };
    const agent = await agentThat('serve(); setInterval(() => { if (fs.existsSync("go")) process.exit(9); }, 20);');
    const server = await start(agent, { isolation: "clean", logger, logLevel: "warn" });
    await writeFile(join(folder, "go"), "");
    expect(await server.exited).toEqual({ exitCode: 9, signal: null });
    await server.close();
    expect(lines).toEqual([`the opencode server (process ${server.pid}) ended unexpectedly: exit code 9`]);
    expect(await readdir(server.home?.root ?? "").catch(() => "gone")).toBe("gone");
  });
});
