/** A real agent behind something that spoils its event stream or its lists: turns come right, and nothing grows without end. */
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencode, type Opencode, type ServerEvent } from "../../src/index.js";
import { hold, toolCall } from "../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../support/fixture.js";
import { type Forwarder, startForwarder, type Tamper } from "../support/forwarder.js";
import { sendJson, startHttpServer } from "../support/http-server.js";

const megabyte = 1024 * 1024;
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture[Symbol.asyncDispose]());

interface Behind extends AsyncDisposable {
  readonly oc: Opencode;
  readonly forwarder: Forwarder;
}

/** A client of the fixture's server, with something in between. */
async function behind(tamper: Tamper): Promise<Behind> {
  const { server } = fixture.oc;
  const forwarder = await startForwarder(server?.url ?? "", tamper);
  const { directory } = fixture;
  const oc = await createOpencode({ baseUrl: forwarder.url, password: server?.password, directory, logLevel: "off" });
  return {
    oc,
    forwarder,
    [Symbol.asyncDispose]: async () => {
      await oc.close();
      await forwarder[Symbol.asyncDispose]();
    },
  };
}

const isEvents = (url: string | undefined): boolean => url?.startsWith("/event") === true;
const openStream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { "content-type": "text/event-stream" });
const connected = 'data: {"id":"evt_0","type":"server.connected","properties":{}}\n\n';

/** Writes the piece until the client hangs up; tells how many bytes were taken. */
function flood(response: ServerResponse, piece: string, onEnd: (bytes: number) => void): void {
  let bytes = 0;
  const write = (): void => {
    while (!response.destroyed) {
      bytes += piece.length;
      if (!response.write(piece)) return;
    }
  };
  response.on("drain", write);
  response.on("close", () => onEnd(bytes));
  write();
}

