/** The commands beside asking: sessions, models, doctor, serve, web; and the chat in a pipe. */

import { writeFileSync } from "node:fs";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildWholePage } from "../../scripts/build-page.js";
import { MessageBuilder } from "../../src/cli/chat/lines.js";
import { createOpencode, type Opencode } from "../../src/index.js";
import { type ScriptedModel, toolCall } from "../../src/testing/index.js";
import { type CliInput, type CliResult, finished, startCli } from "../support/cli.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  shared,
  temporaryFolder,
  testBinary,
} from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { repositoryRoot } from "../support/root.js";

let model: ScriptedModel;
let home: string;
let directory: string;
let opencode: Opencode;
let answer: Fixture["answer"];

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  home = await temporaryFolder();
  directory = await temporaryFolder();
  opencode = await createOpencode(shared(model, directory));
});
afterAll(async () => {
  await opencode.close();
  await model.close();
  for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function environment(): Record<string, string> {
  const variables = { ...homeVariables(home), OPENCODE_BINARY: testBinary(), OPENCODE_LOG: "warn" };
  return { ...variables, OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config) };
}

/** Runs a command against the server of these tests. */
function attached(args: readonly string[], input: CliInput = "none"): Promise<CliResult> {
  const { url = "", password = "" } = opencode.server ?? {};
  const target = ["--attach", url, "--directory", directory];
  return finished(startCli([...args, ...target], { ...environment(), OPENCODE_SERVER_PASSWORD: password }, input));
}

describe("sessions", () => {
  test("the sessions command can list, show, export and delete a session", async () => {
    const session = await opencode.createSession({ title: "For the list" });
    await session.ask("a question");
    expect((await attached(["sessions", "list"])).stdout).toContain(`${session.id}  `);
    expect((await attached(["sessions", "show", session.id])).stdout).toBe(
      "# You\n\na question\n\n# scripted/model\n\necho: a question\n\n",
    );
    const exported = JSON.parse((await attached(["sessions", "export", session.id])).stdout);
    const described = { id: session.id, title: "For the list" };
    expect(exported).toMatchObject({ session: described, messages: [{}, {}], todos: [], redacted: false });
    expect(await attached(["sessions", "delete", session.id])).toEqual({
      code: 0,
      stdout: "",
      stderr: `opencode-ts: deleted ${session.id}\n`,
    });
    expect((await attached(["sessions", "show", session.id])).code).toBe(8);
    expect((await attached(["sessions", "delete", session.id])).code).toBe(8);
  });

  test("sessions export writes a redacted document into a file, and sessions import continues from the document", async () => {
    const session = await opencode.createSession({ title: "To move" });
    await session.ask("my password=hunter22 is secret");
    const file = join(home, "moved.json");
    await writeFile(file, "x".repeat(1_000_000), { mode: 0o644 }); // longer than the document, and open to all
    expect(await attached(["sessions", "export", session.id, "--redact", "-o", file])).toMatchObject({
      code: 0,
      stdout: "",
    });
    const text = await readFile(file, "utf8");
    expect(text).not.toContain("hunter22");
    expect((await stat(file)).mode & 0o077).toBe(0);
    const imported = await attached(["sessions", "import", file]);
    expect(imported).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ses_\w+\n$/) });
    const id = imported.stdout.trim();
    expect(id).not.toBe(session.id);
    expect((await attached(["sessions", "show", id])).stdout).toContain("echo: my password=[redacted] is secret");
    const piped = await attached(["sessions", "import", "-", "--json"], { text });
    expect(JSON.parse(piped.stdout)).toMatchObject({ directory });
  });

  test("sessions import names a file that is missing, text that is no JSON, and the wrong field of a document", async () => {
    const file = join(home, "wrong.json");
    const tried = async (text: string): Promise<CliResult> => {
      await writeFile(file, text);
      return attached(["sessions", "import", file]);
    };
    const withoutAgent = { ...environment(), OPENCODE_BINARY: join(home, "no-agent") }; // it is not looked for
    expect(await finished(startCli(["sessions", "import", join(home, "missing.json")], withoutAgent))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("missing.json"),
    });
    expect(await tried("{")).toMatchObject({ code: 2, stderr: expect.stringContaining("is no JSON") });
    const older = JSON.stringify({ format: "opencode-ts/session", version: 9 });
    expect(await tried(older)).toMatchObject({ code: 2, stderr: expect.stringContaining("version 9") });
  });

  test("sessions with an unknown command exits with 2 and names the command", async () => {
    const { code, stderr } = await finished(startCli(["sessions", "nope"], environment()));
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'nope'");
  });
});

