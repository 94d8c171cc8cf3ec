/** Every flag of the command line, in pipes, on a real agent with a scripted model. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import { hold, type ScriptedModel, toolCall } from "../../src/testing/index.js";
import { type CliResult, finished, startCli } from "../support/cli.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  sharedServer,
  temporaryFolder,
  testBinary,
} from "../support/fixture.js";
import { homeVariables } from "../support/home.js";

let model: ScriptedModel;
let answer: Fixture["answer"];
let home: string;
let directory: string;
let server: OpencodeServer;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  home = await temporaryFolder();
  directory = await temporaryFolder();
  const entry = model.config.provider?.["scripted"]?.models?.["model"];
  const priced = {
    ...entry,
    cost: { input: 1_000_000, output: 1_000_000 },
    variants: { high: { reasoningEffort: "high" } },
  };
  const config = {
    ...model.config,
    provider: {
      scripted: {
        ...model.config.provider?.["scripted"],
        models: { model: entry ?? {}, other: { ...entry, name: "Other" }, priced },
      },
    },
    command: { hello: { template: "say hello to $ARGUMENTS" } },
    share: "disabled" as const,
  };
  server = await createOpencodeServer({ ...sharedServer(model, directory), config });
});
afterAll(async () => {
  await server.close();
  await model.close();
  for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Runs the command against the server of these tests. */
function cli(...args: string[]): Promise<CliResult> {
  return at(["--attach", server.url, "--directory", directory, ...args], { OPENCODE_SERVER_PASSWORD: server.password });
}

function at(args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  return finished(startCli(args, { ...environment(), ...env }));
}

function environment(): Record<string, string> {
  const variables = { ...homeVariables(home), OPENCODE_BINARY: testBinary(), OPENCODE_LOG: "warn" };
  return { ...variables, OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config) };
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const lastRequest = (prompt: string) => model.requests.findLast(({ lastUserText }) => lastUserText === prompt);

