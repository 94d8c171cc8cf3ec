import { describe, expect, test } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import { APIAbortError, APITimeoutError, AuthenticationError, ConfigError } from "../../src/errors/index.js";
import { type Handler, rejection, sendJson, startHttpServer } from "../support/http-server.js";

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const ok: Handler = (_request, response) => sendJson(response, []);

/** Lets in who carries the token of the day. */
function guarded(valid: () => string): Handler {
  return (request, response) =>
    request.headers.authorization === `Bearer ${valid()}`
      ? sendJson(response, [])
      : response.writeHead(401, { "www-authenticate": 'Basic realm="Secure Area"' }).end();
}

async function sent(
  options: Partial<Parameters<typeof createOpencodeClient>[0]>,
  userInfo = "",
): Promise<string | undefined> {
  await using server = await startHttpServer(ok);
  const baseUrl = server.url.replace("//", `//${userInfo}`);
  await createOpencodeClient({ baseUrl, ...options }).GET("/session");
  return server.requests[0]?.headers.authorization;
}

describe("credentials", () => {
  test("the Authorization header is built from a password, a user name or a token, or is left out", async () => {
    expect(await sent({})).toBeUndefined();
    expect(await sent({ password: "", token: "" })).toBeUndefined();
    expect(await sent({ password: "p" })).toBe(basic("opencode", "p"));
    expect(await sent({ username: "me", password: "p:q" })).toBe(basic("me", "p:q"));
    expect(await sent({ username: "é", password: "中" })).toBe(basic("é", "中"));
    expect(await sent({ token: "abc.def" })).toBe("Bearer abc.def");
    expect(await sent({ token: () => "from-function" })).toBe("Bearer from-function");
  });

  test("credentials in the base URL are sent unless the options give other credentials", async () => {
    expect(await sent({}, "me:p%40ss@")).toBe(basic("me", "p@ss"));
    expect(await sent({}, ":p@")).toBe(basic("opencode", "p"));
    expect(await sent({ password: "q" }, "me:p@")).toBe(basic("me", "q"));
    expect(await sent({ username: "you", password: "q" }, "me:p@")).toBe(basic("you", "q"));
    expect(await sent({ token: "t" }, "me:p@")).toBe("Bearer t");
  });

  test("an Authorization header of the caller replaces the credentials", async () => {
    expect(await sent({ password: "p", headers: { Authorization: "Custom x" } })).toBe("Custom x");
  });

  test("invalid credentials are a ConfigError that does not show the credentials", async () => {
    const baseUrl = "http://127.0.0.1:9";
    const wrong = [
      { password: "hunter2", token: "hunter2" },
      { username: "a:hunter2", password: "hunter2" },
      { token: "hunter2\n" },
    ];
    for (const options of wrong) {
      const create = (): unknown => createOpencodeClient({ baseUrl, ...options });
      expect(create).toThrow(ConfigError);
      expect(create).not.toThrow(/hunter2/);
    }
  });

  test("withOptions replaces one kind of credentials by another", async () => {
    await using server = await startHttpServer(ok);
    const client = createOpencodeClient({ baseUrl: server.url, password: "p" });
    await client.withOptions({ token: "t" }).GET("/session");
    await client.withOptions({ token: "t" }).withOptions({ password: "q" }).GET("/session");
    await client.withOptions({ password: undefined }).GET("/session");
    await client.withOptions({ timeout: 5_000 }).GET("/session");
    const seen = server.requests.map(({ headers }) => headers.authorization);
    expect(seen).toEqual(["Bearer t", basic("opencode", "q"), undefined, basic("opencode", "p")]);
  });
});