test("models lists all models or those with a part of the name, and its JSON holds no API key", async () => {
  expect((await attached(["models"])).stdout).toContain("scripted/model  Scripted model\n");
  expect((await attached(["models", "nothing-like-it"])).stdout).toBe("");
  const { stdout } = await attached(["models", "--json", "script"]);
  expect(JSON.parse(stdout)).toMatchObject([{ model: "scripted/model" }]);
  expect(stdout).not.toContain("apiKey");
});

describe("doctor", () => {
  test("doctor reports agent, server, models and database, and exits with 0", async () => {
    const { code, stdout } = await finished(startCli(["doctor", "-d", directory], environment()));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`ok agent: opencode`) });
    expect(stdout).toContain(testBinary());
    expect(stdout).toMatch(/^ok server: http:\/\/127\.0\.0\.1:\d+ answers/m);
    expect(stdout).toMatch(/^ok models: 1 of 1: scripted$/m);
    expect(stdout).toMatch(/^ok database: [\d.]+ [kM]B \(.*opencode\.db\)$/m);
  });

  test("doctor names a broken configuration file and exits with 1", async () => {
    const broken = await temporaryFolder();
    writeFileSync(join(broken, "opencode.json"), "{ not json");
    const { code, stdout } = await finished(startCli(["doctor", "--json", "-d", broken], environment()));
    expect(code).toBe(1);
    const findings = JSON.parse(stdout) as { topic: string; state: string; text: string }[];
    expect(findings.find(({ topic }) => topic === "configuration")).toMatchObject({
      state: "problem",
      text: expect.stringContaining(join(broken, "opencode.json")),
    });
    await rm(broken, { recursive: true });
  });

  test("doctor names the path of a missing binary and exits with 1", async () => {
    const { code, stdout } = await finished(
      startCli(["doctor", "-d", directory], { ...environment(), OPENCODE_BINARY: "/does/not/exist" }),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^!! agent: .*\/does\/not\/exist/m) });
  });
});

describe("prune", () => {
  test("prune lists old sessions of the directory, and deletes the sessions only with --delete", async () => {
    const [parent, other] = [await opencode.createSession({ title: "Old\u001b[31m" }), await temporaryFolder()];
    const child = await opencode.createSession({ parentId: parent.id });
    const elsewhere = await opencode.createSession({ directory: other, title: "Elsewhere" });
    const ids = async (): Promise<string[]> => {
      const all = [];
      for await (const { id } of opencode.sessions({ archived: true })) all.push(id);
      return all;
    };
    const before = await ids();
    expect(await attached(["prune"])).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringMatching(/^opencode-ts: nothing to delete: 0 of \d+ sessions of this directory/),
    });
    const dry = await attached(["prune", "--older-than", "0h"]);
    expect(dry.stdout).toContain(parent.id);
    expect(dry.stdout).not.toContain(child.id); // it goes with its parent
    expect(dry.stdout).not.toContain(elsewhere.id);
    expect(dry.stderr).toContain("--delete does it");
    expect((await attached(["prune", "--older-than", "0h", "--all"])).stdout).toContain(elsewhere.id);
    expect(await ids()).toEqual(before);
    const done = await attached(["prune", "--older-than", "0h", "--delete", "--json"]);
    const { deleted, sessions } = JSON.parse(done.stdout) as { deleted: boolean; sessions: { id: string }[] };
    expect([deleted, sessions.map(({ id }) => id)]).toEqual([true, expect.arrayContaining([parent.id])]);
    expect(await ids()).toEqual([]);
    expect(await elsewhere.info()).toMatchObject({ title: "Elsewhere" });
    await rm(other, { recursive: true, force: true });
  });

  test("prune refuses an age in an unknown unit, and shows valid ages", async () => {
    const { code, stderr } = await attached(["prune", "--older-than", "3 moons"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("30d, 12h or 2w")]);
  });
});

test("serve runs a server until Ctrl-C, and prints address and password to standard output", async () => {
  const run = startCli(["serve", "-d", directory], environment());
  await eventually("it serves", () => run.stdout.includes("password "));
  const [url = "", password = ""] = run.stdout.trim().split("\npassword ");
  const client = await createOpencode({ baseUrl: url, password });
  expect((await client.health()).healthy).toBe(true);
  await client.close();
  run.child.kill("SIGINT");
  expect((await finished(run)).code).toBe(130);
  await expect(fetch(url)).rejects.toThrow();
});

