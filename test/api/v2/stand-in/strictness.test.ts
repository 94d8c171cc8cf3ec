import { expect, test } from "vitest";
import { startStandIn } from "../../../support/stand-in-2x/stand-in.js";
import { RawClient } from "./raw-client.js";
import { startStage } from "./stage.js";

test("a stand-in tells which server it is, and asks for its password below `/api` only", async () => {
  await using standIn = await startStandIn();
  const client = new RawClient(standIn);
  expect(await client.call("GET", "/api/info")).toMatchObject({
    status: 200,
    body: { version: "2.1.3", pid: process.pid, urls: [standIn.url], paths: { tmp: expect.any(String) } },
  });
  expect((await client.call("GET", "/api/health")).status).toBe(404);
  const stranger = new RawClient({ url: standIn.url, password: "wrong" });
  expect(await stranger.call("GET", "/api/info")).toMatchObject({ status: 401, body: { _tag: "UnauthorizedError" } });
  expect(await stranger.call("GET", "/global/health")).toMatchObject({ status: 200, type: "text/html" });
  expect(standIn.readViolations()).toEqual([]);
});

test("a stand-in records everything that the contract does not have", async () => {
  await using stage = await startStage();
  const { client, standIn, directory } = stage;
  expect(await client.call("GET", "/api/session/status")).toMatchObject({ status: 400 });
  expect(await client.call("GET", "/api/nothing")).toMatchObject({ status: 404, body: "" });
  expect(await client.call("PUT", "/api/session", {})).toMatchObject({ status: 404 });
  expect(await client.call("GET", "/api/agent?directory=x")).toMatchObject({ status: 400 });
  const session = await client.session(directory);
  const prompt = `/api/session/${session}/prompt`;
  expect(await client.call("POST", prompt, { prompt: { text: "x" } })).toMatchObject({
    status: 400,
    body: { _tag: "InvalidRequestError", kind: "Payload" },
  });
  expect(await client.call("POST", prompt, {})).toMatchObject({ status: 400 });
  await client.call("PATCH", `/api/session/${session}`, {
    permissions: [{ action: "bash", resource: "*", effect: "ask" }],
  });
  expect(standIn.readViolations()).toEqual([
    expect.stringContaining("another form of id"),
    "GET /api/nothing: no such route",
    "PUT /api/session: no such route",
    expect.stringContaining("Unknown query parameter directory"),
    expect.stringContaining('Unknown key ["prompt"]'),
    expect.stringContaining('Missing key ["text"]'),
    expect.stringContaining("the 1.x action bash"),
  ]);
});

test("lists of a directory are empty with 200 until the directory has settled", async () => {
  await using stage = await startStage({ settlingFor: Number.POSITIVE_INFINITY });
  const list = `/api/model?location[directory]=${encodeURIComponent(stage.directory)}`;
  expect(await stage.client.items(list)).toEqual([]);
  stage.standIn.settle();
  await stage.events.first("model.updated");
  expect(await stage.client.items(list)).toMatchObject([{ id: "model", providerID: "scripted", enabled: true }]);
});

test("a stand-in that is starting answers 503 to everything but `/api/info`", async () => {
  await using standIn = await startStandIn({ startingFor: Number.POSITIVE_INFINITY });
  const client = new RawClient(standIn);
  expect((await client.call("GET", "/api/info")).status).toBe(200);
  expect(await client.call("GET", "/api/session")).toMatchObject({ status: 503, body: { code: "service_starting" } });
  standIn.ready();
  expect((await client.call("GET", "/api/session")).status).toBe(200);
});

test("pages of sessions have cursors with their filters, and the page after the last is empty", async () => {
  await using stage = await startStage();
  const { client, directory } = stage;
  const parent = await client.session(directory, { title: "one" });
  await client.session(directory, { parentID: parent, title: "child" });
  const second = await client.session(directory, { title: "two" });
  const page = await client.call("GET", "/api/session?parentID=null&limit=1");
  expect(page.body).toMatchObject({ data: [{ id: second }], cursor: { next: expect.any(String) } });
  const { next } = (page.body as { cursor: { next: string } }).cursor;
  const following = await client.call("GET", `/api/session?limit=5&cursor=${next}`);
  expect(following.body).toMatchObject({ data: [{ id: parent, title: "one" }] });
  const last = (following.body as { cursor: { next: string } }).cursor.next;
  expect((await client.call("GET", `/api/session?limit=5&cursor=${last}`)).body).toEqual({
    data: [],
    cursor: { previous: null, next: null },
  });
});
