/** Ways around rules, modes and hooks that once were open: other agents, copies, names, ids, and the project's own files. */
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hookDecider } from "../../../src/hooks/hook-decider.js";
import { type Answer, ConfigError, type OpencodeOptions, type ToolUse } from "../../../src/index.js";
import { toolCall, toolCalls } from "../../../src/testing/index.js";
import { type Fixture, startFixture, startOwnFixture, temporaryFolder } from "../../support/fixture.js";

const bash = (command: string, id?: string) => toolCalls([{ name: "bash", args: { command, description: "x" }, id }]);
const statuses = ({ toolCalls }: Answer): string[] => toolCalls.map(({ status }) => status);
const locked = { mode: "primary", permission: { edit: "deny", bash: { "echo *": "deny" } } };

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true, maxRetries: 3 }))));

/** A folder with these files in it. */
async function folderWith(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** A fixture whose server reads the files of a project, which one with a clean home does not; the user's home is empty. */
async function startReading(options: object): Promise<Fixture> {
  const home = await folderWith();
  const XDG = Object.fromEntries(["CONFIG", "DATA", "STATE", "CACHE"].map((name) => [`XDG_${name}_HOME`, home]));
  const offline = { npm_config_registry: "http://127.0.0.1:9", OPENCODE_DISABLE_MODELS_FETCH: "1" };
  const inherit: Partial<OpencodeOptions> = { isolation: "inherit", env: { HOME: home, ...XDG, ...offline } };
  return startOwnFixture({ ...inherit, ...options });
}

let fixture: Fixture;
let file: string;
beforeAll(async () => {
  fixture = await startReading({ config: { agent: { locked } } }); // the fixture's config is merged with the model's
  file = join(fixture.directory, "w.txt");
  fixture.answer("run", bash("echo ran"), "done");
  fixture.answer("push", bash("git push"), "done");
  fixture.answer("write", toolCall("write", { filePath: file, content: "x" }), "done");
  fixture.answer("one after the other", bash("echo one", "call_0"), bash("echo two", "call_0"), "done");
});
afterAll(() => fixture[Symbol.asyncDispose]());
beforeEach(() => rm(file, { force: true }));

describe("rules of one agent", () => {
  test("that are taken back after a turn do not loosen a turn of another agent", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    await session.ask("hello", { permission: { bash: "ask", edit: "ask" } });
    expect(statuses(await session.ask("run", { agent: "locked" }))).toEqual(["error"]);
    await session.ask("write", { agent: "plan" });
    expect(existsSync(file)).toBe(false);
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    expect(statuses(await session.ask("write"))).toEqual(["completed"]);
  });

  test("that a mode has brought into a session do not, either; what was said to the session later counts for all", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    await session.setPermissions("acceptEdits");
    expect(statuses(await session.ask("run", { agent: "locked" }))).toEqual(["error"]);
    await session.ask("write", { agent: "plan" });
    expect(existsSync(file)).toBe(false);
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    await session.setPermissions({ bash: "deny" });
    await session.ask("write", { agent: "plan" });
    await session.ask("run");
    expect(fixture.model.requests.filter(({ kind }) => kind === "chat").at(-1)?.tools).not.toContain("bash");
  });

  test("do not stay after a turn in plan mode", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    await session.ask("hello", { permissionMode: "plan" });
    expect(statuses(await session.ask("write"))).toEqual(["completed"]);
  });

  test("are those of the configuration's default agent where a turn names none", async () => {
    const directory = await folderWith({ "opencode.json": JSON.stringify({ default_agent: "locked" }) });
    const session = await fixture.oc.createSession({ directory });
    await session.ask("hello", { permission: { bash: "ask" } });
    expect(statuses(await session.ask("run"))).toEqual(["error"]);
  });
});

describe("a fork", () => {
  test.each(["readOnly", "autoTools"] as const)("of a session in mode %s is held to it", async (permissionMode) => {
    const session = await fixture.oc.createSession({ permissionMode });
    await session.ask("hello");
    const copy = await session.fork();
    expect(statuses(await copy.ask("run"))).toEqual(["error"]);
    expect(statuses(await fixture.oc.session(copy.id).ask("run"))).toEqual(["error"]);
  });
});

test("setPermissions with rules overrides what the session was made with", async () => {
  const session = await fixture.oc.createSession({ permission: { bash: { "*": "ask", "git *": "allow" } } });
  await session.setPermissions({ bash: { "git push*": "ask" } });
  expect((await session.ask("push")).denials).toMatchObject([{ permission: "bash", by: "nobody" }]);
});

test("a wrong pattern is an error before the session is told anything", async () => {
  const session = await fixture.oc.createSession({ title: "t" });
  for (const pattern of ["", "x".repeat(2_001)]) {
    const permission = { bash: { "*": "ask", [pattern]: "allow" } } as const;
    await expect(session.ask("run", { permission })).rejects.toThrow(ConfigError);
  }
  expect((await session.info()).permission ?? []).toEqual([]);
});