describe("refused credentials", () => {
  test("a 401 is an AuthenticationError after one try, with a hint", async () => {
    await using server = await startHttpServer(guarded(() => "x"));
    const error = await rejection(createOpencodeClient({ baseUrl: server.url }).GET("/session"));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, hint: expect.stringContaining("OPENCODE_SERVER_PASSWORD") });
    const wrong = await rejection(createOpencodeClient({ baseUrl: server.url, password: "no" }).GET("/session"));
    expect(wrong).toMatchObject({ status: 401, hint: expect.stringContaining("check") });
    expect(server.requests).toHaveLength(2);
  });

  test("a 401 asks the token function for a new token, also for a prompt and for a stream", async () => {
    let valid = 1;
    let asked = 0;
    await using server = await startHttpServer((request, response, count) => {
      if (request.headers.authorization !== `Bearer ${valid}`) return response.writeHead(401).end();
      if (request.url === "/event") return response.writeHead(200, { "content-type": "text/event-stream" }).end();
      return guarded(() => String(valid))(request, response, count);
    });
    const token = async (): Promise<string> => {
      asked += 1;
      return String(valid);
    };
    const client = createOpencodeClient({ baseUrl: server.url, token });
    await client.GET("/session");
    await client.GET("/session");
    expect(asked).toBe(1);
    valid = 2;
    await client.request("POST", "/session/ses_1/prompt_async", { body: { parts: [] } });
    expect(asked).toBe(2);
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "GET", "POST", "POST"]);
    valid = 3;
    await (await client.stream("/event")).text();
    expect(asked).toBe(3);
  });

  test("a second 401 with a new token is final", async () => {
    await using server = await startHttpServer(guarded(() => "never"));
    let asked = 0;
    const client = createOpencodeClient({ baseUrl: server.url, token: () => `t${++asked}` });
    expect(await rejection(client.GET("/session"))).toBeInstanceOf(AuthenticationError);
    expect(asked).toBe(2);
    expect(server.requests).toHaveLength(2);
  });

  test("many 401s at once ask the token function once, also across copies of the client", async () => {
    let valid = "old";
    let asked = 0;
    await using server = await startHttpServer(guarded(() => valid));
    const token = async (): Promise<string> => {
      asked += 1;
      return valid;
    };
    const client = createOpencodeClient({ baseUrl: server.url, token });
    const copy = client.withOptions({ directory: "/w" });
    await Promise.all([client.GET("/session"), copy.GET("/session")]);
    expect(asked).toBe(1);
    valid = "new";
    await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? client : copy).GET("/session")));
    expect(asked).toBe(2);
  });
});

describe("token functions", () => {
  test("a failing token function is a ConfigError with its cause, and the next call asks again", async () => {
    await using server = await startHttpServer(guarded(() => "t"));
    let asked = 0;
    const token = (): string => {
      asked += 1;
      if (asked === 1) throw new Error("no network");
      return "t";
    };
    const client = createOpencodeClient({ baseUrl: server.url, token });
    expect(await rejection(client.GET("/session"))).toMatchObject({
      name: "ConfigError",
      cause: new Error("no network"),
    });
    expect((await client.GET("/session")).data).toEqual([]);
    const empty = createOpencodeClient({ baseUrl: server.url, token: () => "" });
    expect(await rejection(empty.GET("/session"))).toBeInstanceOf(ConfigError);
  });

  test("a token function that never resolves is bounded by the timeout", async () => {
    const token = (): Promise<string> => new Promise(() => {});
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9", token, timeout: 30, maxRetries: 0 });
    const error = await rejection(client.GET("/session"));
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(String(error)).toContain("waiting for the token");
  });

  test("a token function that hung once is called again, and its late token is not used", async () => {
    await using server = await startHttpServer(guarded(() => "t2"));
    const answers: ((token: string) => void)[] = [];
    const token = (): Promise<string> | string =>
      answers.length === 1 ? "t2" : new Promise((resolve) => answers.push(resolve));
    const client = createOpencodeClient({ baseUrl: server.url, token, maxRetries: 0 });
    expect(await rejection(client.GET("/session", { timeout: 30 }))).toBeInstanceOf(APITimeoutError);
    expect((await client.GET("/session")).data).toEqual([]);
    answers[0]?.("late");
    expect((await client.GET("/session")).data).toEqual([]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer t2", "Bearer t2"]);
  });

  test("waiting requests share one call of the token function until all of the requests are aborted", async () => {
    await using server = await startHttpServer(guarded(() => "t"));
    const answers: ((token: string) => void)[] = [];
    const token = (): Promise<string> => new Promise((resolve) => answers.push(resolve));
    const client = createOpencodeClient({ baseUrl: server.url, token });
    const [one, two] = [new AbortController(), new AbortController()];
    const given = rejection(client.GET("/session", { signal: one.signal }));
    const waiting = rejection(client.GET("/session", { signal: two.signal }));
    one.abort();
    await given;
    const third = client.GET("/session");
    expect(answers).toHaveLength(1);
    two.abort();
    await waiting;
    answers[0]?.("t");
    expect((await third).data).toEqual([]);

    const alone = createOpencodeClient({ baseUrl: server.url, token });
    const last = new AbortController();
    const left = rejection(alone.GET("/session", { signal: last.signal }));
    last.abort();
    expect(await left).toBeInstanceOf(APIAbortError);
    const next = alone.GET("/session");
    expect(answers).toHaveLength(3);
    answers[2]?.("t");
    expect((await next).data).toEqual([]);
  });
});
