/** What stands between the agent's asks and their answers: a confinement, a reviewer, an audit. */
import { existsSync } from "node:fs";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type AuditEntry, ConfigError, type PermissionRequest } from "../../../src/index.js";
import { type ModelRequest, type Reply, toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture, temporaryFolder } from "../../support/fixture.js";

let fixture: Fixture;
let inside: string;
const reviewed: ModelRequest[] = [];

/** What the model says when it is asked for a review. */
function review(request: ModelRequest): Reply | undefined {
  const { lastUserText: text } = request;
  if (!text.startsWith("A coding agent asks for a permission.")) return undefined;
  reviewed.push(request);
  if (text.includes("echo quoted")) return 'No. It prints {"decision": "allow", "reason": "harmless"}';
  if (text.includes("echo fine") || text.includes("echo token")) return '{"decision": "allow", "reason": "harmless"}';
  return text.includes("echo odd") ? "Well, why not?" : '{"decision": "refuse", "reason": "it deletes"}';
}

beforeAll(async () => {
  fixture = await startFixture({}, review);
  inside = join(fixture.directory, "inside");
  await mkdir(inside);
  await writeFile(join(inside, "a.txt"), "content of a\n");
  await writeFile(join(fixture.directory, "b.txt"), "content of b\n");
  await symlink(fixture.directory, join(inside, "link"));
  const read = (path: string) => toolCall("read", { filePath: path });
  fixture.answer("read inside", read(join(inside, "a.txt")), "done");
  fixture.answer("read outside", read(join(fixture.directory, "b.txt")), "done");
  fixture.answer("read by ..", read(`${inside}/../b.txt`), "done");
  fixture.answer("read by link", read(join(inside, "link", "b.txt")), "done");
  fixture.answer("read far", read("/etc/hostname"), "done");
  fixture.answer(
    "write outside",
    toolCall("write", { filePath: join(fixture.directory, "c.txt"), content: "x" }),
    "done",
  );
  fixture.answer("write inside", toolCall("write", { filePath: join(inside, "c.txt"), content: "x" }), "done");
  fixture.answer("search outside", toolCall("grep", { pattern: "content", path: fixture.directory }), "done");
  fixture.answer("run", toolCall("bash", { command: "echo ran", description: "x" }), "done");
});
afterAll(() => fixture[Symbol.asyncDispose]());

const statuses = ({ toolCalls }: Answer): string[] => toolCalls.map(({ status }) => status);

describe("confineTo", () => {
  test("confineTo allows files inside the directory and refuses all others, also by link or relative path", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    for (const prompt of ["read inside", "write inside"]) {
      expect(statuses(await session.ask(prompt, { confineTo: "inside" })), prompt).toEqual(["completed"]);
    }
    const outside = ["read outside", "read by ..", "read by link", "read far", "write outside", "search outside"];
    for (const prompt of outside) {
      const { denials } = await fixture.oc.ask(prompt, { confineTo: inside, onPermission: () => "once" });
      expect(denials, prompt).toMatchObject([{ by: "confineTo" }]);
    }
    expect(existsSync(join(fixture.directory, "c.txt"))).toBe(false);
    expect(statuses(await session.ask("read outside"))).toEqual(["completed"]);
  });

  test("confineTo of a started server confines its sessions and leaves bash allowed", async () => {
    const directory = await temporaryFolder();
    await using confined = await startFixture({ confineTo: directory });
    confined.answer("read", toolCall("read", { filePath: "/etc/hostname" }), "done");
    confined.answer("run", toolCall("bash", { command: "echo ran", description: "x" }), "done");
    const session = await confined.oc.createSession({ title: "t" });
    expect((await session.ask("read", { onPermission: () => "once" })).denials).toMatchObject([{ by: "confineTo" }]);
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
  });
});

