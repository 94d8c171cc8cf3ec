/** Which server is it? The real preview of 2.0, a real server of 1.x, and raw servers that answer as other releases and programs do. */
import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { previewBinary } from "../../scripts/agent.js";
import { identify } from "../../src/api/protocol.js";
import { createOpencodeClient } from "../../src/client/client.js";
import { createOpencode, resolveBinary, UnsupportedServerVersionError } from "../../src/index.js";
import { findService } from "../../src/kept.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { type CliResult, finished, startCli } from "../support/cli.js";
import { type Fixture, startFixture, temporaryFolder } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { type HttpServer, rejection, startHttpServer } from "../support/http-server.js";
import { type Preview, startPreview } from "../support/preview.js";

/** Of one answer: status, content type, body. */
type Raw = readonly [status: number, type: string, body: string, headers?: Record<string, string>];

const json = "application/json";
const page: Raw = [200, "text/html; charset=utf-8", "<!doctype html><title>OpenCode</title><p>hello"];
const nothing: Raw = [404, "", ""];
const unauthorized: Raw = [401, json, '{"_tag":"UnauthorizedError","message":"Authentication required"}'];
const starting: Raw = [503, json, '{"code":"service_starting"}', { "retry-after": "0" }];
const info: Raw = [200, json, '{"version":"2.1.3","pid":7,"urls":[],"paths":{"tmp":"/tmp"}}'];

/** Answers by path; of a list of answers one after the other, the last one for ever. */
function serve(answers: Readonly<Record<string, Raw | readonly Raw[]>>): Promise<HttpServer> {
  const counts = new Map<string, number>();
  return startHttpServer(({ url }, response) => {
    const count = counts.get(url) ?? 0;
    counts.set(url, count + 1);
    const given = answers[url] ?? nothing;
    const list = isOne(given) ? [given] : given;
    const [status, type, body, headers = {}] = list[Math.min(count, list.length - 1)] ?? nothing;
    response.writeHead(status, type === "" ? headers : { "content-type": type, ...headers }).end(body);
  });
}

function isOne(given: Raw | readonly Raw[]): given is Raw {
  return typeof given[0] === "number";
}

const identified = (url: string, password = "x") =>
  identify(createOpencodeClient({ baseUrl: url, password, maxRetries: 0 }));

