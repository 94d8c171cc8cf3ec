/** A server of opencode 2.x is told apart from a server of 1.x, and from what is no opencode server. The preview of 2.0 is the real one. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { previewBinary } from "../../scripts/agent.js";
import { createOpencode, createOpencodeServer, resolveBinary } from "../../src/index.js";
import { eventually, temporaryFolder } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { startHttpServer } from "../support/http-server.js";

let preview: string;
let home: string;
let server: ChildProcess;
let baseUrl = "";

beforeAll(async () => {
  preview = await previewBinary();
  home = await temporaryFolder();
  await mkdir(join(home, "work"), { recursive: true });
  let said = "";
  server = spawn(preview, ["serve", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd: join(home, "work"),
    env: { PATH: process.env["PATH"], ...homeVariables(home), OPENCODE_DISABLE_MODELS_FETCH: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  server.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await eventually("the preview listens", () => {
    baseUrl = /listening on (http:\S+)/.exec(said)?.[1] ?? "";
    return baseUrl !== "";
  });
});
afterAll(() => server?.kill("SIGKILL"));

const unsupported = {
  name: "UnsupportedServerVersionError",
  found: "2.x",
  hint: expect.stringContaining("1.x release"),
};

describe("the preview of 2.0", () => {
  test("createOpencode refuses a 2.x server with the right password, a wrong one and none", async () => {
    const password = await readFile(join(home, "state/opencode/password"), "utf8");
    for (const given of [{ password }, { password: "wrong" }, {}]) {
      await expect(createOpencode({ baseUrl, ...given })).rejects.toMatchObject(unsupported);
    }
  });

  test("a 2.x binary is refused with its version, as `binary` and behind the name `opencode` on PATH", async () => {
    const found = { name: "UnsupportedServerVersionError", found: "2.0.0-preview", path: preview };
    await expect(resolveBinary({ binary: preview })).rejects.toMatchObject(found);
    await expect(createOpencodeServer({ binary: preview, directory: home })).rejects.toMatchObject(found);
    const folder = await temporaryFolder();
    await symlink(preview, join(folder, "opencode"));
    const env = { ...homeVariables(home), PATH: folder, OPENCODE_BINARY: undefined };
    await expect(resolveBinary({ env, download: false })).rejects.toMatchObject({
      name: "BinaryNotFoundError",
      message: expect.stringContaining("opencode 2.0.0-preview is not supported"),
    });
  });
});

describe("kinds of servers", () => {
  test.each([
    ["2.x behind its web page", "html", { version: "2.0.21", pid: 1 }, 200, unsupported],
    ["2.x that refuses the password", 401, { _tag: "UnauthorizedError" }, 401, unsupported],
    ["2.x that is starting", "html", { code: "service_starting" }, 503, unsupported],
    ["1.x that refuses the password", 401, "", 401, { name: "AuthenticationError" }],
    ["a web server", "html", "<!doctype html><p>hello", 200, { name: "UnsupportedEndpointError" }],
    [
      "a server that knows nothing",
      404,
      "",
      404,
      { name: "APIResponseValidationError", message: expect.stringContaining("is not an opencode server") },
    ],
  ] as const)("createOpencode rejects %s with the matching error", async (_what, health, info, status, expected) => {
    await using http = await startHttpServer((request, response) => {
      if (request.url === "/global/health") {
        if (health === "html") response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
        else response.writeHead(health).end();
      } else {
        const isJson = typeof info !== "string";
        response.writeHead(status, { "content-type": isJson ? "application/json" : "text/html" });
        response.end(isJson ? JSON.stringify(info) : info);
      }
    });
    await expect(createOpencode({ baseUrl: http.url, password: "x", maxRetries: 0 })).rejects.toMatchObject(expected);
  });
});