describe("server flags", () => {
  test("--attach uses a running server with the password in OPENCODE_SERVER_PASSWORD", async () => {
    expect(await cli("attached")).toEqual({ code: 0, stdout: "echo: attached\n", stderr: "" });
  });

  test("--attach with a wrong or empty password exits with 6", async () => {
    for (const env of [{ OPENCODE_SERVER_PASSWORD: "wrong" }, { OPENCODE_SERVER_PASSWORD: "" }]) {
      const { code, stderr } = await at(["--attach", server.url, "hello"], env);
      expect(code, stderr).toBe(6);
    }
  });

  test("--attach to an address without a server exits with 5", async () => {
    const { code } = await at(["--attach", "http://127.0.0.1:9", "hello"]);
    expect(code).toBe(5);
  });

  test("--port starts a server on that port, and exits with 4 if the port is taken", async () => {
    const port = await freePort();
    const rest = hold("rest");
    answer("on a port", { text: ["begun ", rest] });
    const run = startCli(["-p", String(port), "-d", directory, "on a port"], environment());
    await eventually("the run has begun", () => run.stdout !== "");
    expect((await fetch(`http://127.0.0.1:${port}/global/health`)).status).toBe(401);
    rest.release();
    expect(await finished(run)).toEqual({ code: 0, stdout: "begun rest\n", stderr: "" });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
    expect((await at(["--port", String(port), "-d", directory, "hello"])).code).toBe(4);
    taken.close();
  });

  test("--isolated ignores the user's configuration", async () => {
    const { stdout } = await at(["models", "scripted", "--json", "-d", directory, "--isolated"]);
    expect(JSON.parse(stdout)).toEqual([]); // the configuration in the environment has one: see doctor
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

describe("session flags", () => {
  test("--title names a session, --continue and --session continue a session, and --fork copies a session", async () => {
    const first = await cli("--title", "Named here", "--json", "remember the tree");
    const { sessionId } = JSON.parse(first.stdout);
    const list = await at(["sessions", "list", "--json", "--attach", server.url, "-d", directory], {
      OPENCODE_SERVER_PASSWORD: server.password,
    });
    expect(JSON.parse(list.stdout).find((info: { id: string }) => info.id === sessionId).title).toBe("Named here");
    const again = JSON.parse((await cli("--session", sessionId, "--json", "by its id")).stdout);
    expect(again.sessionId).toBe(sessionId);
    const newest = JSON.parse((await cli("--continue", "--json", "the newest")).stdout);
    expect(newest.sessionId).toBe(sessionId);
    expect(JSON.stringify(lastRequest("the newest")?.messages)).toContain("remember the tree");
    const fork = JSON.parse((await cli("--session", sessionId, "--fork", "--json", "in a copy")).stdout);
    expect(fork.sessionId).not.toBe(sessionId);
    expect(JSON.stringify(lastRequest("in a copy")?.messages)).toContain("remember the tree");
  });

  test("--session exits with 8 for an unknown session, and with 2 for a word that is no id", async () => {
    expect((await cli("--session", "ses_0123456789abcdefghijklmnop", "hello")).code).toBe(8);
    expect((await cli("--session", "nope", "hello")).code).toBe(2);
  });

  test("--share prints the server's refusal and exits with 5", async () => {
    const { code, stderr } = await cli("--share", "hello");
    expect(code).toBe(5);
    expect(stderr).toMatch(/^opencode-ts: /);
  });
});

describe("prompt flags", () => {
  test("--model and --variant choose the model and its variant, and an unknown model exits with 8", async () => {
    expect((await cli("-m", "scripted/other", "--json", "other model")).stdout).toContain('"model":"scripted/other"');
    expect((await cli("--model", "scripted/nope", "hello")).code).toBe(8);
    expect((await cli("--model", "scripted/priced", "--variant", "high", "with effort")).code).toBe(0);
    expect(JSON.stringify(lastRequest("with effort"))).toContain("high");
  });

  test("--fallback-model names the models that go on, and one that is named twice exits with 2", async () => {
    answer("refused key", (request) => (request.model === "other" ? "the other answers" : { status: 401 }));
    const flags = ["--fallback-model", "scripted/other", "--fallback-model", "scripted/priced"];
    const { code, stdout, stderr } = await cli(...flags, "refused key");
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: "the other answers" });
    expect(stderr).toContain("scripted/model failed (auth): scripted/other goes on");
    expect((await cli(...flags, "-m", "scripted/other", "refused key")).code).toBe(2);
    expect((await cli("--fallback-model", "other", "refused key")).code).toBe(2);
  });

  test("--agent chooses the agent, and an unknown agent exits with 8", async () => {
    expect((await cli("--agent", "plan", "make a plan")).code).toBe(0);
    expect(JSON.stringify(model.requests.at(-1)?.messages)).toMatch(/plan mode/i);
    expect((await cli("--agent", "nobody", "hello")).code).toBe(8);
  });

  test("--file given twice sends both files, and a missing file exits with 2", async () => {
    const files = [await file("one.txt", "content of one"), await file("two.txt", "content of two")];
    const { code, stderr } = await cli("-f", files[0] ?? "", "--file", files[1] ?? "", "read these");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const sent = JSON.stringify(model.requests.at(-1)?.messages);
    expect([sent.includes("content of one"), sent.includes("content of two")]).toEqual([true, true]);
    expect((await cli("--file", "/does/not/exist", "hello")).code).toBe(2);
  });

  test("--schema prints the output as JSON, and exits with 10 if the output does not match", async () => {
    const schema = await file("schema.json", {
      type: "object",
      properties: { n: { type: "number" } },
      required: ["n"],
      additionalProperties: false,
    });
    answer("give a number", { structured: { n: 7 } });
    const { code, stdout } = await cli("--schema", schema, "give a number");
    expect({ code, output: JSON.parse(stdout) }).toEqual({ code: 0, output: { n: 7 } });
    answer("give nonsense", { structured: { n: "seven" } });
    expect((await cli("--schema", schema, "give nonsense")).code).toBe(10);
    expect((await cli("--schema", await file("broken.json", "{"), "hello")).code).toBe(2);
    expect((await cli("--schema", "/does/not/exist", "hello")).code).toBe(2);
  });

  test("a run that takes longer than --timeout exits with 124", async () => {
    answer("too long", { text: "begun", end: "hang" });
    const { code, stderr } = await cli("--timeout", "2", "too long");
    expect({ code, stderr }).toEqual({ code: 124, stderr: expect.stringContaining("2000 ms") });
    expect((await cli("--timeout", "soon", "hello")).code).toBe(2);
  });

  test("a run that costs more than --max-cost exits with 9", async () => {
    answer("expensive", toolCall("glob", { pattern: "*" }), "done");
    expect((await cli("-m", "scripted/priced", "--max-cost", "0.01", "expensive")).code).toBe(9);
    expect((await cli("--max-cost", "-1", "hello")).code).toBe(2);
  });

  test("a run that goes round in circles exits with 15, and --max-repeats sets the limit", async () => {
    answer("in circles", toolCall("glob", { pattern: "none*" }));
    const { code, stderr } = await cli("--max-repeats", "2", "in circles");
    expect({ code, stderr }).toEqual({
      code: 15,
      stderr: expect.stringContaining("goes round in circles: glob 2 times"),
    });
    expect(stderr).toContain("same call of glob 4 times in a row");
    for (const wrong of ["1", "-3", "2.5", "never"]) expect((await cli("--max-repeats", wrong, "hello")).code).toBe(2);
    expect((await cli("--max-repeats", "off", "hello")).code).toBe(0);
  });

  test("--max-subagents limits the sub-agents of a run", async () => {
    answer(
      "delegate",
      toolCall("task", { description: "d", prompt: "hello", subagent_type: "general" }),
      "did it alone",
    );
    const { stdout, stderr } = await cli("--max-subagents", "0", "delegate");
    expect({ stdout, stderr }).toEqual({ stdout: "did it alone\n", stderr: expect.stringContaining("maxSubagents") });
    for (const wrong of ["-1", "1.5", "some"]) expect((await cli("--max-subagents", wrong, "hello")).code).toBe(2);
  });

  test("--budget binds the later runs of the session, and a copy has a budget of its own", async () => {
    answer("expensive once", "done");
    const priced = ["-m", "scripted/priced"];
    const first = await cli(...priced, "--budget", "0.01", "--json", "expensive once");
    expect(first.code).toBe(0);
    const { sessionId } = JSON.parse(first.stdout);
    const { code, stderr } = await cli(...priced, "--session", sessionId, "expensive once");
    expect({ code, stderr }).toEqual({ code: 9, stderr: expect.stringContaining("--fork --budget <usd>") });
    expect((await cli("sessions", "budget", sessionId)).stdout).toMatch(
      /^\$\d+\.\d+ \(\$0 left\), \d+ tokens, 1 step\n$/,
    );
    expect((await cli("sessions", "budget", "--json", sessionId)).stdout).toContain('"left":{"cost":0}');
    const copied = await cli(...priced, "--session", sessionId, "--fork", "--budget", "1000", "expensive once");
    expect(copied.code).toBe(0);
    expect((await cli("--session", sessionId, "--budget", "5", "hello")).code).toBe(2);
  });

  test("--command runs a command with the words as its arguments", async () => {
    answer("say hello to the world", "hello, world");
    const { code, stdout } = await cli("--command", "hello", "the world");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "hello, world\n" });
  });

  test("--command runs no shell code from the words of the call", async () => {
    const words = `the !\`touch ${join(directory, "ran")}\` $& world`;
    answer(`say hello to ${words}`, "hello, text");
    const { code, stdout } = await cli("--command", "hello", words);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "hello, text\n" });
    expect(existsSync(join(directory, "ran"))).toBe(false);
    expect((await cli("--command", "nope", "x")).code).toBe(2);
  });
});

