/** The map from the server's events to ours, and the iteration over all of them. */
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { apiV1 } from "../../src/api/v1/api.js";
import { toApiEvent } from "../../src/api/v1/events.js";
import { createOpencodeClient } from "../../src/client/client.js";
import { createEventMapper } from "../../src/events/agent-event.js";
import { EventHub } from "../../src/events/event-hub.js";
import { listen } from "../../src/events/listen.js";
import { PartTracker } from "../../src/events/part-tracker.js";
import { AbortedError, type AgentEvent, OpencodeError, type ServerEvent } from "../../src/index.js";
import { eventually } from "../support/fixture.js";
import { startHttpServer } from "../support/http-server.js";

const delta = (sessionID: string, delta: string): ServerEvent => ({
  type: "message.part.delta",
  properties: { sessionID, messageID: `msg_${sessionID}`, partID: `prt_${sessionID}`, field: "text", delta },
});
const part = (sessionID: string, text: string, time: object): ServerEvent => ({
  type: "message.part.updated",
  properties: {
    sessionID,
    part: { id: `prt_${sessionID}`, messageID: `msg_${sessionID}`, sessionID, type: "text", text, time },
  },
});
const textOf = (events: AgentEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");

describe("createEventMapper", () => {
  test("createEventMapper gives a text once, also if 3,000 other sessions speak before the text ends", () => {
    const map = createEventMapper();
    const events = map(toApiEvent(part("ses_a", "", { start: 1 })));
    for (let n = 0; n < 3_000; n += 1) {
      map(toApiEvent(part(`ses_${n}`, "other", { start: 1, end: 2 })));
      if (n % 100 === 0) events.push(...map(toApiEvent(delta("ses_a", "x"))));
    }
    events.push(...map(toApiEvent(part("ses_a", "x".repeat(30), { start: 1, end: 2 }))));
    expect(textOf(events)).toBe("x".repeat(30));
  });
});

describe("PartTracker", () => {
  test("PartTracker forgets the text of an ended part, and does not give the text again", () => {
    const tracker = new PartTracker("ses_x");
    const text = { id: "prt_1", messageID: "msg_1", sessionID: "ses_x", type: "text" as const };
    tracker.part({ ...text, text: "" }, { type: "x", properties: {} });
    expect(textOf(tracker.delta("msg_1", "prt_1", "whole", undefined))).toBe("whole");
    expect(tracker.textOf("prt_1")).toBe("whole");
    const ended = { ...text, text: "whole text", time: { start: 1, end: 2 } };
    expect(textOf(tracker.part(ended, undefined))).toBe(" text");
    expect(tracker.textOf("prt_1")).toBe("");
    expect(tracker.part(ended, undefined)).toEqual([]);
    expect(tracker.delta("msg_1", "prt_1", "late", undefined)).toEqual([]);
  });
});

/** A server whose event stream is written by the test. */
async function eventServer() {
  let stream: ServerResponse | undefined;
  const server = await startHttpServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    stream = response;
    response.write('data: {"type":"server.connected","properties":{}}\n\n');
  });
  const warnings: string[] = [];
  const warn = (line: string): void => void warnings.push(line);
  const logger = { error: warn, warn, info: () => {}, debug: () => {} };
  const client = createOpencodeClient({ baseUrl: server.url, logger });
  const life = new AbortController();
  const hub = new EventHub(apiV1(client));
  return {
    warnings,
    life,
    listen: (strict = false) => listen({ hub, lifetime: life.signal, strict, logger: client.logger }),
    isOpen: () => stream !== undefined,
    send: (events: ServerEvent[]) =>
      stream?.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")),
    /** Resolves when the hub has passed on everything that was sent. */
    passed: async () => {
      const marker = `marker.${Math.random()}`;
      let isPassed = false;
      const spy = hub.subscribe({
        onEvent: ({ raw }) => {
          isPassed ||= raw.type === marker;
        },
      });
      stream?.write(`data: ${JSON.stringify({ type: marker, properties: {} })}\n\n`);
      await eventually("the marker has come", () => isPassed);
      spy.close();
    },
    [Symbol.asyncDispose]: async () => {
      hub.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function rest(iterator: AsyncIterator<AgentEvent>): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for (;;) {
    const result = await iterator.next();
    if (result.done === true) return events;
    events.push(result.value);
  }
}

describe("listen", () => {
  test("listen keeps at most 10,000 events for a reader that does not read, with the whole text", async () => {
    await using server = await eventServer();
    const reader = server.listen();
    await eventually("the connection is open", server.isOpen);
    server.send([part("ses_a", "", { start: 1 })]);
    for (let n = 0; n < 30; n += 1) {
      server.send(Array.from({ length: 1_000 }, () => ({ type: "lsp.updated", properties: {} })));
      server.send([delta("ses_a", `${n} `)]);
    }
    await server.passed();
    server.life.abort(new AbortedError("closed"));
    const events = await rest(reader);
    expect(events.length).toBeGreaterThan(8_900);
    expect(events.length).toBeLessThanOrEqual(10_000);
    expect(textOf(events).trim().split(" ")).toHaveLength(30);
    expect(server.warnings[0]).toMatch(/10000 events wait to be read/);
    expect(server.warnings.length).toBeLessThan(5);
  });

  test("listen joins text deltas for a reader that is behind", async () => {
    await using server = await eventServer();
    const reader = server.listen();
    await eventually("the connection is open", server.isOpen);
    server.send([part("ses_a", "", { start: 1 }), ...Array.from({ length: 20_000 }, () => delta("ses_a", "x"))]);
    await server.passed();
    server.life.abort(new AbortedError("closed"));
    const events = await rest(reader);
    expect(textOf(events)).toBe("x".repeat(20_000));
    expect(events.length).toBeLessThan(500);
  });

  test("listen throws the reason for which the connection ended", async () => {
    await using server = await eventServer();
    const reader = server.listen();
    const reason = new OpencodeError("the server has ended");
    server.life.abort(reason);
    await expect(reader.next()).rejects.toBe(reason);
    await expect(server.listen().next()).rejects.toBe(reason);
  });

  test("listen with `strict` throws for an event of an unknown type", async () => {
    await using server = await eventServer();
    const reader = server.listen(true);
    await eventually("the connection is open", server.isOpen);
    server.send([{ type: "brand.new", properties: {} }]);
    await expect(rest(reader)).rejects.toThrow(/unknown event type "brand.new"/);
  });
});