describe("the real preview of 2.0", () => {
  let model: ScriptedModel;
  let preview: Preview;
  beforeAll(async () => {
    model = await createScriptedModel("hello");
    preview = await startPreview({ model });
  });
  afterAll(async () => {
    await preview?.[Symbol.asyncDispose]();
    await model?.close();
  });

  test("identify tells the preview of 2.0 by two requests", async () => {
    const paths: string[] = [];
    const seen: typeof fetch = (input, init) => {
      paths.push(new URL(input instanceof Request ? input.url : String(input)).pathname);
      return fetch(input, init);
    };
    const client = createOpencodeClient({ baseUrl: preview.url, password: preview.password, fetch: seen });
    expect(await identify(client)).toEqual({ protocol: "v2", dialect: "preview", version: "2.0.0-preview" });
    expect(paths).toEqual(["/global/health", "/api/health"]);
  });

  test("createOpencode of a preview answers a prompt, and reconnect checks a new password", async () => {
    const { url: baseUrl, password } = preview;
    const directory = await preview.directory();
    await using opencode = await createOpencode({ baseUrl, password, directory, model: preview.model });
    expect(opencode.protocol).toEqual({ name: "v2-preview", version: "2.0.0-preview" });
    expect(await opencode.health()).toEqual({ healthy: true, version: "2.0.0-preview" });
    expect((await opencode.ask("Hi")).text).toBe("hello");
    await opencode.reconnect({ password });
    await expect(opencode.reconnect({ password: "wrong" })).rejects.toMatchObject({ name: "AuthenticationError" });
  });

  test("doctor names the protocol of a preview, by its address and by --attach service", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "state", "opencode"), { recursive: true });
    const service = { url: preview.url, pid: preview.process.pid, password: preview.password };
    const env = { ...homeVariables(folder), OPENCODE_SERVER_PASSWORD: "", OPENCODE_LOG: "error" };
    const directory = await preview.directory();
    const doctor = (attach: string, more: Record<string, string> = {}): Promise<CliResult> =>
      finished(startCli(["doctor", "--json", "-d", directory, "--attach", attach], { ...env, ...more }));
    expect(await doctor("service")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("no background service"),
    });
    await writeFile(join(folder, "state/opencode/service.json"), JSON.stringify(service), { mode: 0o600 });
    const attached = await Promise.all([
      doctor("service"),
      doctor(preview.url, { OPENCODE_SERVER_PASSWORD: preview.password }),
      doctor(preview.url, { OPENCODE_SERVER_PASSWORD: "wrong" }),
    ]);
    for (const { code, stdout } of attached.slice(0, 2)) {
      const findings: unknown = JSON.parse(stdout);
      expect(findings).toContainEqual({
        topic: "server",
        state: "ok",
        text: expect.stringContaining("opencode 2.0.0-preview, protocol v2-preview"),
      });
      expect(code).toBe(0);
    }
    expect(attached[2]?.stdout).toContain("$XDG_STATE_HOME/opencode/password");
    expect(preview.process.exitCode).toBeNull();
  });

  test("a wrong or missing password of a preview is an AuthenticationError that names its password file", async () => {
    for (const given of [{ password: "wrong" }, {}]) {
      await expect(createOpencode({ baseUrl: preview.url, ...given })).rejects.toMatchObject({
        name: "AuthenticationError",
        hint: expect.stringContaining("$XDG_STATE_HOME/opencode/password"),
      });
    }
  });

  test("createOpencode with `protocol: v1` refuses a preview with its version", async () => {
    const { url: baseUrl, password } = preview;
    await expect(createOpencode({ baseUrl, password, protocol: "v1" })).rejects.toMatchObject({
      name: "UnsupportedServerVersionError",
      found: "2.0.0-preview",
      supported: ">=1.1.0 <2.0.0",
    });
  });

  test("findService finds a registered preview by its service file and refuses one that others can read", async () => {
    const state = join(await temporaryFolder(), "state");
    const env = { XDG_STATE_HOME: state };
    expect(await findService({ env })).toBeUndefined();
    const folder = join(state, "opencode");
    await mkdir(folder, { recursive: true });
    const { url, password } = preview;
    const pid = preview.process.pid ?? 0;
    await writeFile(join(folder, "server.json"), JSON.stringify({ id: "1", version: "1.18.18", url, pid }));
    expect(await findService({ env })).toBeUndefined(); // without its password
    await writeFile(join(folder, "password"), password, { mode: 0o600 });
    const found = await findService({ env });
    expect(found).toMatchObject({ url, pid, username: "opencode", password, version: "2.0.0-preview" });
    expect(JSON.stringify(found)).not.toContain(password);
    await writeFile(join(folder, "service.json"), JSON.stringify({ url, pid, password }), { mode: 0o644 });
    await expect(findService({ env })).rejects.toMatchObject({
      name: "ConfigError",
      hint: expect.stringContaining("chmod 600"),
    });
  });

  test("findService does not believe a file with a later process, a wrong server or password, or another machine", async () => {
    const state = join(await temporaryFolder(), "state");
    await mkdir(join(state, "opencode"), { recursive: true });
    const file = join(state, "opencode", "service.json");
    const { url, password } = preview;
    await using gone = await startHttpServer(() => {});
    await gone[Symbol.asyncDispose]();
    for (const service of [
      { url, password, pid: 2 ** 30 },
      { url, password: "wrong", pid: process.pid },
      { url: gone.url, password, pid: process.pid },
      { url: "http://192.0.2.1:4096", password, pid: process.pid },
    ]) {
      await writeFile(file, JSON.stringify(service), { mode: 0o600 });
      expect(await findService({ env: { XDG_STATE_HOME: state } })).toBeUndefined();
    }
    // The process of the file has only the number of the one that wrote it: it began later.
    await writeFile(file, JSON.stringify({ url, password, pid: preview.process.pid }), { mode: 0o600 });
    expect(await findService({ env: { XDG_STATE_HOME: state } })).toMatchObject({ url });
    await utimes(file, new Date(0), new Date(0));
    expect(await findService({ env: { XDG_STATE_HOME: state } })).toBeUndefined();
  });

  test("resolveBinary takes a 2.x binary that is named or the only one on PATH, and `protocol: v1` refuses it", async () => {
    const binary = await previewBinary();
    expect(await resolveBinary({ binary })).toMatchObject({ path: binary, version: "2.0.0-preview", source: "option" });
    await expect(resolveBinary({ binary, protocol: "v1" })).rejects.toMatchObject({ found: "2.0.0-preview" });
    const folder = await temporaryFolder();
    await symlink(binary, join(folder, "opencode"));
    const env = { ...homeVariables(folder), PATH: folder, OPENCODE_BINARY: undefined };
    expect(await resolveBinary({ env, protocol: "v2" })).toMatchObject({ version: "2.0.0-preview", source: "PATH" });
    const both = { ...env, PATH: `${folder}:${join(process.env["OPENCODE_TEST_BINARY"] ?? "", "..")}` };
    expect(await resolveBinary({ env: both })).not.toMatchObject({ version: "2.0.0-preview" });
  });
});