describe("hooks before tools", () => {
  test("are asked for each call, though the model gives all of them the same id", async () => {
    const seen: unknown[] = [];
    const preToolUse = ({ input }: ToolUse) => {
      seen.push(input["command"]);
      return input["command"] === "echo two" ? { reject: "one is enough" } : undefined;
    };
    const { denials } = await fixture.oc.ask("one after the other", { hooks: { preToolUse } });
    expect(seen).toEqual(["echo one", "echo two"]);
    expect(denials).toMatchObject([{ by: "hook", reason: "one is enough" }]);
  });

  test("refuse a call that cannot be read, whatever they match", async () => {
    const { decide: judge } = hookDecider({ matcher: "write", run: () => undefined });
    const request = { id: "per_1", sessionId: "ses_1", permission: "edit", patterns: ["a"], chain: ["ses_1"] };
    const tool = { messageId: "msg_1", callId: "call_1" };
    const { signal } = new AbortController();
    const context = { signal, replied: new Promise(() => {}), passed: async () => {} };
    expect(await judge({ ...request, metadata: {}, tool }, context)).toMatchObject({ isAllowed: false });
    const read = { ...tool, name: "write", input: {} };
    expect(await judge({ ...request, metadata: {}, tool: read }, context)).toBeUndefined();
  });
});

test("the name of a tool that is nearly one is an error, in a filter and in a matcher", async () => {
  const run = () => ({ reject: "no" });
  for (const name of ["Bash", "shell", "Write", "web_fetch"]) {
    await expect(fixture.oc.ask("run", { tools: { deny: [name] } }), name).rejects.toThrow("did you mean");
    const hooks = { preToolUse: { matcher: name, run } };
    await expect(fixture.oc.ask("run", { hooks }), name).rejects.toThrow("did you mean");
  }
});

describe("on a server of ours, an agent with permissions of its own", () => {
  const allowing = { mode: "primary", permission: { bash: "allow" } };
  const agentFile = (mode: string) => `---\ndescription: d\nmode: ${mode}\npermission:\n  bash: allow\n---\nHello.\n`;
  const agentFiles = {
    ".opencode/agent/build.md": agentFile("primary"),
    ".opencode/agent/helper.md": agentFile("subagent"),
  };

  describe("where it was started with hooks", () => {
    let hooked: Fixture;
    beforeAll(async () => {
      const directory = await folderWith(agentFiles);
      const preToolUse = ({ tool }: ToolUse) => (tool === "task" ? undefined : { reject: "no" });
      hooked = await startReading({ directory, config: { agent: { allowing } }, hooks: { preToolUse } });
      hooked.answer("run", bash("echo ran"), "done");
      const task = { description: "d", prompt: "run", subagent_type: "helper" };
      hooked.answer("delegate", toolCall("task", task), "done");
    });
    afterAll(() => hooked[Symbol.asyncDispose]());

    test("in the configuration is held to them", async () => {
      expect((await hooked.oc.ask("run", { agent: "allowing" })).denials).toMatchObject([{ by: "hook" }]);
    });

    test("in a file of the project is held to them, and cannot give work to another that is not", async () => {
      expect((await hooked.oc.ask("run")).denials).toMatchObject([{ by: "hook" }]);
      expect(statuses(await hooked.oc.ask("delegate"))).toEqual(["error"]);
      expect(statuses(await hooked.oc.ask("delegate", { agent: "plan" }))).toEqual(["error"]);
    });
  });

  describe("where it was started in autoTools", () => {
    let mode: Fixture;
    beforeAll(async () => {
      const agent = { build: { permission: { bash: "allow" } }, plain: { mode: "primary" } };
      const config = { agent, permission: { bash: { "echo *": "deny" }, read: "deny", question: "deny" } };
      mode = await startFixture({ config, permissionMode: "autoTools", onPermission: () => "once" } as never);
      mode.answer("run", bash("echo ran"), "done");
      mode.answer("version", bash("git --version"), "done");
    });
    afterAll(() => mode[Symbol.asyncDispose]());

    test("in the configuration is held to it, and is refused what it is denied", async () => {
      expect(statuses(await mode.oc.ask("version"))).toEqual(["completed"]);
      const refused = await mode.oc.ask("version", { onPermission: () => "reject" });
      expect(refused.denials).toMatchObject([{ permission: "bash" }]);
    });

    test("or without any: what the configuration denies stays denied", async () => {
      expect(statuses(await mode.oc.ask("run", { agent: "plain" }))).toEqual(["error"]);
      expect(statuses(await mode.oc.ask("version", { agent: "plain" }))).toEqual(["completed"]);
    });
  });

  describe("where it was started in readOnly", () => {
    let reading: Fixture;
    beforeAll(async () => {
      const permission = { "*": "allow", webfetch: "allow", bash: "allow" };
      const directory = await folderWith({ ...agentFiles, "opencode.json": JSON.stringify({ permission }) });
      const agent = { denied: { mode: "primary", permission: { bash: { "echo *": "deny" } } } };
      const config = { agent, permission: { read: "deny", question: "deny" } };
      reading = await startReading({ directory, config, permissionMode: "readOnly" });
      reading.answer("run", bash("echo ran"), "done");
    });
    afterAll(() => reading[Symbol.asyncDispose]());

    test("is denied what the configuration denies", async () => {
      const elsewhere = await reading.oc.createSession({ directory: await folderWith() });
      await elsewhere.ask("hello", { agent: "denied" });
      const offered = reading.model.requests.filter(({ kind }) => kind === "chat").at(-1)?.tools;
      expect(offered).toContain("grep");
      for (const tool of ["read", "question", "bash"]) expect(offered).not.toContain(tool);
    });

    test("in a file of the project is held to it, as is a file that says something about all permissions first", async () => {
      expect(statuses(await reading.oc.ask("run"))).toEqual(["error"]);
      const session = await reading.oc.createSession({ title: "t" });
      expect(statuses(await session.ask("run"))).toEqual(["error"]);
      expect(statuses(await session.ask("run", { agent: "plan" }))).toEqual(["error"]);
    });
  });
});
