/** The real preview of 2.0 as a server of ours. Two of them are started, and one is started again. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { previewBinary } from "../../scripts/agent.js";
import { resolveServerOptions } from "../../src/server/options.js";
import { createOpencodeServer } from "../../src/server/server.js";
import { prepareStart } from "../../src/server/start-environment.js";
import { createScriptedModel, type ScriptedModel, toolCall } from "../../src/testing/index.js";
import type { Config, ServerOptions } from "../../src/types/options.js";
import type { OpencodeServer } from "../../src/types/server.js";
import { isRecord, property, stringProperty } from "../../src/util/json.js";
import { temporaryFolder } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { isAlive, waitUntil } from "../support/processes.js";
import { scaled, unhurried } from "../support/slowness.js";

let binary: string;
let folder: string;
let model: ScriptedModel;
const prompt = "Wait by bash";
const sleep = "echo $$ > tool.pid; exec sleep 80000";

beforeAll(async () => {
  binary = await previewBinary();
  folder = await temporaryFolder();
  model = await createScriptedModel(({ lastUserText, stepIndex }) =>
    lastUserText === prompt && stepIndex === 0 ? toolCall("bash", { command: sleep, description: "waits" }) : "Hello.",
  );
}, scaled(60_000));
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const models = (): Record<string, string> => ({ OPENCODE_MODELS_PATH: process.env["OPENCODE_TEST_MODELS"] ?? "" });

function start(options: ServerOptions = {}): Promise<OpencodeServer> {
  const { serverTimeout } = unhurried();
  const given = { binary, directory: folder, isolation: "clean", config: model.config, logLevel: "error" } as const;
  return createOpencodeServer({ ...given, env: models(), serverTimeout, ...options });
}

const failure = (options: ServerOptions): Promise<unknown> =>
  start(options).then(
    (server) => server.close().then(() => expect.fail(`started on ${server.url}`)),
    (error: unknown) => error,
  );

/** A request with the server's password, or another one. */
async function ask(
  { url, password: own }: OpencodeServer,
  method: "GET" | "POST",
  path: string,
  { body, password = own, signal }: { body?: unknown; password?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function data(server: OpencodeServer, path: string): Promise<Record<string, unknown>[]> {
  const found: unknown = property(await (await ask(server, "GET", path)).json(), "data");
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

const at = (path: string): string => `${path}?location[directory]=${encodeURIComponent(folder)}`;

/** Before that the preview drops prompts. */
const untilListed = (server: OpencodeServer): Promise<void> =>
  waitUntil(async () => {
    const listed = await data(server, at("/api/model"));
    return listed.some((one) => `${String(one["providerID"])}/${String(one["id"])}` === model.model);
  });

async function session(server: OpencodeServer, id: string): Promise<void> {
  const [providerID = "", name = ""] = model.model.split("/");
  const body = { id, model: { providerID, id: name }, location: { directory: folder } };
  expect((await ask(server, "POST", "/api/session", { body })).status).toBe(200);
}

async function answer(server: OpencodeServer, id: string, text: string): Promise<string> {
  await session(server, id);
  await ask(server, "POST", `/api/session/${id}/prompt`, { body: { id: `msg_${id}`, prompt: { text } } });
  let found: unknown;
  await waitUntil(async () => {
    const messages = await data(server, `/api/session/${id}/message?order=asc`);
    found = messages.find((message) => message["type"] === "assistant" && message["finish"] !== undefined);
    return found !== undefined;
  });
  return JSON.stringify(property(found, "content"));
}

async function rules(server: OpencodeServer, agent: string): Promise<unknown[]> {
  const found = (await data(server, at("/api/agent"))).find(({ id }) => id === agent);
  const list = property(found, "permissions");
  return Array.isArray(list) ? list : [];
}

/** Of the tool. `undefined` as long as it does not run. */
async function toolPid(): Promise<number | undefined> {
  return Number(await readFile(join(folder, "tool.pid"), "utf8").catch(() => "")) || undefined;
}

describe("a preview of 2.0 with a private home", () => {
  let server: OpencodeServer;
  beforeAll(async () => {
    const config: Config = { ...model.config, permission: { webfetch: "ask", edit: "ask" } };
    server = await start({ config, restart: true });
  }, scaled(60_000));
  afterAll(() => server.close());

  it("a preview starts with the password of the caller's server and says its release", async () => {
    expect(server).toMatchObject({ version: "2.0.0-preview", username: "opencode", binary, directory: folder });
    const health = await ask(server, "GET", "/api/health");
    expect([health.status, await health.json()]).toEqual([200, { healthy: true }]);
    expect((await ask(server, "GET", "/api/health", { password: "wrong" })).status).toBe(401);
    const file = join(server.home?.root ?? "", ".local/state/opencode/password");
    expect([await readFile(file, "utf8"), (await stat(file)).mode & 0o777]).toEqual([server.password, 0o600]);
  });

  it("a preview answers by a provider of the option `config`", async () => {
    await untilListed(server);
    expect(await answer(server, "ses_plain", "Hi")).toContain("Hello.");
  });

  it("a preview's agent `plan` may not edit although the configuration asks about edits", async () => {
    await untilListed(server);
    expect((await rules(server, "plan")).at(-1)).toEqual({ action: "edit", resource: "*", effect: "deny" });
    expect((await rules(server, "build")).slice(-2)).toEqual([
      { action: "webfetch", resource: "*", effect: "ask" },
      { action: "edit", resource: "*", effect: "ask" },
    ]);
  });

  it("a preview that is killed comes back with its port, password and sessions", async () => {
    await untilListed(server);
    await session(server, "ses_kept");
    const { url, pid } = server;
    process.kill(pid, "SIGKILL");
    await waitUntil(() => server.restarts === 1 && server.pid !== pid);
    await waitUntil(async () => (await ask(server, "GET", "/api/health").catch(() => undefined))?.status === 200);
    expect(server.url).toBe(url);
    expect((await ask(server, "GET", "/api/session/ses_kept")).status).toBe(200);
  });

  it("the end of a preview ends its runs and their tools, also with an open event stream", async () => {
    await untilListed(server);
    const stream = new AbortController();
    const events = await ask(server, "GET", "/api/event", { signal: stream.signal });
    await session(server, "ses_long");
    await ask(server, "POST", "/api/session/ses_long/prompt", { body: { id: "msg_long", prompt: { text: prompt } } });
    await waitUntil(async () => (await toolPid()) !== undefined);
    const pids = [server.pid, (await toolPid()) ?? 0];
    expect(pids.every(isAlive)).toBe(true);
    await server.close();
    await events.text().catch(() => {});
    stream.abort();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(server.home?.root ?? "")).toBe(false);
  });
});

describe("a preview of 2.0 in the user's home", () => {
  let home: string;
  let server: OpencodeServer;
  const own = {
    permissions: [{ action: "bash", resource: "*", effect: "deny" }],
    providers: {
      theirs: {
        name: "Theirs",
        api: { type: "aisdk", package: "@ai-sdk/openai-compatible", url: "http://127.0.0.1:9/v1" },
        models: { one: { name: "One", limit: { context: 1000, output: 100 } } },
      },
    },
  };
  const file = (...path: string[]): string => join(home, ...path);
  const passwordFile = (): string => file("state", "opencode", "password");
  const inherit = (more: ServerOptions = {}): ServerOptions => ({
    ...more,
    isolation: "inherit",
    env: { ...homeVariables(home), ...more.env },
  });

  beforeAll(async () => {
    home = join(folder, "home");
    await mkdir(file("config", "opencode", "agents"), { recursive: true });
    await mkdir(file("state", "opencode"), { recursive: true });
    await writeFile(file("config", "opencode", "opencode.json"), `${JSON.stringify(own)} // as people write it`);
    await writeFile(file("config", "opencode", "agents", "reviewer.md"), "---\nmode: primary\n---\nReview.\n");
    await writeFile(passwordFile(), "sesame");
    const { scripted = {} } = model.config.provider ?? {};
    const provider = { ...scripted, options: { ...scripted.options, apiKey: "{env:MODEL_KEY}" } };
    const config: Config = { ...model.config, provider: { scripted: provider } };
    await mkdir(file("bin"));
    await symlink(binary, file("bin", "opencode"));
    const env = { MODEL_KEY: "from-env", PATH: `${file("bin")}${delimiter}${process.env["PATH"]}` };
    server = await start(inherit({ config, env, binary: undefined, protocol: "v2" }));
  }, scaled(60_000));
  afterAll(() => server.close());

  it("a preview on PATH is found by the name opencode", () => {
    expect(server).toMatchObject({ binary: file("bin", "opencode"), version: "2.0.0-preview" });
  });

  it("a preview in the user's home takes the user's password and leaves it there", async () => {
    expect(server.password).toBe("sesame");
    expect((await ask(server, "GET", "/api/health")).status).toBe(200);
    expect(await readFile(passwordFile(), "utf8")).toBe("sesame");
  });

  it("a preview in the user's home has the user's configuration, and the option `config` beside it", async () => {
    await untilListed(server);
    const providers = await data(server, at("/api/provider"));
    expect(providers.map(({ id }) => id)).toEqual(expect.arrayContaining(["theirs", "scripted"]));
    expect((await data(server, at("/api/agent"))).map(({ id }) => id)).toContain("reviewer");
    expect(await rules(server, "build")).toContainEqual(own.permissions[0]);
    const api = property(
      providers.find(({ id }) => id === "scripted"),
      "api",
    );
    expect(stringProperty(property(api, "settings"), "apiKey")).toBe("from-env");
  });

  it("a preview in the user's home adds no file to the user's configuration folder", async () => {
    expect((await readdir(file("config", "opencode"))).sort()).toEqual(["agents", "opencode.json"]);
    expect(await readFile(file("config", "opencode", "opencode.json"), "utf8")).toContain("as people write it");
  });

  it("another password than the user's own is a ConfigError that names the file", async () => {
    expect(await failure(inherit({ password: "mine" }))).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining(passwordFile()),
    });
  });
});

