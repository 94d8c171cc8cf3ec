/** The doors to the agent: who can see the password, where requests go, and what is shown of any of it. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import { APIConnectionError, createOpencode, type Opencode, OpencodeError } from "../../src/index.js";
import { createScriptedModel, type ScriptedModel, toolCall } from "../../src/testing/index.js";
import { hermetic, temporaryFolder } from "../support/fixture.js";
import { rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { runProgram } from "../support/processes.js";
import { startSocketServer } from "../support/socket-server.js";

/** Everything that printing, logging, storing or sending a value could show, with its causes. */
function shown(value: unknown): string {
  const forms = [inspect(value, { depth: 30, showHidden: true, getters: false, maxStringLength: null }), String(value)];
  for (let link = value; link instanceof Error; link = link.cause) {
    forms.push(JSON.stringify(link), link.message, link.stack ?? "", inspect(structuredClone(link), { depth: 30 }));
    forms.push(JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(link))));
  }
  if (!(value instanceof Error)) forms.push(JSON.stringify(value) ?? "");
  return forms.join("\n");
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("the password of a server that we start", () => {
  const inherited = "inherited-password-of-somebody";
  let model: ScriptedModel;
  let oc: Opencode;
  let directory: string;
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const logger = { error: note, warn: note, info: note, debug: note };

  beforeAll(async () => {
    vi.stubEnv("OPENCODE_SERVER_PASSWORD", inherited);
    vi.stubEnv("OPENCODE_SERVER_USERNAME", "somebody");
    model = await createScriptedModel(({ lastUserText, stepIndex }) => {
      if (lastUserText === "fail") return { status: 401 };
      if (lastUserText !== "what do tools see?" || stepIndex > 0) return "hello";
      return toolCall("bash", { command: "printenv OPENCODE_SERVER_PASSWORD | wc -c", description: "count" });
    });
    directory = await temporaryFolder();
    oc = await createOpencode({ ...hermetic(model, directory), logger, logLevel: "debug" });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await oc?.close();
    await model?.close();
  });

  /** The password, and what is sent of it. */
  const secrets = (): string[] => {
    const { password = "", username = "" } = oc.server ?? {};
    return [password, base64(`${username}:${password}`), inherited];
  };
  const expectNone = (text: string, what: string): void => {
    for (const secret of secrets()) expect(text, what).not.toContain(secret);
  };

  test("the server password is random, has more than 128 bits, and is not the inherited one", async () => {
    const { password = "" } = oc.server ?? {};
    expect(password).not.toBe(inherited);
    expect(new Set(password).size).toBeGreaterThan(10);
    expect(password.length * Math.log2(62)).toBeGreaterThan(128);
    expect((await oc.ask("hello?")).text).toBe("hello");
    const url = `${oc.server?.url}/global/health`;
    for (const [user, guess] of [
      ["opencode", inherited],
      ["somebody", inherited],
      ["somebody", password],
      ["opencode", ""],
    ]) {
      const answer = await fetch(url, { headers: { authorization: `Basic ${base64(`${user}:${guess}`)}` } });
      expect(answer.status, `${user}`).toBe(401);
    }
  });

  test("the agent gets its password only by its environment, together with NO_PROXY for loopback", () => {
    const pid = oc.server?.pid ?? 0;
    const read = (name: string): string => readFileSync(`/proc/${pid}/${name}`, "utf8");
    expectNone(read("cmdline"), "argv");
    const environ = read("environ").split("\0");
    expect(environ).toContain(`OPENCODE_SERVER_PASSWORD=${oc.server?.password}`);
    expect(environ.join("\n")).not.toContain(inherited);
    const without = environ.find((entry) => entry.startsWith("NO_PROXY="));
    for (const host of ["127.0.0.1", "localhost", "::1"]) expect(without).toContain(host);
    expectNone(process.argv.join(" "), "our own argv");
  });

  test("the tools of the agent inherit the server password (docs/security.md)", async () => {
    const { toolCalls } = await oc.ask("what do tools see?");
    expect(toolCalls[0]?.output?.trim()).toBe(String((oc.server?.password.length ?? 0) + 1));
  });

  test("the server password is in no object, no error and no log line", async () => {
    const session = await oc.createSession();
    const stream = session.askStream("hello?");
    const answer = await stream.answer;
    const failures = [
      await rejection(session.ask("fail")),
      await rejection(oc.ask("x", { model: "no/such" })),
      await rejection(oc.session("ses_nope").messages()),
      await rejection(oc.client.request("GET", "/no/such/route")),
      await rejection(oc.client.request("PUT", "/auth/x", { body: { type: oc.server?.password } })),
      await rejection(oc.client.GET("/session", { signal: AbortSignal.abort() })),
      await rejection(oc.client.GET("/session", { timeout: 1e-9, maxRetries: 0 })),
      await rejection(createOpencode({ baseUrl: oc.server?.url ?? "", password: "wrong", logger, logLevel: "debug" })),
    ];
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(OpencodeError);
      expectNone(shown(failure), String(failure));
    }
    const events = oc.events();
    for (const [name, value] of Object.entries({ oc, session, stream, answer, events, client: oc.client })) {
      expectNone(shown(value), name);
    }
    expectNone(shown(oc.server), "the server");
    expectNone(oc.server?.outputTail() ?? "", "what it has printed");
    expect(lines.length).toBeGreaterThan(20);
    expectNone(lines.join("\n"), "the log");
  });

  test("the errors and log lines about a killed server do not contain its password", async () => {
    const gone = await createOpencode({ ...hermetic(model, directory), logger, logLevel: "debug" });
    const { password = "" } = gone.server ?? {};
    process.kill(gone.server?.pid ?? 0, "SIGKILL");
    await gone.server?.exited;
    const failures = [await rejection(gone.ask("x")), await rejection(gone.client.GET("/session", { maxRetries: 0 }))];
    await gone.close();
    for (const failure of failures) expect(shown(failure)).not.toContain(password);
    expect(failures[1]).toBeInstanceOf(APIConnectionError);
    expect(lines.join("\n")).not.toContain(password);
    expect(lines.join("\n")).not.toContain(base64(`opencode:${password}`));
  });
});