test("web serves the page until Ctrl-C, and prints the page's address to standard output", async () => {
  await buildWholePage(join(repositoryRoot, ".build", "web", "page"));
  const { url = "", password = "" } = opencode.server ?? {};
  const env = { ...environment(), OPENCODE_SERVER_PASSWORD: password };
  const models = ["-m", "scripted/model", "--fallback-model", "scripted/b", "--fallback-model", "scripted/c"];
  const run = startCli(["web", "--port", "0", ...models, "--attach", url, "-d", directory], env);
  await eventually("it serves", () => run.stdout.includes("\n"));
  const address = run.stdout.trim();
  const entered = await fetch(address, { redirect: "manual" });
  expect([entered.status, entered.headers.get("location")]).toEqual([303, "/"]);
  const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
  const start = await fetch(new URL("/start.json", address), { headers: { cookie } });
  const fallbackModels = ["scripted/b", "scripted/c"];
  expect(await start.json()).toMatchObject({ directory, model: "scripted/model", fallbackModels });
  await eventually("the address for another browser", () => run.stdout.split("\n").length === 3);
  const { port } = new URL(address);
  const second = await attached(["web", "--port", port]);
  expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 4, stderr: expect.stringContaining(port) });
  run.child.kill("SIGINT");
  expect((await finished(run)).code).toBe(130);
  await expect(fetch(address)).rejects.toThrow();
});

describe("chat in a pipe", () => {
  test("each line of a chat in a pipe is a question, and commands and failures do not end the chat", async () => {
    const lines = ["first question", "/model", "/model script", "/nope", "/cost", "/sessions", "second\\", "question"];
    lines.push("/undo", "/diff", "/new", "third question", "/help", "/exit", "never asked");
    const { code, stdout, stderr } = await attached(["chat"], { text: `${lines.join("\n")}\n` });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "echo: first question\necho: second\nquestion\necho: third question\n",
    });
    expect(stderr).toContain("model: scripted/model");
    expect(stderr).toContain("there is no command /nope");
    expect(stderr).toMatch(/\d+ tokens, \$0\.0000/);
    expect(stderr).toMatch(/\* 1 {2}ses_/);
    expect(stderr).toContain("git"); // neither /undo nor /diff without it
    expect(stderr).toContain("/compact");
    const asked = (text: string) =>
      JSON.stringify(model.requests.findLast(({ lastUserText }) => lastUserText === text));
    expect(asked("second\nquestion")).toContain("first question");
    expect(asked("third question")).not.toContain("first question");
  });

  test("/subagents lists the sub-agents of the session", async () => {
    const task = toolCall("task", { description: "a small part", prompt: "be small", subagent_type: "general" });
    answer("delegate this", task, "delegated");
    const { code, stdout, stderr } = await attached(["chat"], { text: "/subagents\ndelegate this\n/subagents\n" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "delegated\n" });
    expect(stderr).toContain("this session has called no sub-agents");
    expect(stderr).toMatch(/ses_\w+ +a small part.* tokens/);
  });

  test("/compact summarizes the conversation, and the end of the input ends the chat", async () => {
    const { code, stderr } = await attached(["chat"], { text: "long story\n/compact\n" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("was summarized") });
  });
});

describe("chat messages of several lines", () => {
  test.for([
    [["one"], "one"],
    [["a", "b"], "a\nb"],
    [["a\\", "b"], "a\nb"],
    [['"""', "a", "b", '"""'], "a\nb"],
    [['"""', "a"], undefined],
    [["a\\"], undefined],
  ] as const)("the pasted lines %j make the message %j", ([lines, message]) => {
    expect(new MessageBuilder().addPasted(lines)).toBe(message);
  });

  test.each([
    [["one"], ["one"]],
    [["one\\", "two"], ["one\ntwo"]],
    [
      ['"""', "a", "b\\", '"""', "c"],
      ["a\nb\\", "c"],
    ],
    [
      ["", "x"],
      ["", "x"],
    ],
  ])("the typed lines %j make the messages %j", (lines, messages) => {
    const builder = new MessageBuilder();
    const found = lines.map((line) => builder.add(line)).filter((message) => message !== undefined);
    expect(found).toEqual(messages);
  });
});