describe("a start of the preview of 2.0 that is refused", () => {
  const refused = async (config: unknown): Promise<unknown> => failure({ config: config as Config });

  it("a configuration with `mcp` or `instructions` is a ConfigError that names it", async () => {
    const mcp = { x: { type: "local", command: ["x"] } };
    expect(await refused({ mcp })).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining("config.mcp"),
    });
    const named = expect.stringContaining("config.instructions");
    expect(await refused({ instructions: ["A.md"] })).toMatchObject({ name: "ConfigError", message: named });
  });

  it("a model of an agent in the configuration is a ConfigError that names it", async () => {
    const agent = { rev: { model: "a/b" } };
    const message = expect.stringContaining("config.agent.rev.model");
    expect(await refused({ agent })).toMatchObject({
      name: "ConfigError",
      message,
      hint: expect.stringContaining("turn"),
    });
    const named = expect.stringContaining("config.agents.rev.model");
    expect(await refused({ agents: agent })).toMatchObject({ name: "ConfigError", message: named });
  });

  it("a project's opencode.json beside the option config is told by a warning", async () => {
    const directory = join(folder, "own-config");
    await mkdir(join(directory, ".git"), { recursive: true });
    await writeFile(join(directory, "opencode.json"), "{}");
    const warn = vi.fn();
    const logger = { debug: () => {}, info: () => {}, warn, error: () => {} };
    const plan = resolveServerOptions({ directory, config: { model: "a/b" }, env: homeVariables(directory), logger });
    await prepareStart(plan, { version: "2.0.0-preview", folder: await mkdtemp(join(folder, "start-")) });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(join(directory, "opencode.json")));
  });

  it("a configuration with a wrong value is a ConfigError that names its place and shows no value", async () => {
    const error = await refused({ provider: { x: { options: { apiKey: 123_456 } } } });
    expect(error).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining("config.provider.x.options.apiKey"),
    });
    expect(String(error)).not.toContain("123456");
    expect(await refused({ permission: { bash: "maybe" } })).toMatchObject({ name: "ConfigError" });
    expect(await refused({ permissions: "no" })).toMatchObject({ name: "ConfigError" });
  });

  it("a configuration that mixes the shapes of 1.x and 2.x is a ConfigError", async () => {
    const message = expect.stringContaining("mixes the shapes");
    expect(await refused({ provider: {}, agents: {} })).toMatchObject({ name: "ConfigError", message });
  });

  it("a project's opencode.json is a ConfigError that names the file when the home is private", async () => {
    const project = join(folder, "project");
    await mkdir(join(project, ".git"), { recursive: true });
    await mkdir(join(project, "sub", "deep"), { recursive: true });
    await writeFile(join(project, "sub", "opencode.jsonc"), "{}");
    const message = expect.stringContaining(join(project, "sub", "opencode.jsonc"));
    expect(await failure({ directory: join(project, "sub", "deep") })).toMatchObject({ name: "ConfigError", message });
  });

  it("a port that is taken is a ServerStartupError", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await failure({ port })).toMatchObject({ name: "ServerStartupError" });
    await new Promise((resolve) => other.close(resolve));
  });
});