describe("an address with credentials in it", () => {
  test("the credentials in a `baseUrl` are sent, and shown in no error, object or log line", async () => {
    await using server = await startHttpServer((request, response) => {
      if (request.url.startsWith("/global/health")) sendJson(response, { healthy: true, version: "1.18.33" });
      else response.writeHead(500).end(`no: ${request.headers.authorization}`);
    });
    const lines: string[] = [];
    const note = (line: string): void => void lines.push(line);
    const logger = { error: note, warn: note, info: note, debug: note };
    const baseUrl = server.url.replace("//", "//me:p%40ssw%C3%B6rd@");
    await using oc = await createOpencode({ baseUrl, logger, logLevel: "debug", maxRetries: 1 });
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${base64("me:p@sswörd")}`);
    expect(server.requests[0]?.url).toBe("/global/health");
    expect(oc.client.baseUrl).toBe(server.url);
    const error = await rejection(oc.models());
    for (const text of [shown(error), shown(oc), shown(oc.client), lines.join("\n")]) {
      expect(text).not.toMatch(/p@ssw|p%40ssw/);
      expect(text).not.toContain(base64("me:p@sswörd"));
    }
  });
});

test("an error about a server that echoes the request does not contain the password", async () => {
  await using echo = await startSocketServer((socket) => {
    socket.write("500 unrecognized command: GET / HTTP/1.1\r\n");
    socket.end(echo.heard);
  });
  const client = createOpencodeClient({ baseUrl: echo.url, password: "hunter2-hunter2", maxRetries: 0 });
  const error = await rejection(client.GET("/session"));
  expect(error).toBeInstanceOf(APIConnectionError);
  expect(echo.heard).toContain(base64("opencode:hunter2-hunter2"));
  expect(shown(error)).not.toContain(base64("opencode:hunter2-hunter2"));
  const saying =
    (text: string): typeof fetch =>
    () =>
      Promise.reject(new TypeError(`failed with ${text}`, { cause: text }));
  for (const text of ["hunter2-hunter2", `authorization: Basic ${base64("opencode:hunter2-hunter2")}`]) {
    const own = await rejection(client.GET("/session", { fetch: saying(text) }));
    expect(shown(own)).not.toContain("hunter2-hunter2");
    expect(shown(own)).not.toContain(base64("opencode:hunter2-hunter2"));
  }
});

describe("a proxy", () => {
  const session = { id: "ses_1", directory: "/w" };

  /** A server as the program expects it, and a proxy that answers to everything. */
  async function withProxy(run: (serverUrl: string, proxyUrl: string) => Promise<unknown>): Promise<string[]> {
    const seen: string[] = [];
    const proxy = createServer(({ method, url }, response) => {
      seen.push(`${method} ${url}`);
      sendJson(response, { said: "by the proxy" });
    });
    proxy.on("connect", ({ url }, socket) => {
      seen.push(`CONNECT ${url}`);
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    await using server = await startHttpServer(({ url, body }, response) => {
      if (url === "/project") return sendJson(response, [{ é: 1 }]);
      if (url === "/session") return sendJson(response, { ...session, body });
      if (url === "/removed") return sendJson(response, body);
      if (url === "/agent") return sendJson(response, {}, 409);
      return response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
    });
    try {
      await run(server.url, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
    return seen;
  }

  const expected = {
    read: [{ é: 1 }],
    written: { ...session, body: '{"title":"é"}' },
    removed: '{"why":"é"}',
    refused: "ConflictError",
    streamed: "data: 1\n\n",
  };
  const program = new URL("../support/programs/behind-proxy.ts", import.meta.url);
  const bypassed = { NO_PROXY: undefined, no_proxy: undefined };

  test.each(["127.0.0.1", "localhost"])(
    "a proxy of the environment gets no request for a server on %s",
    async (host) => {
      const seen = await withProxy(async (server, proxy) => {
        const settings = { HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy };
        const env = { ...process.env, ...settings, ...bypassed, NODE_USE_ENV_PROXY: "1" };
        const url = server.replace("127.0.0.1", host);
        const { report, exit, output } = runProgram(program, [url, "hunter2-hunter2"], env);
        expect(await report, output()).toEqual(expected);
        expect((await exit).exitCode).toBe(0);
      });
      expect(seen).toEqual([]);
    },
  );

  test("a proxy that the application sets as dispatcher gets no request for a loopback server", async () => {
    const seen = await withProxy(async (server, proxy) => {
      const { report, output } = runProgram(program, [server, "hunter2-hunter2", proxy]);
      expect(await report, output()).toEqual(expected);
    });
    expect(seen).toEqual([]);
  });

  test("a proxy dispatcher gets requests of plain `fetch` and requests to remote servers", async () => {
    const key = Symbol.for("undici.globalDispatcher.1");
    await fetch("data:,"); // makes the global dispatcher
    const Agent = Reflect.get(globalThis, key).constructor;
    const before: unknown = Reflect.get(globalThis, key);
    const seen = await withProxy(async (server, proxy) => {
      class ProxyAgent extends Agent {
        dispatch(options: { origin: string; path: string }, handler: unknown): unknown {
          return super.dispatch({ ...options, origin: proxy, path: options.origin + options.path }, handler);
        }
      }
      Reflect.set(globalThis, key, new ProxyAgent());
      try {
        expect(await (await fetch(`${server}/project`)).json()).toEqual({ said: "by the proxy" });
        const client = createOpencodeClient({ baseUrl: server, password: "hunter2-hunter2" });
        expect((await client.GET("/project")).data).toEqual([{ é: 1 }]);
        // For other addresses, and for a `fetch` of the caller's, the application's settings hold.
        const remote = createOpencodeClient({ baseUrl: "http://opencode.example" });
        expect((await remote.request("GET", "/x")).data).toEqual({ said: "by the proxy" });
        const own = client.withOptions({ fetch: (url, init) => fetch(url, init) });
        expect((await own.request("GET", "/x")).data).toEqual({ said: "by the proxy" });
      } finally {
        Reflect.set(globalThis, key, before);
      }
    });
    expect(seen.map((line) => line.replace(/:\d+/, ""))).toEqual([
      "GET http://127.0.0.1/project",
      "GET http://opencode.example/x",
      "GET http://127.0.0.1/x",
    ]);
  });
});
