/** `createOpencode()` that starts the real preview of 2.0: turns, and who decides what its agent may do. Two servers are started. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { previewBinary } from "../../scripts/agent.js";
import { createOpencode, type Opencode, type StartOptions } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { createLookupModel, type Fixture, temporaryFolder } from "../support/fixture.js";
import { scaled, unhurried, unhurriedConnection } from "../support/slowness.js";

let directory: string;
let opencode: Opencode;
let options: StartOptions;
let answer: Fixture["answer"];
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  directory = await temporaryFolder();
  ends.push(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const lookup = await createLookupModel();
  const { model } = lookup;
  answer = lookup.answer;
  ends.push(() => model.close());
  // The preview lists models of this package, and drops their prompts.
  const groq = { npm: "@ai-sdk/groq", options: { apiKey: "x" }, models: { one: { name: "One" } } };
  const config = { ...model.config, provider: { ...model.config.provider, groq } };
  options = {
    ...unhurried(),
    ...{ binary: await previewBinary(), directory, isolation: "clean", config, model: model.model },
    ...{ env: { OPENCODE_MODELS_PATH: process.env["OPENCODE_TEST_MODELS"] }, logLevel: "error" },
  };
  opencode = await createOpencode(options);
  ends.push(() => opencode.close());
}, scaled(120_000));
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const made = (name: string): boolean => existsSync(join(directory, name));
const makes = (name: string) => toolCall("bash", { command: `touch ${name}`, description: "makes a file" });

test("createOpencode() starts a preview, and its first prompt is answered", async () => {
  expect((await opencode.ask("Hi")).text).toBe("echo: Hi");
});

test("a preview that asks about everything runs a tool that its own rules allow, and nobody is asked", async () => {
  answer("Make one", makes("one"), "Made.");
  const { text, denials } = await opencode.ask("Make one", {
    onPermission: ({ permission }) => expect.fail(`asked about ${permission}`),
  });
  expect([text, denials, made("one")]).toEqual(["Made.", [], true]);
});

test("a rule of one turn holds on a preview, whose sessions have no rules", async () => {
  answer("Make two", makes("two"), "Not made.");
  const { denials } = await opencode.ask("Make two", { permission: { bash: "deny" } });
  expect(denials).toHaveLength(1);
  expect(made("two")).toBe(false);
});

test("a request of a search is refused with its reason, although the preview cannot list it", async () => {
  answer("Search", toolCall("glob", { pattern: "*.txt" }), "Not searched.");
  const { text, denials } = await opencode.ask("Search", { permission: { glob: "deny" } });
  expect([text, denials]).toMatchObject(["Not searched.", [{ permission: "glob" }]]);
});

test("a request of a search that no event tells of is refused in time, and the run goes on", async () => {
  answer("Search unheard", toolCall("glob", { pattern: "*.txt" }), "Searched.");
  const { server } = opencode;
  const withoutEvents: typeof fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return pathname === "/api/event" ? Promise.reject(new TypeError("no events")) : fetch(input, init);
  };
  const connection = { baseUrl: server?.url ?? "", password: server?.password, fetch: withoutEvents };
  await using deaf = await createOpencode({ ...unhurriedConnection(), ...connection, directory });
  const { text, denials } = await deaf.ask("Search unheard", { permission: { glob: "deny" }, model: options.model });
  expect(text).toMatch(/^echo: Continue\. .* The user refused its tool calls\.$/);
  expect(denials).toMatchObject([{ permission: "glob", patterns: ["*.txt"], by: "nobody" }]);
});

test("each command of a line is judged by the rules of the server that was started", async () => {
  answer("Make four", toolCall("bash", { command: "echo x; touch four", description: "d" }), "Not made.");
  await using strict = await createOpencode({
    ...options,
    config: { ...options.config, permission: { bash: { "*": "deny", "echo *": "allow" } } },
  });
  const { denials } = await strict.ask("Make four");
  expect([denials.map(({ permission }) => permission), made("four")]).toEqual([["bash"], false]);
});

test("the agent plan edits nothing on a preview that asks about everything", async () => {
  answer("Write three", toolCall("write", { path: "three", content: "x" }), "Not written.");
  await opencode.ask("Write three", { agent: "plan", onPermission: () => "once" });
  expect(made("three")).toBe(false);
});

test("a prompt that the preview drops rejects with the reason in the server's log", async () => {
  await expect(opencode.ask("Hi", { model: "groq/one" })).rejects.toThrow(/Error: .*groq\/one/);
});

test("the end of a connection to a preview lets the server end by itself", async () => {
  const { server } = opencode;
  await opencode.close();
  expect(await server?.exited).toEqual({ exitCode: 130, signal: null });
});
