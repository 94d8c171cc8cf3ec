/** Answers of a 2.1 that are not those of every day: refusals, smaller pages, requests of nobody. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpencode, type Opencode, type OpencodeOptions } from "../../../../src/index.js";
import { toolCall } from "../../../../src/testing/index.js";
import { unhurriedConnection } from "../../../support/slowness.js";
import { type Stage, startStage } from "./stage.js";

let stage: Stage;
const clients: Opencode[] = [];
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await stage[Symbol.asyncDispose]();
});

async function connect(options: Partial<OpencodeOptions> = {}): Promise<Opencode> {
  const { standIn, directory } = stage;
  const given = { ...unhurriedConnection(), baseUrl: standIn.url, password: standIn.password, directory, ...options };
  const oc = await createOpencode(given as OpencodeOptions); // the union's two sides
  clients.push(oc);
  return oc;
}

const question = {
  questions: [{ question: "Which?", header: "H", options: [{ label: "A", description: "a" }], custom: false }],
};

test("an answer that a form does not take is told to the model in words, and the run goes on", async () => {
  const { answer, model } = stage;
  answer("ask with options", toolCall("question", question), "went on");
  const oc = await connect();
  let asked = 0;
  const onQuestion = (): string[][] => {
    asked += 1;
    return [["neither of them"]];
  };
  expect(await oc.ask("ask with options", { onQuestion })).toMatchObject({ text: "went on" });
  expect(asked).toBe(1);
  expect(JSON.stringify(model.requests.at(-1)?.body)).toContain("neither of them");
});

test("a turn without events goes on beside an open form that belongs to no session", async () => {
  const { client, answer } = stage;
  const form = { title: "of a server", fields: [{ key: "a", type: "string" }] };
  expect(await client.call("POST", "/api/session/global/form", form)).toMatchObject({ status: 200 });
  answer("work without events", toolCall("shell", { command: "echo done" }), "worked");
  const noEvents: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return url.includes("/api/event") ? Promise.reject(new TypeError("cut")) : fetch(input, init);
  };
  const oc = await connect({ fetch: noEvents });
  expect(await oc.ask("work without events")).toMatchObject({ text: "worked" });
});

test("all sessions are listed by a server whose pages are smaller than asked for", async () => {
  const small: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const isList = url.pathname === "/api/session" && url.searchParams.has("limit");
    if (isList) url.searchParams.set("limit", "3");
    return fetch(isList ? url : input, init);
  };
  const oc = await connect({ fetch: small });
  const parent = await oc.createSession();
  const ids = new Set<string>();
  for (let count = 0; count < 8; count += 1) ids.add((await oc.createSession({ parentId: parent.id })).id);
  expect(new Set((await parent.children()).map(({ id }) => id))).toEqual(ids);
  const listed = new Set<string>();
  for await (const { id } of oc.sessions()) listed.add(id);
  expect([...ids].filter((id) => !listed.has(id))).toEqual([]);
});

test("a directory with an escape in its name is used as it is, and a missing one is a ConfigError", async () => {
  const { directory } = stage;
  const odd = join(directory, "a%41b");
  await mkdir(odd);
  const oc = await connect();
  expect((await oc.createSession({ directory: odd })).directory).toBe(odd);
  await expect(oc.createSession({ directory: join(directory, "missing") })).rejects.toMatchObject({
    name: "ConfigError",
    message: expect.stringContaining("missing"),
  });
});

test("a prompt that begins like a system text is listed with all its text", async () => {
  const prompt = "<system-instructions>\nmine\n</system-instructions>\nAnd the rest.";
  const oc = await connect();
  const session = await oc.createSession();
  await session.ask(prompt);
  const [first] = await session.messages();
  expect(first?.parts).toMatchObject([{ type: "text", text: prompt }]);
});

test("a file part with a broken address is a ConfigError", async () => {
  const oc = await connect();
  const part = { type: "file" as const, mime: "text/plain", url: "file:///tmp/100%.txt" };
  await expect(oc.ask([{ type: "text", text: "read it" }, part])).rejects.toMatchObject({
    name: "ConfigError",
    message: expect.stringContaining("file:///tmp/100%.txt"),
  });
});