describe("a real server of 1.x", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture?.[Symbol.asyncDispose]());

  test("identify tells a server of 1.x, and a client of one has the protocol v1", async () => {
    expect(await identify(fixture.oc.client)).toMatchObject({ protocol: "v1", version: expect.stringMatching(/^1\./) });
    expect(fixture.oc.protocol).toEqual({ name: "v1", version: expect.stringMatching(/^1\./) });
  });

  test("createOpencode of a 1.x server with a wrong password names no place of 2.x", async () => {
    const error = await rejection(createOpencode({ baseUrl: fixture.oc.server?.url ?? "", password: "wrong" }));
    expect(error).toMatchObject({
      name: "AuthenticationError",
      hint: expect.stringMatching(/^The credentials that were sent/),
    });
  });

  test("createOpencode with `protocol: v2` refuses a server of 1.x", async () => {
    const { url: baseUrl = "", password } = fixture.oc.server ?? {};
    await expect(createOpencode({ baseUrl, password, protocol: "v2" })).rejects.toMatchObject({
      name: "UnsupportedServerVersionError",
      supported: ">=2.0.0 <3.0.0",
    });
  });
});

// Answers of released 2.x as its documents and reports say: not run against a real 2.1.
describe("answers of other releases", () => {
  const d2 = { protocol: "v2", dialect: "2.1", version: "2.1.3" };
  const d1 = { protocol: "v2", dialect: "2.0", version: "2.0.2" };
  const d1Health: Raw = [200, json, '{"healthy":true,"version":"2.0.2","pid":7}'];
  test.each([
    ["2.1 behind its web page", { "/global/health": page, "/api/info": info }, d2, 2],
    ["2.1 that refuses unknown paths", { "/global/health": [401, "", ""], "/api/info": info }, d2, 2],
    [
      "2.1 that has the health of 1.x, too",
      { "/global/health": [200, json, '{"healthy":true,"version":"2.1.3"}'], "/api/info": info },
      d2,
      2,
    ],
    ["2.1 that is starting", { "/global/health": [starting, starting, page], "/api/info": info }, d2, 4],
    ["2.0.2", { "/api/health": d1Health }, d1, 2],
    ["2.0.2 with the health of 1.x", { "/global/health": d1Health, "/api/info": page }, d1, 2],
    ["2.1 that refuses in JSON", { "/global/health": [404, json, '{"_tag":"NotFound"}'], "/api/info": info }, d2, 2],
    ["2.0.2 behind its web page", { "/global/health": page, "/api/health": d1Health }, d1, 3],
    [
      "a build of 1.x from source",
      { "/global/health": [200, json, '{"healthy":true,"version":"local"}'] },
      { protocol: "v1", version: "local" },
      1,
    ],
  ] as const)("identify tells %s", async (_what, answers, expected, requests) => {
    await using http = await serve(answers);
    expect(await identified(http.url)).toEqual(expected);
    expect(http.requests).toHaveLength(requests);
  });

  test.each([
    ["2.1", { "/global/health": page, "/api/info": unauthorized }, "service.json"],
    ["2.0.11", { "/global/health": [401, "", ""], "/api/info": unauthorized }, "OPENCODE_PASSWORD"],
    ["the preview", { "/api/health": unauthorized }, "$XDG_STATE_HOME/opencode/password"],
    ["1.18", { "/global/health": [401, "", ""], "/api/info": [401, "", ""] }, "The credentials that were sent"],
    [
      "1.14",
      { "/global/health": [401, "text/plain", "Unauthorized"], "/api/info": [401, "text/plain", "Unauthorized"] },
      "The credentials that were sent",
    ],
  ] as const)(
    "a refused password of %s is an AuthenticationError with the place of the right one",
    async (_what, answers, hint) => {
      await using http = await serve(answers);
      const error = await rejection(identified(http.url));
      expect(error).toMatchObject({ name: "AuthenticationError", status: 401, hint: expect.stringContaining(hint) });
      expect(http.requests).toHaveLength(2);
    },
  );

  test.each([
    ["3.0.0", { "/global/health": page, "/api/info": [200, json, '{"version":"3.0.0","pid":7}'] }, "3.0.0"],
    ["1.0.185", { "/global/health": [200, json, '{"healthy":true,"version":"1.0.185"}'] }, "1.0.185"],
  ] as const)("a server of %s is an UnsupportedServerVersionError with its release", async (_what, answers, found) => {
    await using http = await serve(answers);
    await expect(identified(http.url)).rejects.toMatchObject({ name: "UnsupportedServerVersionError", found });
  });

  test.each([
    ["service that stops", { "/global/health": page, "/api/info": [503, json, '{"code":"service_stopping"}'] }, 503],
    ["proxy without a server", { "/global/health": page, "/api/info": [502, "text/plain", "Bad Gateway"] }, 502],
    ["server with too many requests", { "/api/health": [429, json, '{"message":"slow down"}'] }, 429],
  ] as const)("a %s is a retryable error with its status", async (_what, answers, status) => {
    await using http = await serve(answers);
    await expect(identified(http.url)).rejects.toMatchObject({ status, retryable: true });
  });

  test("a server that says that it starts for longer than the limit is a retryable InternalServerError", async () => {
    await using http = await serve({
      "/global/health": [503, json, '{"code":"service_starting"}', { "retry-after": "60" }],
    });
    await expect(identified(http.url)).rejects.toMatchObject({
      name: "InternalServerError",
      status: 503,
      retryable: true,
      message: expect.stringContaining("still starting"),
    });
    expect(http.requests).toHaveLength(1);
  });
});

