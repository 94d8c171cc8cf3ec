/** Ways around rules, modes and hooks that once were open: other agents, copies, names, ids, and the project's own files. */
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hookDecider } from "../../../src/hooks/hook-decider.js";
import { type Answer, ConfigError, type OpencodeOptions, type ToolUse } from "../../../src/index.js";
import { toolCall, toolCalls } from "../../../src/testing/index.js";
import { type Fixture, startFixture, temporaryFolder } from "../../support/fixture.js";

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
  return startFixture({ ...inherit, ...options });
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
  test("the rules of a turn with one agent do not loosen a later turn of another agent", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    await session.ask("hello", { permission: { bash: "ask", edit: "ask" } });
    expect(statuses(await session.ask("run", { agent: "locked" }))).toEqual(["error"]);
    await session.ask("write", { agent: "plan" });
    expect(existsSync(file)).toBe(false);
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    expect(statuses(await session.ask("write"))).toEqual(["completed"]);
  });

  test("a mode of a session does not loosen another agent's rules; later session rules bind all agents", async () => {
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

  test("the rules of the plan agent do not apply after a turn in plan mode", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    await session.ask("hello", { permissionMode: "plan" });
    expect(statuses(await session.ask("write"))).toEqual(["completed"]);
  });

  test("a turn without an agent keeps the rules of the configuration's default agent", async () => {
    const directory = await folderWith({ "opencode.json": JSON.stringify({ default_agent: "locked" }) });
    const session = await fixture.oc.createSession({ directory });
    await session.ask("hello", { permission: { bash: "ask" } });
    expect(statuses(await session.ask("run"))).toEqual(["error"]);
  });
});

describe("a fork", () => {
  test.each(["readOnly", "autoTools"] as const)("a fork of a session in %s keeps the mode", async (permissionMode) => {
    const session = await fixture.oc.createSession({ permissionMode });
    await session.ask("hello");
    const copy = await session.fork();
    expect(statuses(await copy.ask("run"))).toEqual(["error"]);
    expect(statuses(await fixture.oc.session(copy.id).ask("run"))).toEqual(["error"]);
  });
});

test("setPermissions overrides the permission rules that createSession has set", async () => {
  const session = await fixture.oc.createSession({ permission: { bash: { "*": "ask", "git *": "allow" } } });
  await session.setPermissions({ bash: { "git push*": "ask" } });
  expect((await session.ask("push")).denials).toMatchObject([{ permission: "bash", by: "nobody" }]);
});

test("a wrong permission pattern is a ConfigError before the session gets a rule", async () => {
  const session = await fixture.oc.createSession({ title: "t" });
  for (const pattern of ["", "x".repeat(2_001)]) {
    const permission = { bash: { "*": "ask", [pattern]: "allow" } } as const;
    await expect(session.ask("run", { permission })).rejects.toThrow(ConfigError);
  }
  expect((await session.info()).permission ?? []).toEqual([]);
});

describe("preToolUse hooks", () => {
  test("a preToolUse hook is called for each tool call, even if the model repeats a call id", async () => {
    const seen: unknown[] = [];
    const preToolUse = ({ input }: ToolUse) => {
      seen.push(input["command"]);
      return input["command"] === "echo two" ? { reject: "one is enough" } : undefined;
    };
    const { denials } = await fixture.oc.ask("one after the other", { hooks: { preToolUse } });
    expect(seen).toEqual(["echo one", "echo two"]);
    expect(denials).toMatchObject([{ by: "hook", reason: "one is enough" }]);
  });

  test("a preToolUse hook with a matcher refuses a tool call that cannot be read", async () => {
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

test("a misspelled tool name in a filter or a hook's matcher is an error with the nearest name", async () => {
  const run = () => ({ reject: "no" });
  for (const name of ["Bash", "shell", "Write", "web_fetch"]) {
    await expect(fixture.oc.ask("run", { tools: { deny: [name] } }), name).rejects.toThrow("did you mean");
    const hooks = { preToolUse: { matcher: name, run } };
    await expect(fixture.oc.ask("run", { hooks }), name).rejects.toThrow("did you mean");
  }
});

describe("an agent with its own permissions on a started server", () => {
  const allowing = { mode: "primary", permission: { bash: "allow" } };
  const agentFile = (mode: string) => `---\ndescription: d\nmode: ${mode}\npermission:\n  bash: allow\n---\nHello.\n`;
  const agentFiles = {
    ".opencode/agent/build.md": agentFile("primary"),
    ".opencode/agent/helper.md": agentFile("subagent"),
  };

  describe("a server with hooks", () => {
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

    test("an agent of the configuration with its own permissions does not bypass the server's hooks", async () => {
      expect((await hooked.oc.ask("run", { agent: "allowing" })).denials).toMatchObject([{ by: "hook" }]);
    });

    test("an agent file of the project does not bypass the server's hooks, nor through a sub-agent", async () => {
      expect((await hooked.oc.ask("run")).denials).toMatchObject([{ by: "hook" }]);
      expect(statuses(await hooked.oc.ask("delegate"))).toEqual(["error"]);
      expect(statuses(await hooked.oc.ask("delegate", { agent: "plan" }))).toEqual(["error"]);
    });
  });

  describe("a server in autoTools", () => {
    let mode: Fixture;
    beforeAll(async () => {
      const agent = { build: { permission: { bash: "allow" } }, plain: { mode: "primary" } };
      const config = { agent, permission: { bash: { "echo *": "deny" }, read: "deny", question: "deny" } };
      mode = await startFixture({ config, permissionMode: "autoTools", onPermission: () => "once" } as never);
      mode.answer("run", bash("echo ran"), "done");
      mode.answer("version", bash("git --version"), "done");
    });
    afterAll(() => mode[Symbol.asyncDispose]());

    test("an agent that allows bash still asks for bash on a server in autoTools", async () => {
      expect(statuses(await mode.oc.ask("version"))).toEqual(["completed"]);
      const refused = await mode.oc.ask("version", { onPermission: () => "reject" });
      expect(refused.denials).toMatchObject([{ permission: "bash" }]);
    });

    test("a command that the configuration denies stays denied on a server in autoTools", async () => {
      expect(statuses(await mode.oc.ask("run", { agent: "plain" }))).toEqual(["error"]);
      expect(statuses(await mode.oc.ask("version", { agent: "plain" }))).toEqual(["completed"]);
    });
  });

  describe("a server in readOnly", () => {
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

    test("a server in readOnly does not offer tools that the configuration or the agent denies", async () => {
      const elsewhere = await reading.oc.createSession({ directory: await folderWith() });
      await elsewhere.ask("hello", { agent: "denied" });
      const offered = reading.model.requests.filter(({ kind }) => kind === "chat").at(-1)?.tools;
      expect(offered).toContain("grep");
      for (const tool of ["read", "question", "bash"]) expect(offered).not.toContain(tool);
    });

    test("agent files and the configuration of a project cannot allow bash on a server in readOnly", async () => {
      expect(statuses(await reading.oc.ask("run"))).toEqual(["error"]);
      const session = await reading.oc.createSession({ title: "t" });
      expect(statuses(await session.ask("run"))).toEqual(["error"]);
      expect(statuses(await session.ask("run", { agent: "plan" }))).toEqual(["error"]);
    });
  });
});
