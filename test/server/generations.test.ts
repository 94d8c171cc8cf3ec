/** Released 2.x as a server of ours: a small agent that does what its documents say. Not run against a real 2.1. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generationOf } from "../../src/server/generations.js";
import { runFailure } from "../../src/server/run-failures.js";
import { createOpencodeServer } from "../../src/server/server.js";
import { startupFailure } from "../../src/server/startup-failure.js";
import type { OpencodeServer } from "../../src/types/server.js";
import { fakeAgent, printsVersion } from "../support/fake-agent.js";
import { temporaryFolder } from "../support/fixture.js";
import { isAlive } from "../support/processes.js";

let folder: string;
const open: OpencodeServer[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

/** Boots until the third question, lets only its password in, has one run, and notes what it is asked. */
const release = (banner: string, health: string): string => `
  const { OPENCODE_PASSWORD: password, OPENCODE_SERVER_PASSWORD: other, OPENCODE_CONFIG_CONTENT: config } = process.env;
  fs.writeFileSync("seen.json", JSON.stringify({ args: process.argv.slice(2), other, config }));
  const login = "Basic " + Buffer.from("opencode:" + password).toString("base64");
  let active = 0;
  require("node:http").createServer((request, response) => {
    const { method, url } = request;
    fs.appendFileSync("asked", method + " " + url + "\\n");
    const send = (status, body) => { response.writeHead(status, { "content-type": "application/json" }); response.end(JSON.stringify(body)); };
    if (request.headers.authorization !== login) return send(401, { _tag: "UnauthorizedError" });
    if (url === ${JSON.stringify(health)}) return send(200, { healthy: true, version: process.env.RELEASE, pid: process.pid, urls: [], paths: {} });
    if (url === "/api/session/active") { active += 1; return active < 3 ? send(503, { code: "service_starting" }) : send(200, { data: { ses_1: { type: "running" } } }); }
    if (url === "/api/session/ses_1/interrupt" && method === "POST") return send(200, { interrupted: true });
    if (url.startsWith("/api/")) return send(404, {});
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html>");
  }).listen(port, host, () => console.log(${banner}));
`;

const words = '"server listening on http://" + host + ":" + port';
const json = 'JSON.stringify({ url: "http://" + host + ":" + port })';

async function start(version: string, serve: string): Promise<OpencodeServer> {
  const agent = await fakeAgent(join(folder, "agent"), { version: printsVersion(version), serve });
  const env = { RELEASE: version, OPENCODE_SERVER_PASSWORD: "inherited" };
  const config = { model: "a/b" };
  const server = await createOpencodeServer({ binary: agent.path, directory: folder, env, config, logLevel: "error" });
  open.push(server);
  return server;
}

const seen = async (): Promise<unknown> => JSON.parse(await readFile(join(folder, "seen.json"), "utf8"));
const asked = async (): Promise<string[]> => (await readFile(join(folder, "asked"), "utf8")).trim().split("\n");

describe("a server of released 2.x", () => {
  it("a server of 2.1 gets its password in both variables and a standard input that stays open", async () => {
    const ends =
      'process.stdin.resume().on("end", () => process.exit(0)); fs.writeFileSync("input", String(fs.fstatSync(0).isFIFO()));';
    const server = await start("2.1.3", ends + release(json, "/api/info"));
    expect(server.version).toBe("2.1.3");
    const { port } = new URL(server.url);
    const args = ["serve", "--port", port, "--hostname", "127.0.0.1", "--stdio"];
    expect(await seen()).toEqual({ args, other: server.password, config: '{"autoupdate":false,"model":"a/b"}' });
    expect(await readFile(join(folder, "input"), "utf8")).toBe("true");
    const { pid } = server;
    await server.close();
    expect(isAlive(pid)).toBe(false);
  });

  it("a server of 2.0 is asked by its second address, and waited for while it boots", async () => {
    const server = await start("2.0.2", release(words, "/api/health"));
    expect(server.version).toBe("2.0.2");
    const questions = (await asked()).filter((line) => line !== "GET /api/session/active");
    expect(new Set(questions)).toEqual(new Set(["GET /api/info", "GET /api/health"]));
  });

  it("the end of a server of 2.x interrupts the sessions that run", async () => {
    const server = await start("2.1.3", release(json, "/api/info"));
    await server.close();
    expect((await asked()).slice(-2)).toEqual(["GET /api/session/active", "POST /api/session/ses_1/interrupt"]);
  });
});

describe("the generation of a server", () => {
  it.each([
    ["1.18.33", "1.x"],
    ["2.0.0-preview", "the preview of 2.0"],
    ["2.0.0", "2.0"],
    ["2.0.21", "2.0"],
    ["2.1.0", "2.1"],
    ["2.4.0", "2.1"],
  ])("the generation of %s is %s", (version, name) => {
    expect(generationOf(version).name).toBe(name);
  });

  it("the failure of a preview that has lost its port names the port", () => {
    const tail = "[21:44:45.716] ERROR (#12): ServeError: listen EADDRINUSE: address already in use 127.0.0.1:4096";
    const exit = { exitCode: 1, signal: null };
    const error = startupFailure({ exit, tail, binary: "/b", hostname: "127.0.0.1", port: 4096 });
    expect(error).toMatchObject({ name: "ServerStartupError", message: expect.stringContaining("4096") });
  });
});

describe("the log of a preview", () => {
  const log = [
    "server listening on http://127.0.0.1:46789",
    "[22:14:32.568] ERROR (#394): Failed to drain Session SessionRunnerModel.ModelUnavailableError: Model unavailable: a/nope",
    "    at SessionRunnerModel.resolve (/$bunfs/root/chunk-txktp27c.js:1676:2156) {",
    '  sessionID: "ses_unknown",',
    "}",
    "[22:14:35.513] ERROR (#443): Failed to drain Session LLM.Error: RequestExecutor.execute: HTTP 401",
    "    at <anonymous> (/$bunfs/root/chunk-s24h9hmz.js:80:9310) {",
    "  [cause]: Error: HTTP 401",
    "} {",
    '  sessionID: "ses_fail",',
    "}",
  ].join("\n");

  it("the log of a preview gives the reason of the session whose run was dropped", () => {
    expect(runFailure(log, "ses_unknown")).toBe("SessionRunnerModel.ModelUnavailableError: Model unavailable: a/nope");
    expect(runFailure(log, "ses_fail")).toBe("LLM.Error: RequestExecutor.execute: HTTP 401");
    expect(runFailure(log, "ses_un")).toBeUndefined();
  });
});