describe("other programs", () => {
  const plain = (status: number, type: string, body: string): Record<string, Raw> => ({
    "/global/health": [status, type, body],
  });
  test.each([
    ["a web page", { "/global/health": page, "/api/info": page }, '200, text/html: "OpenCode"'],
    [
      "a web page without a title",
      { ...plain(200, "text/html", "<h1>It <b>works</b></h1>"), "/api/info": page },
      '200, text/html: "It works"',
    ],
    [
      "a 404 page",
      plain(404, "text/html", "<html><title>404 Not Found</title>nginx"),
      '404, text/html: "404 Not Found"',
    ],
    [
      "a 404 in JSON",
      plain(404, json, '{"error":"no route"}'),
      '404, application/json: "{\\"error\\":\\"no route\\"}"',
    ],
    ["an empty 404", {}, "404 without a body"],
    ["an empty 200", plain(200, json, ""), "200 without a body"],
    ["text", plain(200, "text/plain", "hello\nworld"), '200, text/plain: "hello world"'],
    [
      "JSON of another program",
      plain(200, json, '{"status":"UP","version":"1.2.3"}'),
      "200, application/json with the fields status, version",
    ],
    ["a list", plain(200, json, "[1]"), "200, application/json"],
    [
      "a health whose release is no release",
      plain(200, json, '{"healthy":true,"version":"1.0 (x)"}'),
      "200, application/json with the fields healthy, version",
    ],
    ["JSON that is cut", plain(200, json, '{"healthy":tr'), '200, application/json: "{\\"healthy\\":tr"'],
  ] as const)("%s is an UnsupportedServerVersionError whose message has the answer", async (_what, answers, said) => {
    await using http = await serve(answers);
    const error = await rejection(identified(http.url));
    expect(error).toBeInstanceOf(UnsupportedServerVersionError);
    expect(error).toMatchObject({
      found: "not opencode",
      message: expect.stringContaining("is not an opencode server"),
    });
    expect(String(error)).toContain(`is answered with ${said}`);
    expect(http.requests.length).toBeLessThanOrEqual(2);
  });

  test("an echo of the request puts no credential into the error", async () => {
    await using http = await startHttpServer(({ headers }, response) => {
      const echo = JSON.stringify({ headers });
      response
        .writeHead(headers["x-echo"] === "page" ? 404 : 200, {
          "content-type": headers["x-echo"] === "page" ? "text/html" : json,
        })
        .end(echo);
    });
    const password = "a-long-secret-of-ours";
    const basic = Buffer.from(`opencode:${password}`).toString("base64");
    for (const echo of ["json", "page"]) {
      const client = createOpencodeClient({ baseUrl: http.url, password, headers: { "x-echo": echo } });
      const error = await rejection(identify(client));
      expect(error).toMatchObject({ found: "not opencode" });
      const text = `${String(error)} ${JSON.stringify(error)} ${String(error instanceof Error ? error.cause : "")}`;
      expect(text).not.toContain(password);
      expect(text).not.toContain(basic);
    }
  });
});