describe("output flags", () => {
  test("--json prints one object, also when the run fails", async () => {
    const { stdout, stderr } = await cli("--json", "as an object");
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      text: "echo: as an object",
      sessionId: expect.stringMatching(/^ses_/),
      messageId: expect.stringMatching(/^msg_/),
      model: "scripted/model",
      usage: { total: expect.any(Number) },
      cost: 0,
      finishReason: "stop",
      toolCalls: [],
      denials: [],
    });
    answer("fail as an object", { status: 401, message: "no" });
    const failed = await cli("--json", "fail as an object");
    expect(failed.code).toBe(6);
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { name: "ProviderAuthError", code: "provider_auth" } });
  });

  test("--stream-json prints one event per line, and a failure as an error event", async () => {
    answer("in events", toolCall("bash", { command: "true", description: "nothing" }), "done");
    const { stdout } = await cli("--stream-json", "in events");
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const types = new Set(events.map(({ type }) => type));
    for (const type of ["start", "tool-call", "tool-result", "text-delta", "finish"]) expect(types).toContain(type);
    expect(events.at(-1)).toMatchObject({ type: "finish", answer: { text: "done" } });
    expect(stdout).not.toContain('"raw"');
    const failed = await cli("--stream-json", "--session", "ses_0123456789abcdefghijklmnop", "hello");
    expect(JSON.parse(failed.stdout)).toMatchObject({
      type: "error",
      sessionId: "ses_0123456789abcdefghijklmnop",
      error: { name: "SessionNotFoundError" },
    });
  });

  test("tool calls are lines on standard error, and --quiet leaves the lines out", async () => {
    answer("with a tool", toolCall("bash", { command: "echo hi", description: "say hi" }), "done");
    const loud = await cli("with a tool");
    expect(loud).toMatchObject({ code: 0, stdout: "done\n", stderr: expect.stringMatching(/^✓ bash echo hi \(\d/) });
    expect(await cli("--quiet", "with a tool")).toEqual({ code: 0, stdout: "done\n", stderr: "" });
  });

  test("--thinking prints the model's reasoning on standard error", async () => {
    answer("think", { reasoning: "deep thoughts", text: "an answer" });
    expect(await cli("--thinking", "think")).toEqual({
      code: 0,
      stdout: "an answer\n",
      stderr: "thinking: deep thoughts\n",
    });
    expect((await cli("think")).stderr).toBe("");
  });
});