describe("hostile event streams", () => {
  test("an event stream of one endless line is cut below 100 MB and opened again", async () => {
    let taken = 0;
    await using spoiled = await behind(({ url }, response, count) => {
      if (!isEvents(url) || count > 1) return false;
      openStream(response).write(connected);
      flood(response, "x".repeat(65_536), (bytes) => {
        taken = bytes;
      });
      return true;
    });
    const { oc, forwarder } = spoiled;
    const events = oc.events()[Symbol.asyncIterator]();
    const first = events.next();
    await eventually("the client has hung up", () => taken > 0);
    expect(taken).toBeLessThan(100 * megabyte);
    await eventually("it is connected again", () => forwarder.lines.filter((line) => line === "GET /event").length > 1);
    expect((await oc.ask("after the flood")).text).toBe("echo: after the flood");
    expect((await first).done).toBe(false);
    await events.return?.();
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ["a flood of comments", (response) => flood(openStream(response), ": nothing\n".repeat(1_000), () => {})],
    ["empty", (response) => void openStream(response).end()],
    ["never opened", () => {}],
    ["204", (response) => void response.writeHead(204).end()],
    ["JSON", (response) => sendJson(response, {})],
    ["a web page", (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>")],
    ["a redirect elsewhere", (response) => void response.writeHead(307, { location: "http://127.0.0.1:9/" }).end()],
    [
      "gzip that is none",
      (response) =>
        void response
          .setHeader("content-encoding", "gzip")
          .writeHead(200, { "content-type": "text/event-stream" })
          .end(connected),
    ],
    [
      "no UTF-8",
      (response) => void openStream(response).write(Buffer.from([...Buffer.from(connected), 0xff, 0xfe, 0x0a])),
    ],
    [
      "no events, but JSON of other things",
      (response) => void openStream(response).write(`${connected}data: [[[]]]\n\ndata: 7\n\n`),
    ],
    [
      "not of this client's sessions",
      (response) =>
        void openStream(response).write(
          `${connected}data: {"type":"session.idle","properties":{"sessionID":"ses_other"}}\n\n`,
        ),
    ],
  ])("a turn gets its answer although the event stream is %s", async (name, spoil) => {
    await using spoiled = await behind(({ url }, response) => {
      if (!isEvents(url)) return false;
      spoil(response);
      return true;
    });
    fixture.answer(
      `with ${name}`,
      toolCall("bash", { command: "echo 1", description: "x" }, { text: "first, " }),
      "second",
    );
    const stream = spoiled.oc.askStream(`with ${name}`);
    let text = "";
    for await (const chunk of stream) text += chunk;
    expect(text).toBe("first, second");
    expect((await stream.answer).text).toBe("second");
  });

  test("an event stream that closes at once is reopened with growing waits", async () => {
    const times: number[] = [];
    await using spoiled = await behind(({ url }, response) => {
      if (!isEvents(url)) return false;
      times.push(performance.now());
      openStream(response).end(connected);
      return true;
    });
    const events = spoiled.oc.events()[Symbol.asyncIterator]();
    void events.next();
    await eventually("five connections", () => times.length >= 5);
    await events.return?.();
    // Each wait is at least half of 100 ms, doubled from time to time: a slow machine can only make it longer.
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThan(45 * 2 ** Math.min(index, 3));
  });

  test("events with prototype keys or deep nesting do no harm, and the next event is read", async () => {
    const deep = `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`;
    const lies = [
      '{"type":"__proto__","properties":{"__proto__":{"polluted":1}}}',
      '{"type":"message.updated","properties":{"sessionID":"__proto__","info":{"__proto__":{"polluted":1},"id":"constructor","role":"user"}}}',
      '{"type":"message.part.updated","properties":{"sessionID":"constructor","part":{"id":"__proto__","messageID":"toString","type":"text","text":"x"}}}',
      '{"type":"message.part.delta","properties":{"sessionID":"toString","messageID":"__proto__","partID":"__proto__","field":"text","delta":"x"}}',
      '{"type":"session.created","properties":{"info":{"id":"__proto__","parentID":"__proto__"}}}',
      `{"type":"deep","properties":{"x":${deep}}}`,
      '{"type":"the.last","properties":{}}',
    ];
    await using spoiled = await behind(({ url }, response) => {
      if (!isEvents(url)) return false;
      openStream(response).write(connected + lies.map((lie) => `data: ${lie}\n\n`).join(""));
      return true;
    });
    const seen: (ServerEvent | undefined)[] = [];
    for await (const { raw } of spoiled.oc.events()) {
      seen.push(raw);
      if (raw?.type === "the.last") break;
    }
    expect(seen.map((raw) => raw?.type)).toContain("deep");
    expect({}).not.toHaveProperty("polluted");
  });

  test("an event stream's redirect to another origin is not followed, and the turn gets its answer", async () => {
    await using other = await startHttpServer((_request, response) => sendJson(response, {}));
    await using spoiled = await behind(({ url }, response) => {
      if (!isEvents(url)) return false;
      response.writeHead(308, { location: `${other.url}/event` }).end();
      return true;
    });
    expect((await spoiled.oc.ask("not there")).text).toBe("echo: not there");
    expect(other.requests).toEqual([]);
  });
});

describe("endless lists", () => {
  const message = (index: number): object => ({
    info: { id: `msg_${String(index).padStart(9, "0")}`, role: "user", sessionID: "ses_1", time: { created: index } },
    parts: [
      { id: `prt_${index}`, messageID: `msg_${index}`, sessionID: "ses_1", type: "text", text: "x".repeat(50_000) },
    ],
  });

  test("history() over endless pages does not keep the pages in memory", async () => {
    let page = 0;
    await using spoiled = await behind(({ url }, response) => {
      if (url?.includes("/message") !== true) return false;
      page += 1;
      const messages = Array.from({ length: 50 }, (_, index) => message(page * 50 + index));
      sendJson(response, messages, 200, { "x-next-cursor": `cursor${page}` });
      return true;
    });
    const session = await spoiled.oc.createSession();
    const before = process.memoryUsage().heapUsed;
    let count = 0;
    for await (const { parts } of session.history()) {
      count += parts.length;
      if (count === 5_000) break;
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * megabyte); // of 250 that were read
  });

  test.each([
    ["the same cursor again and again", () => "cursor", 50],
    ["pages with nothing on them", (page: number) => `cursor${page}`, 0],
  ])("messages(), history(), usage() and context() over %s reject with a typed error", async (_name, cursor, size) => {
    let page = 0;
    await using spoiled = await behind(({ url }, response) => {
      if (url?.includes("/message") !== true) return false;
      page += 1;
      const messages = Array.from({ length: size }, (_, index) => message(page * 50 + index));
      sendJson(response, messages, 200, { "x-next-cursor": cursor(page) });
      return true;
    });
    const session = await spoiled.oc.createSession();
    const drained = async (order: "newest" | "oldest"): Promise<void> => {
      for await (const _message of session.history({ order }));
    };
    for (const call of [
      () => session.messages(),
      () => drained("newest"),
      () => drained("oldest"),
      () => session.usage(),
      () => session.context(),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: "APIResponseValidationError" });
    }
    expect(page).toBeLessThan(50);
  });

  test("sessions() over an endless list rejects with a typed error, and gives each session once", async () => {
    await using spoiled = await behind(({ url, method }, response) => {
      if (method !== "GET" || url?.startsWith("/session?") !== true) return false;
      const limit = Number(new URL(url, "http://x").searchParams.get("limit"));
      const item = (index: number): string =>
        `{"id":"ses_${index}","directory":"/","time":{},"x":[${"0,".repeat(80)}0]}`;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`[${Array.from({ length: limit }, (_, index) => item(index)).join(",")}]`);
      return true;
    });
    const seen = new Set<string>();
    const reading = (async () => {
      for await (const { id } of spoiled.oc.sessions()) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: "APIResponseValidationError" });
    expect(seen.size).toBeGreaterThan(10_000);
  });

  test("usage() counts sub-agents that call each other once", async () => {
    await using spoiled = await behind(({ url }, response) => {
      const id = /^\/session\/(ses_\w+)\/message/.exec(url ?? "")?.[1];
      if (id === undefined) return false;
      const other = id.endsWith("B") ? "ses_A" : "ses_B";
      const time = { start: 1, end: 2 };
      const state = { status: "completed", input: {}, output: "", title: "", metadata: { sessionId: other }, time };
      const tokens = { input: 10, output: 5, reasoning: 0, cache: { read: 0, write: 0 } };
      const info = { id: `msg_${id}`, sessionID: id, role: "assistant", parentID: "msg_0", cost: 1, tokens };
      const part = {
        id: `prt_${id}`,
        messageID: `msg_${id}`,
        sessionID: id,
        type: "tool",
        tool: "task",
        callID: "1",
        state,
      };
      sendJson(response, [
        { info: { ...info, providerID: "p", modelID: "m", time: { created: 1, completed: 2 } }, parts: [part] },
      ]);
      return true;
    });
    const session = await spoiled.oc.createSession();
    expect(await session.usage()).toMatchObject({ input: 30, output: 15, cost: 3 });
  });

  test("a permission request of a session in a circle of parents is ignored, and the turn continues", async () => {
    await using spoiled = await behind(({ url }, response) => {
      if (isEvents(url)) return openStream(response).write(connected); // no event comes: the turn is read
      const id = /^\/session\/(ses_circle\w)(?:\?|$)/.exec(url ?? "")?.[1];
      if (url?.startsWith("/permission?") === true || url === "/permission") {
        sendJson(response, [
          { id: "per_1", sessionID: "ses_circleA", permission: "bash", patterns: ["rm"], always: [], metadata: {} },
        ]);
      } else if (id !== undefined) {
        const parentID = id.endsWith("A") ? "ses_circleB" : "ses_circleA";
        sendJson(response, { id, parentID, directory: fixture.directory, time: {} });
      } else return false;
      return true;
    });
    const rest = hold("the circle");
    fixture.answer("in a circle", { text: ["out of ", rest] });
    const asked: unknown[] = [];
    const answer = spoiled.oc.ask("in a circle", {
      onPermission: (request) => {
        asked.push(request);
        return "once";
      },
    });
    await eventually("its parents were looked for", () => spoiled.forwarder.lines.includes("GET /session/ses_circleB"));
    rest.release();
    expect((await answer).text).toBe("out of the circle");
    expect(asked).toEqual([]);
  });
});
