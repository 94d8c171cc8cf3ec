/** A start that goes on is not given up; one that stands still is. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createOpencodeServer, type OpencodeServer, ServerStartupTimeoutError } from "../../src/index.js";
import { keepServer, stopKept } from "../../src/kept.js";
import { type FakeAgentOptions, fakeAgent } from "../support/fake-agent.js";
import { scaled } from "../support/slowness.js";

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-limit-")));
  vi.stubEnv("XDG_STATE_HOME", join(folder, "state"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

async function start(options: FakeAgentOptions, serverTimeout: number): Promise<OpencodeServer> {
  const directory = await mkdtemp(join(folder, "start-"));
  const { path } = await fakeAgent(join(directory, "agent"), options);
  return createOpencodeServer({ binary: path, directory, logLevel: "off", serverTimeout });
}

async function failure(options: FakeAgentOptions, serverTimeout: number): Promise<ServerStartupTimeoutError> {
  const error = await start(options, serverTimeout).catch((reason: unknown) => reason);
  if (error instanceof ServerStartupTimeoutError) return error;
  throw new Error("it was no timeout", { cause: error });
}

describe.concurrent("a start that exceeds `serverTimeout`", () => {
  it("a start goes on past `serverTimeout` while the server prints output", async () => {
    const limit = scaled(500);
    const serve = `
      let lines = 0;
      const timer = setInterval(() => {
        console.log("at work");
        if (++lines < 8) return;
        clearInterval(timer);
        serve();
      }, ${limit / 4});`;
    await using server = await start({ serve }, limit);
    expect(server.pid).toBeGreaterThan(0);
  });

  // Elsewhere the system does not tell what a process works.
  if (process.platform === "linux") {
    it("a start goes on past `serverTimeout` while the server works without output", async () => {
      const limit = scaled(500);
      const serve = `const end = Date.now() + ${2 * limit}; while (Date.now() < end); serve();`;
      await using server = await start({ serve }, limit);
      expect(server.pid).toBeGreaterThan(0);
    });

    it("a start goes on past `serverTimeout` while a child process of the server works", async () => {
      const limit = scaled(500);
      const works = `const end = Date.now() + ${2 * limit}; while (Date.now() < end);`;
      const serve = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(works)}]).once("exit", () => serve());`;
      await using server = await start({ serve }, limit);
      expect(server.pid).toBeGreaterThan(0);
    });

    it("the start of a kept server goes on past `serverTimeout` while the server works without output", async () => {
      const limit = scaled(500);
      const directory = await mkdtemp(join(folder, "kept-"));
      const serve = `const end = Date.now() + ${2 * limit}; while (Date.now() < end); serve();`;
      const { path: binary } = await fakeAgent(join(directory, "agent"), { serve });
      const { pid } = await keepServer({ directory, binary, serverTimeout: limit, logLevel: "off" });
      expect(pid).toBeGreaterThan(0);
      expect(await stopKept({ directory })).toBe(true);
    });

    it("a start goes on past `serverTimeout` while the version query of the binary works", async () => {
      const limit = scaled(500);
      const version = `const end = Date.now() + ${2 * limit}; while (Date.now() < end); console.log("1.18.33");`;
      await using server = await start({ version }, limit);
      expect(server.pid).toBeGreaterThan(0);
    });
  }

  it("a slow health request is not given up during a start", async () => {
    const slow = 6_000; // longer than the pause before a second request is sent beside it
    const serve = `
      const server = require("node:http").createServer((request, response) => setTimeout(() => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ healthy: true, version: "1.18.33" }));
      }, request.url === "/global/health" ? ${slow} : 0));
      server.listen(port, host, () => console.log("opencode server listening on http://" + host + ":" + port));`;
    await using server = await start({ serve }, scaled(10_000));
    expect(server.version).toBe("1.18.33");
  });
});

describe.concurrent("a start", () => {
  it("a start is given up after four times `serverTimeout` although the server prints output", async () => {
    const limit = scaled(500);
    const error = await failure({ serve: `setInterval(() => console.log("at work"), ${limit / 5});` }, limit);
    expect(error.message).toContain(`was not ready within ${4 * limit} ms (four times`);
    expect(error).toMatchObject({ hint: expect.stringContaining("raise `serverTimeout`") });
  });
});
