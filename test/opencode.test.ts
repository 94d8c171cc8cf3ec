import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AbortedError,
  APIConnectionError,
  AuthenticationError,
  ConfigError,
  createOpencode,
  createOpencodeServer,
  type Opencode,
  ProviderAuthError,
  ServerExitedError,
  SessionBusyError,
  UnsupportedServerVersionError,
} from "../src/index.js";
import { hold, type ScriptedModel } from "../src/testing/index.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  hermetic,
  hermeticServer,
  startFixture,
  temporaryFolder,
} from "./support/fixture.js";
import { sendJson, startHttpServer } from "./support/http-server.js";
import { isAlive } from "./support/processes.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

describe("createOpencode with a baseUrl", () => {
  test("createOpencode uses the credentials of the base URL, and client.baseUrl does not contain them", async () => {
    const { server } = fixture.oc;
    const url = new URL(server?.url ?? "");
    url.username = "opencode";
    url.password = server?.password ?? "";
    await using oc = await createOpencode({ baseUrl: url.href, directory: fixture.directory });
    expect((await oc.health()).healthy).toBe(true);
    expect(oc.client.baseUrl).not.toContain(server?.password);
  });

  test("createOpencode with a wrong password rejects with AuthenticationError", async () => {
    const wrong = createOpencode({ baseUrl: fixture.oc.server?.url ?? "", password: "wrong" });
    await expect(wrong).rejects.toBeInstanceOf(AuthenticationError);
  });

  test("createOpencode rejects with APIConnectionError when no server listens at the base URL", async () => {
    const gone = await startHttpServer(() => {});
    await gone[Symbol.asyncDispose]();
    await expect(createOpencode({ baseUrl: gone.url, maxRetries: 0 })).rejects.toBeInstanceOf(APIConnectionError);
  });

  test.each([
    [
      "a web page",
      (response: Parameters<typeof sendJson>[0]) => response.setHeader("content-type", "text/html").end("<html>"),
      UnsupportedServerVersionError,
    ],
    [
      "release 3.x",
      (response: Parameters<typeof sendJson>[0]) => sendJson(response, { healthy: true, version: "3.0.1" }),
      UnsupportedServerVersionError,
    ],
  ])("createOpencode with the base URL of %s rejects with a typed error", async (_what, answer, expected) => {
    await using other = await startHttpServer((_request, response) => void answer(response));
    await expect(createOpencode({ baseUrl: other.url })).rejects.toBeInstanceOf(expected);
  });

  test.each([
    ["no URL", { baseUrl: "localhost:4096" }],
    ["a number", { baseUrl: 4096 as never }],
    ["a default model without a provider", { baseUrl: "http://127.0.0.1:1", model: "gpt" }],
  ])("createOpencode with %s rejects with ConfigError", async (_what, options) => {
    await expect(createOpencode(options)).rejects.toBeInstanceOf(ConfigError);
  });
});

describe("reconnect()", () => {
  test("reconnect() replaces the token of a client and its sessions, and rejects a wrong token", async () => {
    const { server } = fixture.oc;
    let secret = "old-token";
    // A gateway: takes bearer tokens, talks to the agent with its password.
    await using gateway = await startHttpServer((request, response) => {
      if (request.headers.authorization !== `Bearer ${secret}`) return void response.writeHead(401).end();
      const authorization = `Basic ${Buffer.from(`opencode:${server?.password}`).toString("base64")}`;
      const init = { method: request.method, headers: { authorization, "content-type": "application/json" } };
      const body = request.body === "" ? {} : { body: request.body };
      void fetch(`${server?.url}${request.url}`, { ...init, ...body }).then(async (answer) => {
        response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
        response.end(request.url.startsWith("/event") ? "" : Buffer.from(await answer.arrayBuffer()));
      });
    });
    await using oc = await createOpencode({ baseUrl: gateway.url, token: secret, directory: fixture.directory });
    const session = await oc.createSession();
    secret = "new-token";
    await expect(oc.health()).rejects.toBeInstanceOf(AuthenticationError);
    await expect(oc.reconnect({ token: "wrong" })).rejects.toBeInstanceOf(AuthenticationError);
    await expect(oc.reconnect({})).rejects.toBeInstanceOf(ConfigError);
    await oc.reconnect({ token: secret });
    expect((await oc.health()).healthy).toBe(true);
    expect((await session.status()).type).toBe("idle");
  });
});

describe("setAuth", () => {
  test("setAuth sets a provider's key for the next turn; the error of a missing key names setAuth", async () => {
    const { model, answer } = await createLookupModel();
    const options = hermetic(model, await temporaryFolder());
    const provider = structuredClone(options.config?.provider ?? {});
    const settings = provider["scripted"]?.options ?? {};
    const key = String(settings["apiKey"]);
    delete settings["apiKey"];
    await using oc = await createOpencode({ ...options, config: { ...options.config, provider } });
    const error = await oc.ask("hello").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProviderAuthError);
    expect(error).toMatchObject({ hint: expect.stringContaining("setAuth") });
    await expect(oc.setAuth("scripted", { env: "NO_SUCH_KEY_VARIABLE" })).rejects.toThrow(/NO_SUCH_KEY_VARIABLE/);
    process.env["A_KEY_FOR_THE_TEST"] = key;
    await oc.setAuth("scripted", { env: "A_KEY_FOR_THE_TEST" });
    expect((await oc.ask("hello")).text).toBe("echo: hello");

    const gate = hold("done");
    answer("busy", { text: ["on ", gate] });
    const running = oc.ask("busy");
    await eventually("the turn has begun", () => model.calls("busy") === 1);
    await expect(oc.setAuth("scripted", { key })).rejects.toBeInstanceOf(SessionBusyError);
    gate.release();
    expect((await running).text).toBe("on done");
    await model.close();
  });
});

