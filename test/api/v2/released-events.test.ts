/** The events of released 2.x over a connection. The server is written from the public types: nothing here was run against a real 2.1. */
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { createEventReaderV2 } from "../../../src/api/v2/event-reader.js";
import { createOpencodeClient } from "../../../src/client/client.js";
import type { JsonRecord } from "../../../src/util/json.js";
import { type HttpServer, startHttpServer } from "../../support/http-server.js";
import { listen } from "../../support/preview-session.js";
import { eventually } from "../../support/slowness.js";

const directory = "/srv/app";
const model = { id: "large", providerID: "acme" };
const prompt = { id: "msg_u", type: "user", text: "hello", time: { created: 1 } };
const step = { assistantMessageID: "msg_a", agent: "build", model };

/** A server whose answers are data, and whose events are sent by hand. */
interface Released extends AsyncDisposable {
  readonly url: string;
  readonly requests: HttpServer["requests"];
  active: string[];
  messages: JsonRecord[];
  send(type: string, data: JsonRecord, location?: string): void;
  /** Ends the event streams. */
  cut(): void;
}

async function startReleased(): Promise<Released> {
  const streams = new Set<ServerResponse>();
  const state = { active: [] as string[], messages: [] as JsonRecord[] };
  const server = await startHttpServer(({ url }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    if (pathname === "/api/event") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('event: message\ndata: {"id":"evt_0","type":"server.connected","data":{}}\n\n');
      streams.add(response);
      return;
    }
    const session = {
      id: pathname.split("/")[3],
      model,
      location: { directory: pathname.includes("ses_far") ? "/far" : directory },
    };
    const answer =
      pathname === "/api/location"
        ? { directory, project: { id: "p", directory: "/srv", canonical: "/srv" } }
        : pathname === "/api/session/active"
          ? { data: Object.fromEntries(state.active.map((id) => [id, { type: "running" }])) }
          : pathname.endsWith("/message")
            ? { data: state.messages.toReversed(), cursor: {} }
            : pathname === "/api/model"
              ? { location: { directory }, data: [] }
              : { data: session };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  let seq = 0;
  const released: Released = {
    url: server.url,
    requests: server.requests,
    get active() {
      return state.active;
    },
    set active(value) {
      state.active = value;
    },
    get messages() {
      return state.messages;
    },
    set messages(value) {
      state.messages = value;
    },
    send: (type, data, location) => {
      seq += 2; // with holes
      const durable = { aggregateID: "ses_1", seq, version: 1 };
      const place = location === undefined ? {} : { location: { directory: location } };
      const event = {
        id: `evt_${seq}`,
        created: 1_000 + seq,
        type,
        durable,
        ...place,
        data: { sessionID: "ses_1", ...data },
      };
      for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
    },
    cut: () => {
      for (const stream of streams) stream.destroy();
      streams.clear();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return released;
}

function begin(server: Released, location: string | undefined = directory): void {
  const item = { type: "user", payload: { text: "hello" }, delivery: "steer" };
  server.send("session.inbox.enqueued", { inboxID: "msg_u", item }, location);
  server.send("session.execution.started", {}, location);
  server.send("session.inbox.delivered", { inboxID: "msg_u" }, location);
}

const clientOf = (server: Released) => createOpencodeClient({ baseUrl: server.url, directory });

describe("the event stream of released 2.x", () => {
  test("an announced end is told after everything that was stored, and a hole in the numbers causes no read", async () => {
    await using server = await startReleased();
    const client = clientOf(server);
    await using listening = await listen(client, createEventReaderV2(client, "2.1"));
    begin(server);
    server.send("session.step.started", step, directory);
    server.send("session.text.started", { ...step, ordinal: 0 }, directory);
    server.send("session.text.delta", { ...step, ordinal: 0, delta: "hi" }, directory);
    server.send("session.text.ended", { ...step, ordinal: 0, text: "hi" }, directory);
    server.send("session.step.ended", { ...step, finish: "stop", cost: 1, tokens: {} }, directory);
    server.send("session.execution.succeeded", {}, directory);
    await listening.until("ses_1", "session-idle");
    const kinds = listening.events.flatMap(({ sessionId, type }) =>
      sessionId === undefined || type === "other" ? [] : [type],
    );
    expect(kinds).toEqual([
      "session-status",
      "message-stored",
      "part-stored",
      "message-stored",
      "part-stored",
      "part-stored",
      "part-delta",
      "part-stored",
      "part-stored",
      "message-stored",
      "session-status",
      "session-idle",
    ]);
    expect(server.requests.some(({ url }) => /history|log|message/.test(url))).toBe(false);
  });

  test("a run that fails before its first step is told with its error", async () => {
    await using server = await startReleased();
    const client = clientOf(server);
    await using listening = await listen(client, createEventReaderV2(client, "2.1"));
    server.messages = [prompt];
    begin(server);
    server.send("session.execution.failed", { error: { type: "provider.auth", message: "no key" } }, directory);
    await listening.until("ses_1", "session-idle");
    expect(listening.of("ses_1", "session-error")).toMatchObject([
      { error: { name: "ProviderAuthError", data: { message: "no key" } } },
    ]);
  });

  test("events that do not name their directory are told for sessions of the directory only", async () => {
    await using server = await startReleased();
    const client = clientOf(server);
    await using listening = await listen(client, createEventReaderV2(client, "2.1"));
    server.send("session.execution.started", { sessionID: "ses_far" });
    server.send("session.execution.started", {});
    await listening.until("ses_1", "session-status");
    await eventually("the other session was looked up", () =>
      server.requests.some(({ url }) => url.startsWith("/api/session/ses_far")),
    );
    expect(listening.events.filter(({ sessionId }) => sessionId === "ses_far")).toEqual([]);
  });

  test("a run that ended while the connection was cut is told to be over, with its stored parts", async () => {
    await using server = await startReleased();
    const client = clientOf(server);
    const reader = createEventReaderV2(client, "2.1");
    const first = await listen(client, reader);
    server.active = ["ses_1"];
    begin(server);
    server.send("session.step.started", step, directory);
    await first.until("ses_1", "message-stored", 2);
    server.cut();
    await first.close();
    server.active = [];
    const content = [{ type: "text", text: "said meanwhile" }];
    server.messages = [
      prompt,
      {
        id: "msg_a",
        type: "assistant",
        agent: "build",
        model,
        content,
        finish: "stop",
        time: { created: 5, completed: 9 },
      },
    ];
    await using second = await listen(client, reader);
    await second.until("ses_1", "session-idle");
    expect(second.of("ses_1", "message-stored")).toMatchObject([
      { message: { info: { id: "msg_a", parentID: "msg_u", finish: "stop" } } },
    ]);
    expect(second.of("ses_1", "part-stored").map(({ part }) => part)).toContainEqual(
      expect.objectContaining({ type: "text", text: "said meanwhile" }),
    );
  });

  test("a reader that joins a run reads which prompt is answered before it tells the step", async () => {
    await using server = await startReleased();
    const client = clientOf(server);
    server.active = ["ses_1"];
    server.messages = [
      prompt,
      {
        id: "msg_a",
        type: "assistant",
        agent: "build",
        model,
        content: [{ type: "text", text: "so" }],
        time: { created: 5 },
      },
    ];
    await using listening = await listen(client, createEventReaderV2(client, "2.1"));
    await listening.until("ses_1", "session-status");
    server.send("session.text.delta", { ...step, ordinal: 0, delta: " far" }, directory);
    server.send("session.text.ended", { ...step, ordinal: 0, text: "so far" }, directory);
    server.send("session.step.ended", { ...step, finish: "stop" }, directory);
    server.send("session.execution.succeeded", {}, directory);
    await listening.until("ses_1", "session-idle");
    expect(listening.of("ses_1", "part-delta")).toMatchObject([
      { messageId: "msg_a", partId: "prt_a001", text: " far" },
    ]);
    expect(listening.of("ses_1", "part-stored")[0]?.part).toMatchObject({ id: "prt_a001", text: "so far" });
    expect(listening.of("ses_1", "message-stored").at(-1)?.message).toMatchObject({ info: { parentID: "msg_u" } });
  });
});
