/** The event connection, against real HTTP servers that behave badly. */
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import type { ApiEvent } from "../../src/api/api-event.js";
import { readEvents } from "../../src/api/sse.js";
import { apiV1 } from "../../src/api/v1/api.js";
import { parseEvent } from "../../src/api/v1/event-envelope.js";
import { createEventReader } from "../../src/api/v1/event-reader.js";
import { createOpencodeClient } from "../../src/client/client.js";
import type { OpencodeError } from "../../src/errors/index.js";
import { EventHub } from "../../src/events/event-hub.js";
import { EventStream } from "../../src/events/event-stream.js";
import type { ServerEvent } from "../../src/types/event.js";
import { createLogger } from "../../src/util/logger.js";
import { eventually } from "../support/fixture.js";
import { type Handler, startHttpServer } from "../support/http-server.js";
import { scaled } from "../support/slowness.js";

const quiet = createLogger({ logLevel: "off" });
const connected = `data: ${JSON.stringify({ id: "evt_0", type: "server.connected", properties: {} })}\n\n`;
const line = (type: string, properties: object = {}): string => `data: ${JSON.stringify({ type, properties })}\n\n`;

function open(response: ServerResponse): ServerResponse {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(connected);
  return response;
}

async function read(pieces: readonly (string | Uint8Array)[], maxSize?: number): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      controller.close();
    },
  });
  await readEvents(body, { parse: parseEvent, onEvent: (event) => events.push(event), maxSize });
  return events;
}

describe("readEvents", () => {
  test("readEvents takes events cut at any byte, with LF, CR LF or CR, and several data lines", async () => {
    const text = `: comment\r\ndata: {"type":"a",\r\ndata: "properties":{"t":"ünï 中"}}\r\n\r\ndata:{"type":"b"}\n\ndata: {"type":"c"}\r\rnonsense\n\ndata: not json\n\ndata: {"type":"d"}\n\n`;
    const bytes = new TextEncoder().encode(text);
    for (let size = 1; size < 20; size += 1) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.slice(index * size, (index + 1) * size),
      );
      const events = await read(pieces);
      expect(
        events.map(({ type }) => type),
        `in pieces of ${size}`,
      ).toEqual(["a", "b", "c", "d"]);
      expect(events[0]?.properties).toEqual({ t: "ünï 中" });
    }
  });

  test("readEvents unwraps the envelope of the global stream", async () => {
    expect(await read([`data: {"directory":"/x","payload":{"id":"1","type":"a","properties":{"n":1}}}\n\n`])).toEqual([
      { id: "1", type: "a", properties: { n: 1 } },
    ]);
  });

  test("an event over the size limit is an APIResponseValidationError", async () => {
    await expect(read([`data: ${"x".repeat(5_000)}`], 1_000)).rejects.toMatchObject({
      name: "APIResponseValidationError",
    });
  });
});

interface Heard {
  readonly log: string[];
  readonly ended: OpencodeError[];
  readonly stream: EventStream;
}

function listen(url: string, heartbeatTimeout?: number): Heard {
  const client = createOpencodeClient({ baseUrl: url, logLevel: "off" });
  const log: string[] = [];
  const ended: OpencodeError[] = [];
  const stream = new EventStream({
    read: createEventReader(client),
    logger: quiet,
    heartbeatTimeout,
    onEvent: ({ raw }) => log.push(raw.type),
    onOpen: () => log.push("open"),
    onGap: () => log.push("gap"),
    onEnd: (error) => ended.push(error),
  });
  return { log, ended, stream };
}