describe("events()", () => {
  test("events() gives the text deltas and raw events of a turn, and ends with close()", async () => {
    const { server } = fixture.oc;
    const oc = await createOpencode({
      baseUrl: server?.url ?? "",
      password: server?.password,
      directory: fixture.directory,
    });
    const texts: string[] = [];
    const raws: string[] = [];
    const listening = (async () => {
      for await (const event of oc.events()) {
        if (event.type === "text-delta") texts.push(event.text);
        else if (event.type === "raw") raws.push(event.raw.type);
      }
    })();
    fixture.answer("listen to this", { text: ["a", "b"] });
    await eventually("the listener hears a whole answer", async () => {
      await oc.ask("listen to this");
      return texts.join("").includes("ab");
    });
    await oc.close();
    await listening;
    expect(raws).toContain("message.updated");
  });

  test("break ends a loop over events() while a turn goes on", async () => {
    const { server } = fixture.oc;
    await using oc = await createOpencode({
      baseUrl: server?.url ?? "",
      password: server?.password,
      directory: fixture.directory,
    });
    const asking = oc.ask("something happens");
    for await (const _event of oc.events()) break;
    await asking;
  });
});

describe("close()", () => {
  test("close() aborts open turns, leaves a connected server running, and can be called twice", async () => {
    fixture.answer("left open", { text: ["x"], end: "hang" });
    const { server } = fixture.oc;
    const oc = await createOpencode({
      baseUrl: server?.url ?? "",
      password: server?.password,
      directory: fixture.directory,
    });
    const session = await oc.createSession();
    const stream = session.askStream("left open");
    await stream[Symbol.asyncIterator]().next();
    await Promise.all([oc.close(), oc.close()]);
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
    expect((await fixture.oc.session(session.id).status()).type).toBe("idle");
    await expect(oc.ask("after close")).rejects.toBeInstanceOf(AbortedError);
    expect((await fixture.oc.health()).healthy).toBe(true);
  });

  test("createOpencodeServer gives a server that createOpencode can connect to", async () => {
    const { model } = await createLookupModel();
    await using server = await createOpencodeServer(hermeticServer(model, await temporaryFolder()));
    await using oc = await createOpencode({ baseUrl: server.url, password: server.password });
    expect((await oc.ask("hi")).text).toBe("echo: hi");
    await model.close();
  });
});

describe("a started server", () => {
  let oc: Opencode;
  let model: ScriptedModel;
  let directory: string;
  let home: string;
  beforeAll(async () => {
    ({ model } = await createLookupModel());
    directory = await temporaryFolder();
    await writeFile(
      `${directory}/opencode.json`,
      JSON.stringify({ mcp: { mine: { type: "remote", url: "http://127.0.0.1:1/mcp", enabled: false } } }),
    );
    home = await temporaryFolder();
    await mkdir(`${home}/.config/opencode`, { recursive: true });
    await writeFile(`${home}/.config/opencode/opencode.json`, JSON.stringify({ username: "tester" }));
    const options = { ...hermetic(model, directory), isolation: "inherit" as const };
    const xdg = {
      HOME: home,
      XDG_CONFIG_HOME: `${home}/.config`,
      XDG_DATA_HOME: `${home}/data`,
      XDG_STATE_HOME: `${home}/state`,
      XDG_CACHE_HOME: `${home}/cache`,
    };
    oc = await createOpencode({
      ...options,
      env: { ...xdg, npm_config_registry: "http://127.0.0.1:9", OPENCODE_DISABLE_MODELS_FETCH: "1" },
    });
  });
  afterAll(async () => {
    await oc?.close();
    await model?.close();
  });

  test("loaded() lists the configuration files, the MCP servers and the configuration folder", async () => {
    expect(await oc.loaded()).toMatchObject({
      configFiles: [`${home}/.config/opencode/opencode.json`, `${directory}/opencode.json`],
      mcpServers: ["mine"],
      configFolder: `${home}/.config/opencode`,
    });
  });

  // It comes last: it kills the server.
  test("events() throws when the server ends by itself", async () => {
    const { server } = oc;
    if (server === undefined) throw new Error("it has started one");
    const listening = (async () => {
      for await (const _event of oc.events()) if (isAlive(server.pid)) process.kill(server.pid, "SIGKILL");
    })();
    await Promise.all([
      expect(listening).rejects.toBeInstanceOf(ServerExitedError),
      // Something happens, until the listener hears it: the server is warm, and may be faster than the listener.
      eventually("the server is killed", async () => {
        await oc.createSession().catch(() => {});
        return !isAlive(server.pid);
      }),
    ]);
  });
});