describe("permission flags", () => {
  const write = (name: string) => toolCall("write", { filePath: join(directory, name), content: "written" });
  const bash = (command: string) => toolCall("bash", { command, description: "run" });

  test("the server's own rules apply without permission flags", async () => {
    answer("free", bash("echo free > free.txt"), "done");
    expect((await cli("free")).code).toBe(0);
    expect(await readFile(join(directory, "free.txt"), "utf8")).toBe("free\n");
  });

  test.each([["--auto-tools"], ["--permission-mode", "autoTools"]])(
    "the flag %s %s allows write, refuses bash and prints the refusal",
    async (...flags) => {
      answer("auto", write("auto.txt"), bash("echo no > no.txt"), "done");
      const { code, stdout, stderr } = await cli(...flags.filter((flag) => flag !== undefined), "auto");
      expect({ code, stdout }).toEqual({ code: 0, stdout: "done\n" });
      expect(stderr).toContain("refused: bash echo no > no.txt");
      expect(await readFile(join(directory, "auto.txt"), "utf8")).toBe("written");
      await expect(readFile(join(directory, "no.txt"))).rejects.toThrow("ENOENT");
    },
  );

  test.each(["readOnly", "plan"])("--permission-mode %s writes no file", async (mode) => {
    answer(`mode ${mode}`, write("never.txt"), "done");
    expect((await cli("--permission-mode", mode, `mode ${mode}`)).code).toBe(0);
    await expect(readFile(join(directory, "never.txt"))).rejects.toThrow("ENOENT");
  });

  test("--permission-mode bypass allows a read outside of the directory", async () => {
    answer("outside", toolCall("read", { filePath: "/etc/hostname" }), ({ toolResults }) => ({
      text: /denied|rejected|refused/i.test(toolResults.at(-1)?.content ?? "") ? "refused" : "read it",
    }));
    expect((await cli("--permission-mode", "bypass", "outside")).stdout).toBe("read it\n");
    expect((await cli("outside")).stderr).toContain("refused: external_directory");
    expect((await cli("--permission-mode", "yolo", "outside")).code).toBe(2);
  });

  test("--policy answers permission requests by the rules of a file", async () => {
    const rules = await file("policy.json", [
      { permission: "external_directory", action: "allow" },
      { permission: "bash", pattern: "echo *", action: "allow" },
      { permission: "bash", pattern: "rm *", action: "deny", reason: "nothing is removed here" },
    ]);
    answer("by rules", bash("echo by rules"), bash("rm rules.txt"), "done");
    const { stderr } = await cli("--policy", rules, "--auto-tools", "by rules");
    expect(stderr).toContain("✓ bash echo by rules");
    expect(stderr).toContain("nothing is removed here");
    expect((await cli("--policy", await file("wrong.json", [{ permission: "bash" }]), "hello")).code).toBe(2);
  });
});

test.each([
  [["--json", "--stream-json"]],
  [["--keep", "--attach", "http://127.0.0.1:9"]],
  [["--session", "ses_x", "--continue"]],
  [["--fork"]],
  [["--port", "many"]],
  [["--auto-tools", "--permission-mode", "plan"]],
])("the flags %j exit with 2 as a usage error", async (flags) => {
  const { code, stdout, stderr } = await at([...flags, "hello"]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^opencode-ts: --/) });
  expect(stdout === "" || flags.includes("--json")).toBe(true);
});