describe("EventStream", () => {
  test("EventStream reconnects after a cut and after the server's end, and reports a gap", async () => {
    const handler: Handler = (_request, response, count) => {
      open(response).write(line(`event ${count}`));
      if (count === 1)
        response.socket?.end(); // what was written arrives, the end of the body does not
      else if (count === 2) response.end();
    };
    await using server = await startHttpServer(handler);
    const { log, stream } = listen(server.url);
    await eventually("the third connection", () => log.includes("event 3"));
    stream.close();
    expect(log.filter((entry) => entry === "open" || entry === "gap")).toEqual(["open", "gap", "open", "gap", "open"]);
  });

  test("a thousand malformed events are a thousand gaps, and `onOpen` is called at most four times", async () => {
    await using server = await startHttpServer((_request, response) => {
      open(response).write(`${'data: {"type":"torn\n\n'.repeat(1_000)}${line("after")}`);
    });
    const { log, stream } = listen(server.url);
    await eventually("all is seen, and open again", () => log.includes("after") && log.at(-1) === "open");
    stream.close();
    expect(log.filter((entry) => entry === "gap")).toHaveLength(1_000);
    expect(log.filter((entry) => entry === "open").length).toBeLessThanOrEqual(4); // the first, one for the first gap, the last
  });

  test("a malformed event is reported as a gap, and the connection stays", async () => {
    await using server = await startHttpServer((_request, response) => {
      open(response).write(`data: {"type":"torn","prop\n\n${line("after")}`);
    });
    const { log, stream } = listen(server.url);
    await eventually("the event after it", () => log.includes("after"));
    stream.close();
    expect(log).toEqual(["open", "gap", "open", "after"]);
    expect(server.requests).toHaveLength(1);
  });

  test("EventStream connects again if its first request gets no response", async () => {
    await using server = await startHttpServer((_request, response, count) => {
      if (count > 1) open(response);
    });
    const { log, stream } = listen(server.url);
    await eventually("it is open", () => log.includes("open"));
    stream.close();
    expect(server.requests).toHaveLength(2);
  });

  test("EventStream connects again after `heartbeatTimeout` without an event", async () => {
    await using server = await startHttpServer((_request, response) => void open(response));
    const { log, stream } = listen(server.url, 200);
    await eventually("a second connection", () => log.filter((entry) => entry === "open").length > 1);
    stream.close();
  });

  test("EventStream retries while a gateway answers 502", async () => {
    await using server = await startHttpServer((_request, response, count) => {
      if (count <= 3) response.writeHead(502).end("bad gateway");
      else open(response).write(line("back"));
    });
    const { log, ended, stream } = listen(server.url);
    await eventually("it is back", () => log.includes("back"));
    stream.close();
    expect(ended).toEqual([]);
  });

  test.each([
    [401, "AuthenticationError"],
    [403, "PermissionDeniedError"],
    [404, "NotFoundError"],
  ])("EventStream ends for good after a %d", async (status, name) => {
    await using server = await startHttpServer((_request, response) => void response.writeHead(status).end());
    const { ended } = listen(server.url);
    await eventually("the end", () => ended.length > 0);
    expect(ended[0]).toMatchObject({ name, status });
    expect(server.requests).toHaveLength(1);
  });

  test("EventStream ends for good if the server has no such route", async () => {
    await using server = await startHttpServer(
      (_request, response) => void response.setHeader("content-type", "text/html").end("<html>"),
    );
    const { ended } = listen(server.url);
    await eventually("the end", () => ended.length > 0);
    expect(ended[0]).toMatchObject({ name: "UnsupportedEndpointError" });
  });
});

function hubOf(baseUrl: string): EventHub {
  const client = createOpencodeClient({ baseUrl, logLevel: "off" });
  return new EventHub(apiV1(client));
}

describe("EventHub", () => {
  test("EventHub shares one connection, filters events by session, and closes after the last subscriber", async () => {
    let response: ServerResponse | undefined;
    let closed = 0;
    await using server = await startHttpServer((_request, answer) => {
      response = open(answer);
      answer.on("close", () => {
        closed += 1;
      });
    });
    const hub = hubOf(server.url);
    const heard: Record<string, string[]> = { one: [], two: [], all: [] };
    const record = (name: string) => ({ onEvent: ({ raw }: ApiEvent) => void heard[name]?.push(raw.type) });
    const one = hub.subscribe(record("one"), ["ses_1"]);
    const two = hub.subscribe(record("two"), ["ses_2"]);
    const all = hub.subscribe(record("all"));
    expect(await one.whenOpen(scaled(5_000))).toBe(true);
    for (const [type, properties] of [
      ["for 1", { sessionID: "ses_1" }],
      ["for 2", { sessionID: "ses_2" }],
      ["for 3", { sessionID: "ses_3" }],
      ["for everybody", {}],
      ["session.created", { info: { id: "ses_child", parentID: "ses_1" } }],
      ["server.heartbeat", {}],
    ] as const) {
      response?.write(line(type, properties));
    }
    await eventually("the last event", () => heard["all"]?.length === 5);
    expect(heard["one"]).toEqual(["for 1", "for everybody", "session.created"]);
    expect(heard["two"]).toEqual(["for 2", "for everybody"]);
    expect(server.requests).toHaveLength(1);
    for (const subscription of [one, two, all, all]) subscription.close();
    await eventually("the connection is closed", () => closed === 1);
  });

  test("whenOpen is false after its time limit, and if the server refuses the stream", async () => {
    await using silent = await startHttpServer(() => {});
    const waiting = hubOf(silent.url);
    expect(await waiting.subscribe({ onEvent: () => {} }, []).whenOpen(50)).toBe(false);
    waiting.close();
    await using refusing = await startHttpServer((_request, response) => void response.writeHead(403).end());
    const refused = hubOf(refusing.url);
    expect(await refused.subscribe({ onEvent: () => {} }, []).whenOpen(scaled(60_000))).toBe(false);
  });
});
