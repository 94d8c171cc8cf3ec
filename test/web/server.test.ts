import { once } from "node:events";
import { rm } from "node:fs/promises";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuthenticationError, ConfigError, ServerStartupError } from "../../src/index.js";
import { startWeb, type WebOptions, type WebServer } from "../../src/web/server.js";
import { type Handler, type HttpServer, rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { isAlive } from "../support/processes.js";
import { builtPage, startWebFixture } from "../support/web-fixture.js";

let page = "";

beforeAll(async () => {
  page = await builtPage();
});

afterAll(async () => {
  await rm(dirname(page), { recursive: true, force: true });
});

const password = "the-password-of-the-agent";
const providers = {
  providers: [
    {
      id: "acme",
      name: "Acme",
      source: "config",
      env: ["ACME_KEY"],
      key: "key-of-the-provider",
      options: { apiKey: "key-in-the-options", baseURL: "http://10.0.0.1/internal" },
      models: {
        m: {
          id: "m",
          providerID: "acme",
          name: "M",
          headers: { "x-api-key": "key-in-a-header" },
          options: {},
          api: {},
        },
      },
    },
  ],
  default: { acme: "m" },
};

/** An agent that says little, and keeps what it was asked. */
const quiet: Handler = ({ url }, response) => {
  if (url === "/global/health") sendJson(response, { healthy: true, version: "1.18.33" });
  else if (url === "/path") sendJson(response, { directory: "/work", worktree: "/work", config: "/c" });
  else if (url.startsWith("/config/providers")) sendJson(response, providers);
  else sendJson(response, [], 200, { "set-cookie": "agent=1", "x-next-cursor": "abc", "x-other": "1" });
};

interface Stand extends AsyncDisposable {
  readonly web: WebServer;
  readonly agent: HttpServer;
}

/** The page before a small agent of our own. */
async function startStand(handler: Handler = quiet, options: Partial<WebOptions> = {}): Promise<Stand> {
  const agent = await startHttpServer(handler);
  const web = await startWeb({ baseUrl: agent.url, password, page, port: 0, ...options } as WebOptions);
  return {
    web,
    agent,
    [Symbol.asyncDispose]: async () => {
      await web.close();
      await agent[Symbol.asyncDispose]();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** One request exactly as it is written: no redirect is followed, no path is made nicer. */
async function send(port: number, path: string, { method = "GET", headers = {}, body }: Call = {}): Promise<Answer> {
  const call = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
  call.end(body);
  const [response] = (await once(call, "response")) as [IncomingMessage];
  let text = "";
  for await (const piece of response.setEncoding("utf8")) text += String(piece);
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

/** What a browser that is logged in sends. */
async function logIn({ url, port }: WebServer): Promise<Record<string, string>> {
  const { headers } = await send(port, new URL(url).pathname + new URL(url).search);
  const cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  return { cookie, "x-opencode-web": "1", "sec-fetch-site": "same-origin", origin: `http://127.0.0.1:${port}` };
}

describe("the login", () => {
  test("the token of the address works once and sets an HttpOnly, SameSite=Strict cookie", async () => {
    const urls: string[] = [];
    await using stand = await startStand(quiet, { onUrl: (url) => urls.push(url) });
    const { web } = stand;
    const { pathname, search, hostname } = new URL(web.url);
    expect(hostname).toBe("127.0.0.1");
    const first = await send(web.port, pathname + search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe("/");
    expect(first.headers["set-cookie"]?.[0]).toMatch(/^opencode-ts-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    const second = await send(web.port, pathname + search);
    expect(second.status).toBe(401);
    expect(second.headers["set-cookie"]).toBeUndefined();
    expect(urls).toEqual([web.url]);
    expect(web.url).not.toContain(search);
    expect((await send(web.port, new URL(web.url).search.replace(/^/, "/"))).status).toBe(303);
  });

  test("a request without the cookie gets 401, and a wrong token sets no cookie", async () => {
    await using stand = await startStand();
    const { port } = stand.web;
    const before = stand.agent.requests.length;
    for (const path of ["/", "/page.js", "/page.css", "/start.json", "/agent/session", "/?token=", "/?token=wrong"]) {
      const answer = await send(port, path, {
        headers: { "x-opencode-web": "1", cookie: `opencode-ts-${port}=wrong` },
      });
      expect([path, answer.status, answer.headers["set-cookie"]]).toEqual([path, 401, undefined]);
    }
    expect(stand.agent.requests.length).toBe(before);
  });

  test("a logged-in browser that reloads a used address is redirected to the page", async () => {
    await using stand = await startStand();
    const used = new URL(stand.web.url).search;
    const headers = await logIn(stand.web);
    const answer = await send(stand.web.port, `/${used}`, { headers });
    expect([answer.status, answer.headers.location]).toEqual([303, "/"]);
  });

  test("a request with the cookie twice is refused", async () => {
    await using stand = await startStand();
    const headers = await logIn(stand.web);
    const twice = { ...headers, cookie: `${headers["cookie"]}; opencode-ts-${stand.web.port}=planted` };
    expect((await send(stand.web.port, "/", { headers: twice })).status).toBe(401);
  });

  test("a HEAD request does not use up the token of the address", async () => {
    await using stand = await startStand();
    const { search } = new URL(stand.web.url);
    expect((await send(stand.web.port, `/${search}`, { method: "HEAD" })).status).toBe(401);
    expect((await send(stand.web.port, `/${search}`)).status).toBe(303);
  });
});

describe("foreign requests", () => {
  test.each([
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "localhost.evil.example:{port}",
    "[::1]:{port}",
  ])("a request with the Host %s is refused, with or without token and cookie", async (name) => {
    await using stand = await startStand();
    const { web } = stand;
    const host = name.replace("{port}", String(web.port));
    const { search } = new URL(web.url);
    expect((await send(web.port, `/${search}`, { headers: { host } })).status).toBe(403);
    const headers = await logIn(web);
    for (const path of ["/", "/page.js", "/agent/session"])
      expect((await send(web.port, path, { headers: { ...headers, host } })).status).toBe(403);
  });

  test("a request with the Host localhost is accepted", async () => {
    await using stand = await startStand();
    const { port } = stand.web;
    const { cookie = "" } = await logIn(stand.web);
    expect((await send(port, "/", { headers: { cookie, host: `localhost:${port}` } })).status).toBe(200);
  });

  test("a request with no Host header or two Host headers is refused", async () => {
    await using stand = await startStand();
    const { port } = stand.web;
    const { cookie = "" } = await logIn(stand.web);
    for (const hosts of [[], [`127.0.0.1:${port}`, "evil.example"]]) {
      const lines = [
        "GET / HTTP/1.1",
        ...hosts.map((host) => `Host: ${host}`),
        `Cookie: ${cookie}`,
        "Connection: close",
      ];
      expect(await raw(port, `${lines.join("\r\n")}\r\n\r\n`)).toMatch(/^(?:HTTP\/1\.1 40[03] [^\n]*|$)/);
    }
  });

  test.each([
    [{ origin: "http://evil.example" }],
    [{ origin: "null" }],
    [{ origin: "http://127.0.0.1:1" }],
    [{ origin: "http://localhost:{port}" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site" }],
  ])("a request with %o is refused although it has the cookie", async (foreign) => {
    await using stand = await startStand();
    const { port } = stand.web;
    const headers = await logIn(stand.web);
    const before = stand.agent.requests.length;
    const given = Object.fromEntries(
      Object.entries(foreign).map(([name, value]) => [name, value.replace("{port}", String(port))]),
    );
    for (const path of ["/", "/agent/session"])
      expect((await send(port, path, { headers: { ...headers, ...given } })).status).toBe(403);
    const post = { method: "POST", headers: { ...headers, ...given, "content-type": "text/plain" }, body: "{}" };
    expect((await send(port, "/agent/session", post)).status).toBe(403);
    expect(stand.agent.requests.length).toBe(before);
  });

  test("a request without the page's headers does not reach the agent", async () => {
    await using stand = await startStand();
    const { port } = stand.web;
    const headers = await logIn(stand.web);
    const { origin: _origin, ...withoutOrigin } = headers;
    const before = stand.agent.requests.length;
    const wrong = [
      send(port, "/agent/session", { headers: { ...headers, "x-opencode-web": "0" } }),
      send(port, "/agent/session", { headers: { ...headers, "sec-fetch-site": "none" } }),
      send(port, "/agent/session", { headers: withoutOrigin, method: "POST", body: "{}" }),
    ];
    for (const answer of await Promise.all(wrong)) expect(answer.status).toBe(403);
    expect(stand.agent.requests.length).toBe(before);
  });

  test("a preflight request is refused without CORS headers", async () => {
    await using stand = await startStand();
    const headers = { origin: "http://evil.example", "access-control-request-method": "POST" };
    const answer = await send(stand.web.port, "/agent/session", { method: "OPTIONS", headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(text);
  let answer = "";
  for await (const piece of socket.setEncoding("utf8")) answer += String(piece);
  return answer;
}

describe("served paths", () => {
  test.each([
    "/../../../../etc/hostname",
    "/..%2f..%2fetc/hostname",
    "/%2e%2e/%2e%2e/etc/hostname",
    "/page.js/../../package.json",
    "/./page.js",
    "//etc/hostname",
    "/..\\..\\etc\\hostname",
    "/page.js%00.html",
    "/PAGE.JS",
    "/index.html",
    "/page",
    "/server.js",
    "/agent",
    "/agent/",
    "/agent/../start.json",
    "/agent/session/../../config",
    "/agent/session/%2e%2e/config",
    "/agent//config",
    "/agent/config",
    "/agent/auth/acme",
    "/agent/instance/dispose",
    "/agent/session/ses_1/shell",
    "/agent/file/content?path=/etc/passwd",
    "/agent/global/event",
  ])("the path %s is not served", async (path) => {
    await using stand = await startStand();
    const headers = await logIn(stand.web);
    const before = stand.agent.requests.length;
    for (const method of ["GET", "POST", "PUT"]) {
      const answer = await send(stand.web.port, path, { method, headers });
      expect([400, 403, 404, 405]).toContain(answer.status);
    }
    expect(stand.agent.requests.length).toBe(before);
  });

  test("a request target that is no path is refused", async () => {
    await using stand = await startStand();
    const { port } = stand.web;
    const { cookie = "" } = await logIn(stand.web);
    const head = `Host: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`;
    for (const target of [`http://127.0.0.1:${port}/`, "page.js", "*"])
      expect(await raw(port, `GET ${target} HTTP/1.1\r\n${head}`)).toMatch(/^(?:HTTP\/1\.1 40\d|$)/);
  });

  test("the content security policy allows only the page's own files, on every response", async () => {
    await using stand = await startStand();
    const { port } = stand.web;
    const headers = await logIn(stand.web);
    const index = await send(port, "/", { headers });
    expect(index.status).toBe(200);
    const policy = String(index.headers["content-security-policy"]);
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy).toContain(rule);
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(index.body).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style=/);
    for (const path of ["/", "/page.js", "/page.css", "/icon.svg", "/nothing", "/agent/session", "/agent/nothing"]) {
      const answer = await send(port, path, { headers });
      expect(answer.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
      expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
    }
  });

  test("the web server listens on loopback only", async () => {
    await using stand = await startStand();
    const { networkInterfaces } = await import("node:os");
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const outside = others.find(({ internal, family }) => !internal && family === "IPv4");
    if (outside === undefined) return expect(stand.web.url).toContain("//127.0.0.1:");
    const socket = connect(stand.web.port, outside.address);
    expect(await rejection(once(socket, "connect"))).toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("requests to the agent", () => {
  test("headers are copied by name, and the agent's credentials do not reach the browser", async () => {
    await using stand = await startStand();
    const headers = {
      ...(await logIn(stand.web)),
      authorization: "Bearer of-the-browser",
      "x-forwarded-for": "1.2.3.4",
    };
    const answer = await send(stand.web.port, "/agent/session?limit=3", {
      headers: { ...headers, "x-opencode-directory": "%2Fwork" },
    });
    const seen = stand.agent.requests.at(-1);
    expect(seen?.url).toBe("/session?limit=3");
    expect(seen?.headers.authorization).toBe(`Basic ${btoa(`opencode:${password}`)}`);
    expect(seen?.headers["x-opencode-directory"]).toBe("%2Fwork");
    for (const name of ["cookie", "origin", "x-opencode-web", "x-forwarded-for", "sec-fetch-site"])
      expect(seen?.headers[name]).toBeUndefined();
    expect(answer.headers["x-next-cursor"]).toBe("abc");
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.headers["x-other"]).toBeUndefined();
  });

  test("a request body reaches the agent unchanged", async () => {
    await using stand = await startStand();
    const headers = { ...(await logIn(stand.web)), "content-type": "application/json" };
    await send(stand.web.port, "/agent/session", { method: "POST", headers, body: '{"title":"ä"}' });
    expect(stand.agent.requests.at(-1)).toMatchObject({ method: "POST", url: "/session", body: '{"title":"ä"}' });
  });

  test("providers are listed without keys, headers and addresses", async () => {
    await using stand = await startStand();
    const { body } = await send(stand.web.port, "/agent/config/providers", { headers: await logIn(stand.web) });
    expect(JSON.parse(body)).toMatchObject({ providers: [{ id: "acme", models: { m: { name: "M", options: {} } } }] });
    expect(body).not.toMatch(/key-|10\.0\.0\.1|ACME_KEY/);
  });

  test("events reach the page as they are sent, and a closed page ends the agent's stream", async () => {
    let gone = (): void => {};
    const closed = new Promise<void>((resolve) => {
      gone = resolve;
    });
    await using stand = await startStand((seen, response, count) => {
      if (seen.url !== "/event") return quiet(seen, response, count);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
      response.once("close", gone);
    });
    const { port } = stand.web;
    const call = request({ host: "127.0.0.1", port, path: "/agent/event", headers: await logIn(stand.web) });
    call.end();
    const [response] = (await once(call, "response")) as [IncomingMessage];
    const [piece] = (await once(response, "data")) as [Buffer];
    expect(piece.toString()).toBe("data: 1\n\n");
    call.destroy();
    response.on("error", () => {}); // it was our doing
    await closed;
  });

  test("a 401 of the agent becomes a 502 without a password prompt", async () => {
    let isOpen = true;
    await using stand = await startStand((seen, response, count) => {
      if (isOpen) return quiet(seen, response, count);
      sendJson(response, {}, 401, { "www-authenticate": "Basic" });
    });
    const headers = await logIn(stand.web);
    isOpen = false;
    const answer = await send(stand.web.port, "/agent/session", { headers });
    expect(answer.status).toBe(502);
    expect(answer.headers["www-authenticate"]).toBeUndefined();
  });

  test("a token function is called again after the agent refuses its token", async () => {
    let tokens = 0;
    const token = (): string => `t${++tokens}`;
    const agent = await startHttpServer((seen, response, count) => {
      if (seen.headers.authorization === "Bearer t1" && seen.url === "/session") sendJson(response, {}, 401);
      else quiet(seen, response, count);
    });
    const web = await startWeb({ baseUrl: agent.url, token: () => (tokens < 2 ? "t1" : token()), page, port: 0 });
    try {
      tokens = 1;
      const first = await send(web.port, "/agent/session", { headers: await logIn(web) });
      expect(first.status).toBe(502);
      tokens = 2;
      const second = await send(web.port, "/agent/session", { headers: { ...(await logIn(web)) } });
      expect(second.status).toBe(200);
    } finally {
      await web.close();
      await agent[Symbol.asyncDispose]();
    }
  });

  test("a prompt that is too large gets 413 and does not reach the agent", async () => {
    await using stand = await startStand();
    const headers = { ...(await logIn(stand.web)), "content-length": String(64 * 1024 * 1024) };
    const before = stand.agent.requests.length;
    const call = request({ host: "127.0.0.1", port: stand.web.port, path: "/agent/session", method: "POST", headers });
    call.on("error", () => {}); // the rest is not wanted
    call.flushHeaders();
    const [response] = (await once(call, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    call.destroy();
    expect(stand.agent.requests.length).toBe(before);
  });

  test("an unreachable agent gives a 502 with the name AgentUnreachable", async () => {
    const stand = await startStand();
    const headers = await logIn(stand.web);
    await stand.agent[Symbol.asyncDispose]();
    const answer = await send(stand.web.port, "/agent/session", { headers });
    expect([answer.status, JSON.parse(answer.body).name]).toEqual([502, "AgentUnreachable"]);
    await stand.web.close();
  });

  test("a path in the agent's base URL is kept in requests", async () => {
    const agent = await startHttpServer((seen, response, count) =>
      quiet({ ...seen, url: seen.url.replace("/under/here", "") }, response, count),
    );
    const web = await startWeb({ baseUrl: `${agent.url}/under/here/`, password, page, port: 0 });
    await send(web.port, "/agent/session/status", { headers: await logIn(web) });
    expect(agent.requests.at(-1)?.url).toBe("/under/here/session/status");
    await web.close();
    await agent[Symbol.asyncDispose]();
  });
});

/** The preview of 2.0, as far as the page's server asks it. */
const preview: Handler = ({ url }, response) => {
  const path = url.split("?", 1)[0];
  if (path === "/global/health") response.writeHead(404, { "content-length": 0 }).end();
  else if (path === "/api/health") sendJson(response, { healthy: true });
  else if (path === "/api/location")
    sendJson(response, { directory: "/work", project: { id: "p", directory: "/work" } });
  else if (path === "/api/provider") sendJson(response, { location: {}, data: [providerOf2] });
  else if (path === "/api/model") sendJson(response, { location: {}, data: [modelOf2] });
  else if (path === "/api/agent") sendJson(response, { location: {}, data: [agentOf2] });
  else sendJson(response, { data: [] });
};
const secret = { headers: { "x-api-key": "key-in-a-header" }, body: { apiKey: "key-in-a-body" } };
const apiOf2 = { url: "http://10.0.0.1/internal", settings: { apiKey: "key-in-the-settings" } };
const providerOf2 = { id: "acme", name: "Acme", api: apiOf2, request: secret };
const modelOf2 = {
  ...{ id: "m", providerID: "acme", name: "M", enabled: true, api: apiOf2, request: secret, cost: [{ input: 1 }] },
  variants: [{ id: "high", ...secret }],
};
const agentOf2 = { id: "build", mode: "primary", system: "You build.", request: secret, permissions: [] };

describe("a server of 2.x", () => {
  test.each([
    "/agent/session",
    "/agent/config/providers",
    "/agent/api/config",
    "/agent/api/fs/read/etc/passwd",
    "/agent/api/fs/list",
    "/agent/api/credential",
    "/agent/api/integration/acme/connect/key",
    "/agent/api/permission/saved",
    "/agent/api/mcp",
    "/agent/api/pty",
    "/agent/api/session/ses_1/shell",
    "/agent/api/session/ses_1/%2e%2e/active",
    "/agent/api/experimental/mcp/x",
    "/agent/openapi.json",
  ])("the path %s of a server of 2.x is not served", async (path) => {
    await using stand = await startStand(preview);
    const headers = await logIn(stand.web);
    const before = stand.agent.requests.length;
    for (const method of ["GET", "POST", "PUT"]) {
      expect([404, 405]).toContain((await send(stand.web.port, path, { method, headers })).status);
    }
    expect(stand.agent.requests.length).toBe(before);
  });

  test("lists of 2.x keep the fields of the page, and lose keys, headers and addresses", async () => {
    await using stand = await startStand(preview);
    const headers = await logIn(stand.web);
    const bodies = await Promise.all(
      ["provider", "model", "agent"].map(async (name) => {
        const { body } = await send(stand.web.port, `/agent/api/${name}?location[directory]=/work`, { headers });
        expect(body).not.toMatch(/key-|10\.0\.0\.1/);
        return JSON.parse(body).data[0];
      }),
    );
    expect(bodies).toMatchObject([
      { id: "acme", name: "Acme" },
      { id: "m", providerID: "acme", cost: [{ input: 1 }], variants: [{ id: "high" }] },
      { id: "build", mode: "primary", permissions: [] },
    ]);
  });

  test("prompts and answers of 2.x reach the agent, with its credentials", async () => {
    await using stand = await startStand(preview);
    const headers = { ...(await logIn(stand.web)), "content-type": "application/json" };
    for (const path of ["prompt", "interrupt", "permission/per_1/reply", "question/que_1/reject", "form/frm_1/reply"]) {
      const url = `/api/session/ses_1/${path}`;
      expect((await send(stand.web.port, `/agent${url}`, { method: "POST", headers, body: "{}" })).status).toBe(200);
      expect(stand.agent.requests.at(-1)).toMatchObject({ method: "POST", url, body: "{}" });
      expect(stand.agent.requests.at(-1)?.headers.authorization).toBe(`Basic ${btoa(`opencode:${password}`)}`);
    }
  });
});

describe("start and end", () => {
  test("a real agent behind the web server shows no password and ends with the web server", async () => {
    const fixture = await startWebFixture(page);
    const { web } = fixture;
    const secret = web.agent?.password ?? "";
    const pid = web.agent?.pid ?? 0;
    expect(secret.length).toBeGreaterThan(20);
    const headers = await logIn(web);
    const paths = [
      "/",
      "/page.js",
      "/start.json",
      "/nothing",
      "/agent/global/health",
      "/agent/session",
      "/agent/agent",
    ];
    const answers = [...paths, "/agent/config/providers", "/agent/session/status", "/agent/permission"].map((path) =>
      send(web.port, path, { headers }),
    );
    for (const { headers: said, body } of await Promise.all(answers)) {
      const all = JSON.stringify(said) + body;
      expect(all).not.toContain(secret);
      expect(all).not.toContain(btoa(`opencode:${secret}`));
    }
    expect(JSON.parse((await send(web.port, "/agent/global/health", { headers })).body)).toMatchObject({
      healthy: true,
    });
    expect(JSON.parse((await send(web.port, "/start.json", { headers })).body)).toMatchObject({
      directory: fixture.directory,
    });
    expect(isAlive(pid)).toBe(true);
    await fixture[Symbol.asyncDispose]();
    await web.closed;
    expect(isAlive(pid)).toBe(false);
    expect(await rejection(send(web.port, "/"))).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a web port in use is a ServerStartupError before an agent starts", async () => {
    await using stand = await startStand();
    const error = await rejection(startWeb({ page, port: stand.web.port, binary: "/nowhere/opencode" }));
    expect(error).toBeInstanceOf(ServerStartupError);
    expect(String(error)).toContain(String(stand.web.port));
  });

  test("wrong options of the web server are rejected by a ConfigError or AuthenticationError", async () => {
    expect(await rejection(startWeb({ page, port: 70_000 }))).toBeInstanceOf(ConfigError);
    expect(await rejection(startWeb({ page: "/nowhere", port: 0 }))).toBeInstanceOf(ConfigError);
    await using agent = await startHttpServer((_seen, response) => sendJson(response, {}, 401));
    const refused = startWeb({ page, port: 0, baseUrl: agent.url, password: "wrong" });
    expect(await rejection(refused)).toBeInstanceOf(AuthenticationError);
  });

  test("a signal ends the web server, and a second close() does nothing", async () => {
    const stop = new AbortController();
    const stand = await startStand(quiet, { signal: stop.signal });
    stop.abort();
    await stand.web.closed;
    await stand.web.close();
    await stand.agent[Symbol.asyncDispose]();
    expect(await rejection(send(stand.web.port, "/"))).toMatchObject({ code: "ECONNREFUSED" });
  });
});
