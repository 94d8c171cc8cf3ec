import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { createOpencodeClient } from "../../src/client/client.js";
import {
  APIAbortError,
  APIResponseValidationError,
  APITimeoutError,
  UnsupportedEndpointError,
} from "../../src/errors/index.js";
import { type Handler, rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { scaled } from "../support/slowness.js";

const events: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write("data: 1\n\n");
};

const decoder = new TextDecoder();

describe("event streams", () => {
  test("client.stream gives the response with its body unread", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n", () => response.end("data: 2\n\n"));
    });
    const client = createOpencodeClient({ baseUrl: server.url, directory: "/é", workspace: "wrk_1" });
    const response = await client.stream("/event");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await response.text()).toBe("data: 1\n\ndata: 2\n\n");
    expect(server.requests[0]).toMatchObject({
      url: "/event?workspace=wrk_1",
      headers: { accept: "text/event-stream", "x-opencode-directory": "%2F%C3%A9" },
    });
  });

  test("the timer of client.stream stops when the headers arrive", async () => {
    await using server = await startHttpServer(events);
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const client = createOpencodeClient({ baseUrl: server.url });
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => client.stream("/event", { timeout: scaled(60_000) })),
    );
    expect(timers()).toBeLessThan(before + streams.length); // the runtime has timers too, one or none
    await Promise.all(streams.map(({ body }) => body?.cancel()));
  });

  test("client.stream times out if no headers arrive, after one try", async () => {
    await using server = await startHttpServer(() => {});
    const client = createOpencodeClient({ baseUrl: server.url });
    const error = await rejection(client.stream("/event", { timeout: 40 }));
    expect(error).toBeInstanceOf(APITimeoutError);
    expect(String(error)).toContain("GET /event: timed out after 40 ms waiting for the response headers");
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  test("an abort fails the reader of a stream and closes the connection to the server", async () => {
    const closed = Promise.resolve();
    let gone: Promise<unknown> = closed;
    await using server = await startHttpServer((request, response, count) => {
      gone = once(response, "close");
      events(request, response, count);
    });
    const controller = new AbortController();
    const reason = new Error("enough");
    const client = createOpencodeClient({ baseUrl: server.url });
    const response = await client.stream("/event", { signal: controller.signal });
    const reader = response.body?.getReader();
    expect(decoder.decode((await reader?.read())?.value)).toBe("data: 1\n\n");
    const next = rejection(reader?.read() ?? closed);
    controller.abort(reason);
    const error = await next;
    expect(error).toBeInstanceOf(APIAbortError);
    expect(error).toMatchObject({ message: "GET /event: aborted by the caller", cause: reason });
    await gone;
  });

  test("a cancelled stream body closes the connection to the server", async () => {
    let gone: Promise<unknown> = Promise.resolve();
    await using server = await startHttpServer((request, response, count) => {
      gone = once(response, "close");
      events(request, response, count);
    });
    const client = createOpencodeClient({ baseUrl: server.url, signal: new AbortController().signal });
    const response = await client.stream("/event");
    await response.body?.cancel();
    await gone;
  });

  test("a lost connection rejects the read of a stream's body", async () => {
    await using server = await startHttpServer((request, response, count) => {
      events(request, response, count);
      setImmediate(() => response.destroy());
    });
    const response = await createOpencodeClient({ baseUrl: server.url }).stream("/event");
    expect(await rejection(response.text())).toBeInstanceOf(Error);
  });

  test("client.stream with an aborted signal sends no request", async () => {
    await using server = await startHttpServer(events);
    const client = createOpencodeClient({ baseUrl: server.url });
    expect(await rejection(client.stream("/event", { signal: AbortSignal.abort() }))).toBeInstanceOf(APIAbortError);
    expect(server.requests).toHaveLength(0);
  });

  test("an abort ends a stream even if the `fetch` option ignores signals", async () => {
    const endless = new ReadableStream({ pull: () => new Promise(() => {}) });
    const deaf: typeof fetch = () =>
      Promise.resolve(new Response(endless, { headers: { "content-type": "text/event-stream" } }));
    const controller = new AbortController();
    const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:9", fetch: deaf });
    const response = await client.stream("/event", { signal: controller.signal });
    const text = rejection(response.text());
    controller.abort(new Error("enough"));
    const error = await text;
    expect(error).toBeInstanceOf(APIAbortError);
    expect(error).toMatchObject({ cause: new Error("enough") });
  });
});

describe("responses that are no event stream", () => {
  test("client.stream rejects a web page, JSON and a 503 each with a typed error after one try", async () => {
    await using server = await startHttpServer((_request, response, count) => {
      if (count === 1) return response.writeHead(200, { "content-type": "text/html" }).end("<title>OpenCode</title>");
      if (count === 2) return sendJson(response, {});
      return response.writeHead(503, { "retry-after-ms": "1" }).end();
    });
    const client = createOpencodeClient({ baseUrl: server.url });
    expect(await rejection(client.stream("/event"))).toBeInstanceOf(UnsupportedEndpointError);
    const json = await rejection(client.stream("/event"));
    expect(json).toBeInstanceOf(APIResponseValidationError);
    expect(String(json)).toContain("GET /event: 200 with content type application/json, expected text/event-stream");
    expect(await rejection(client.stream("/event"))).toMatchObject({ status: 503, name: "InternalServerError" });
    expect(server.requests).toHaveLength(3);
  });
});
