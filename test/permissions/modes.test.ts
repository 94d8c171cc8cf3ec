/** The permission modes: as tables, and what a real server makes of them. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import type { Answer } from "../../src/index.js";
import { modeNamed, modes } from "../../src/permissions/policy/modes.js";
import { policy } from "../../src/permissions/policy/policy.js";
import { toolCall } from "../../src/testing/index.js";
import type { PermissionMode } from "../../src/types/policy.js";
import type { PermissionHandler, PermissionRequest } from "../../src/types/request.js";
import { type Fixture, startFixture } from "../support/fixture.js";

const asked = (permission: string, pattern: string): PermissionRequest => ({
  id: "per_1",
  sessionId: "ses_1",
  permission,
  patterns: [pattern],
  metadata: permission === "bash" ? { command: pattern } : permission === "grep" ? { pattern } : {},
  chain: ["ses_1"],
});

describe("the answer of a mode", () => {
  const requests = [
    ["read", "a.ts"],
    ["read", ".env"],
    ["grep", "TODO"],
    ["edit", "a.ts"],
    ["bash", "ls"],
    ["webfetch", "https://a.b/"],
    ["task", "general"],
    ["probe_add", "*"],
    ["external_directory", "/etc/*"],
  ] as const;
  const table: Record<Exclude<PermissionMode, "default">, string[]> = {
    plan: ["allow", "ask", "allow", "deny", "deny", "deny", "deny", "deny", "ask"],
    readOnly: ["allow", "ask", "allow", "deny", "deny", "deny", "deny", "deny", "ask"],
    acceptEdits: ["ask", "ask", "ask", "allow", "ask", "ask", "ask", "ask", "ask"],
    autoTools: ["allow", "ask", "allow", "allow", "ask", "ask", "ask", "ask", "ask"],
    bypass: requests.map(() => "allow"),
  };

  test.each(Object.entries(table))("the mode %s allows, asks and denies as listed", async (mode, expected) => {
    const { answers } = modeNamed(mode);
    const handler = policy(answers, { default: "ask" });
    const actions = requests.map(async ([name, pattern]) => (await handler.explain(asked(name, pattern))).action);
    expect(await Promise.all(actions)).toEqual(expected);
  });

  test("an unknown mode throws a ConfigError and suggests a similar name", () => {
    expect(() => modeNamed("read-only")).toThrow('did you mean "readOnly"?');
    expect(() => modeNamed("yolo")).toThrow(ConfigError);
    expect(() => modeNamed("constructor")).toThrow(ConfigError);
    expect(Object.keys(modes)).toEqual(["default", "plan", "readOnly", "acceptEdits", "autoTools", "bypass"]);
  });
});

describe("a session in a mode, on a real server", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    const permission = { bash: { "*": "ask", "echo no*": "deny" }, edit: "ask" };
    fixture = await startFixture({ config: { agent: { asking: { mode: "primary", permission } } } } as never);
    await writeFile(join(fixture.directory, "a.txt"), "content of a\n");
    await writeFile(join(fixture.directory, ".env"), "SECRET=1\n");
    fixture.answer("run", toolCall("bash", { command: "echo ran > ran.txt", description: "x" }), "done");
    fixture.answer("write", toolCall("write", { filePath: join(fixture.directory, "new.txt"), content: "x" }), "done");
    fixture.answer("read", toolCall("read", { filePath: join(fixture.directory, "a.txt") }), "done");
    fixture.answer("read .env", toolCall("read", { filePath: join(fixture.directory, ".env") }), "done");
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  async function ask(mode: PermissionMode, prompt: string, onPermission?: PermissionHandler): Promise<Answer> {
    const session = await fixture.oc.createSession({ permissionMode: mode });
    return session.ask(prompt, { onPermission });
  }

  const statuses = ({ toolCalls }: Answer): string[] => toolCalls.map(({ status }) => status);
  const offered = (): readonly string[] =>
    fixture.model.requests.filter(({ kind }) => kind === "chat").at(-1)?.tools ?? [];

  test.each(["readOnly", "plan"] as const)(
    "a session in mode %s reads files, and the model gets no tool for commands or edits",
    async (mode) => {
      expect(statuses(await ask(mode, "read"))).toEqual(["completed"]);
      expect(offered()).toEqual(expect.arrayContaining(["read", "glob", "grep"]));
      for (const tool of ["bash", "edit", "write", "webfetch", "task"]) expect(offered()).not.toContain(tool);
      expect(statuses(await ask(mode, "run"))).toEqual(["error"]);
      expect(statuses(await ask(mode, "write"))).toEqual(["error"]);
      expect(existsSync(join(fixture.directory, "ran.txt"))).toBe(false);
      expect(existsSync(join(fixture.directory, "new.txt"))).toBe(false);
    },
  );

  test("a readOnly session asks before it reads .env", async () => {
    const refused = await ask("readOnly", "read .env");
    expect(refused.denials).toMatchObject([{ permission: "read", patterns: [expect.stringContaining(".env")] }]);
    expect(statuses(await ask("readOnly", "read .env", () => "once"))).toEqual(["completed"]);
  });

  test("an autoTools session edits files and asks before commands", async () => {
    expect(statuses(await ask("autoTools", "write"))).toEqual(["completed"]);
    const refused = await ask("autoTools", "run");
    expect(refused.denials).toMatchObject([{ permission: "bash", patterns: ["echo ran > ran.txt"] }]);
    expect(existsSync(join(fixture.directory, "ran.txt"))).toBe(false);
    expect(statuses(await ask("autoTools", "run", () => "once"))).toEqual(["completed"]);
    expect(await readFile(join(fixture.directory, "ran.txt"), "utf8")).toBe("ran\n");
  });

  test("bypass allows all requests except configured denials, and acceptEdits allows edits only", async () => {
    fixture.answer("run yes", toolCall("bash", { command: "echo yes", description: "x" }), "done");
    fixture.answer("run no", toolCall("bash", { command: "echo no", description: "x" }), "done");
    const status = async (mode: PermissionMode, prompt: string): Promise<unknown> =>
      (await fixture.oc.ask(prompt, { permissionMode: mode, agent: "asking" })).toolCalls[0]?.status;
    expect(await status("bypass", "run yes")).toBe("completed");
    expect(await status("bypass", "write")).toBe("completed");
    expect(await status("bypass", "run no")).toBe("error");
    expect(await status("acceptEdits", "write")).toBe("completed");
    expect(await status("acceptEdits", "run yes")).toBe("error");
  });

  test("a policy gets the whole shell line and the absolute path of the edited file", async () => {
    const session = await fixture.oc.createSession({ permission: { bash: "ask", edit: "ask" } });
    const onPermission = policy(
      [
        { permission: "bash", pattern: "echo*", action: "allow" },
        { permission: "edit", pattern: join(fixture.directory, "*"), action: "allow" },
      ],
      { default: "deny" },
    );
    const { denials } = await session.ask("run", { onPermission });
    expect(denials).toMatchObject([
      { permission: "bash", reason: expect.stringContaining("redirects to or from a file") },
    ]);
    expect((await session.ask("write", { onPermission })).denials).toEqual([]);
  });
});

describe("a server that is started in a mode", () => {
  test("a sub-agent on a server in mode autoTools asks before commands", async () => {
    await using fixture = await startFixture({ permissionMode: "autoTools" });
    const task = { description: "sub", prompt: "the part", subagent_type: "general" };
    fixture.answer("delegate", toolCall("task", task), "all done");
    fixture.answer("the part", toolCall("bash", { command: "echo sub", description: "x" }), "part done");
    const answer = await fixture.oc.ask("delegate");
    expect(answer.text).toBe("all done");
    expect(answer.denials).toMatchObject([{ permission: "bash", patterns: ["echo sub"] }]);
  });

  describe("a server in mode readOnly with a configured denial", () => {
    let fixture: Fixture;
    beforeAll(async () => {
      const config = { permission: { bash: { "rm *": "deny" } } };
      fixture = await startFixture({ permissionMode: "readOnly", config } as never);
    });
    afterAll(() => fixture[Symbol.asyncDispose]());

    test("a readOnly server with a configured denial offers tools to read, and none to write or run", async () => {
      await fixture.oc.ask("hello", {});
      const tools = fixture.model.requests.filter(({ kind }) => kind === "chat").at(-1)?.tools ?? [];
      expect(tools).toEqual(expect.arrayContaining(["read", "glob", "grep"]));
      for (const tool of ["bash", "edit", "write", "webfetch", "task"]) expect(tools).not.toContain(tool);
    });

    test("setPermissions loosens a session of a readOnly server, but not a denial of the configuration", async () => {
      fixture.answer("run", toolCall("bash", { command: "echo ran", description: "x" }), "done");
      fixture.answer("remove", toolCall("bash", { command: "rm x", description: "x" }), "done");
      const session = await fixture.oc.createSession({ title: "t" });
      const status = async (prompt: string): Promise<unknown> => (await session.ask(prompt)).toolCalls[0]?.status;
      expect(await status("run")).toBe("error");
      await session.setPermissions("bypass");
      expect(await status("run")).toBe("completed");
      expect(await status("remove")).toBe("error");
    });
  });
});