describe("a reviewer", () => {
  test("a reviewer function decides open permission requests before onPermission is called", async () => {
    const session = await fixture.oc.createSession({ permission: { bash: "ask", read: "ask", edit: "ask" } });
    const seen: string[] = [];
    const reviewer = ({ permission }: PermissionRequest) => {
      seen.push(permission);
      if (permission === "read") return "allow" as const;
      return permission === "bash" ? { reject: "no commands" } : undefined;
    };
    const asked: string[] = [];
    const onPermission = ({ permission }: PermissionRequest) => {
      asked.push(permission);
      return "once" as const;
    };
    const options = { reviewer, onPermission, permission: { glob: "ask" } } as const;
    expect(statuses(await session.ask("read inside", options))).toEqual(["completed"]);
    const { denials } = await session.ask("run", options);
    expect(denials).toMatchObject([{ by: "reviewer", reason: "no commands" }]);
    expect(statuses(await session.ask("write inside", options))).toEqual(["completed"]);
    expect(asked).toEqual(["edit"]);
    expect(seen).toEqual(["read", "bash", "edit"]);
  });

  test("a reviewer that returns nonsense or throws refuses the request", async () => {
    const ask = async (reviewer: () => never) =>
      (await fixture.oc.ask("run", { permission: { bash: "ask" }, reviewer })).denials;
    expect(await ask(() => "yes" as never)).toMatchObject([{ by: "reviewer", reason: expect.stringContaining("yes") }]);
    const throwing = await ask(() => {
      throw new Error("broken");
    });
    expect(throwing).toMatchObject([{ by: "reviewer", reason: expect.stringContaining("broken") }]);
  });

  describe("a reviewer model", () => {
    const commands = ["echo fine", "echo bad", "echo odd", "echo quoted", 'echo token="$(touch made.txt)"'];
    const bash = (command: string) => toolCall("bash", { command, description: "x" });
    beforeAll(() => {
      for (const command of commands) fixture.answer(command, bash(command), "done");
      fixture.answer("echo fine, echo fine 2", bash("echo fine"), bash("echo fine 2"), "done");
    });

    test("a reviewer model gets the request and the rubric without tools, and only a clear yes allows", async () => {
      const reviewer = { model: "scripted/model", rubric: "Allow what only prints." };
      const options = { permission: { bash: "ask" }, reviewer } as const;
      expect(statuses(await fixture.oc.ask("echo fine", options))).toEqual(["completed"]);
      const bad = await fixture.oc.ask("echo bad", options);
      expect(bad.denials).toMatchObject([{ by: "reviewer", reason: "the reviewer refused it: it deletes" }]);
      const odd = await fixture.oc.ask("echo odd", options);
      expect(odd.denials).toMatchObject([{ by: "reviewer", reason: "the reviewer gave no clear decision" }]);
      for (const command of commands.slice(3)) {
        expect((await fixture.oc.ask(command, options)).denials, command).toMatchObject([{ by: "reviewer" }]);
      }
      expect(reviewed[0]?.lastUserText).toContain("Allow what only prints.");
      expect(reviewed.map(({ tools }) => tools)).toEqual([[], [], [], []]);
    });

    test("a reviewer model refuses requests beyond maxReviews", async () => {
      const reviewer = { model: "scripted/model", rubric: "Allow what only prints.", maxReviews: 1 };
      const { denials } = await fixture.oc.ask("echo fine, echo fine 2", { permission: { bash: "ask" }, reviewer });
      expect(denials).toMatchObject([{ by: "reviewer", reason: expect.stringContaining("all 1 reviews") }]);
    });

    test("a reviewer model leaves no session behind", async () => {
      const titles: string[] = [];
      for await (const { title } of fixture.oc.sessions()) titles.push(title);
      expect(titles).not.toContain("review of a permission");
    });
  });

  test("a reviewer model without a rubric is a ConfigError", async () => {
    const reviewer = { model: "scripted/model" } as never;
    await expect(fixture.oc.ask("run", { reviewer })).rejects.toThrow(ConfigError);
  });
});

describe("an audit", () => {
  test("an audit file has a line for every decision, with the decider and the reason", async () => {
    const audit = join(await temporaryFolder(), "audit.jsonl");
    const options = { audit, permission: { bash: "ask", read: { "*": "ask", "*a.txt": "allow" } } } as const;
    await fixture.oc.ask("run", options);
    await fixture.oc.ask("run", { ...options, onPermission: () => "once" });
    fixture.answer("log in", toolCall("bash", { command: "echo --password hunter2hunter2", description: "x" }), "done");
    await fixture.oc.ask("log in", options);
    await (await fixture.oc.createSession({ title: "t" })).ask("read inside", options);
    const lines = (await readFile(audit, "utf8")).trimEnd().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as AuditEntry);
    expect(entries).toMatchObject([
      { permission: "bash", patterns: ["echo ran"], tool: "bash", agent: "build", decision: "refuse", by: "nobody" },
      { permission: "bash", decision: "allow", by: "onPermission" },
      { permission: "bash", patterns: ["echo --password [redacted]"], decision: "refuse" },
      { permission: "read", decision: "allow", by: "rules", reason: expect.stringContaining("*a.txt") },
    ]);
    expect((await stat(audit)).mode & 0o777).toBe(0o600);
  });

  test("a permission request is refused when its decision cannot be written to the audit", async () => {
    const audit = join(await temporaryFolder(), "no", "folder", "audit.jsonl");
    const { denials } = await fixture.oc.ask("run", { audit, permission: { bash: "ask" }, onPermission: () => "once" });
    expect(denials).toMatchObject([{ reason: expect.stringContaining("could not be written to the audit") }]);
  });
});
