/** What a mode promises, and a confinement, and a hook: each holds whatever else is said. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, AuditEntry, Session } from "../../../src/index.js";
import { pathGuards } from "../../../src/permissions/paths/path-guard.js";
import { withPermissions } from "../../../src/permissions/policy/server-config.js";
import { guardAll, isGuard, pathPermissions, rulesFor } from "../../../src/permissions/policy/server-rules.js";
import { toolCall } from "../../../src/testing/index.js";
import type { PermissionRule } from "../../../src/types/answer.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

const offered = (fixture: Fixture): readonly string[] =>
  fixture.model.requests.filter(({ kind }) => kind === "chat").at(-1)?.tools ?? [];
const rule = (permission: string, pattern: string, action: PermissionRule["action"]) => ({
  permission,
  pattern,
  action,
});
const readOnlyTools = ["glob", "grep", "question", "read", "skill", "todowrite"];

describe("a server in readOnly with confineTo and a hook", () => {
  let fixture: Fixture;
  const used: string[] = [];
  beforeAll(async () => {
    const hooks = { preToolUse: ({ tool }: { tool: string }) => void used.push(tool) };
    const config = { agent: { free: { mode: "primary", permission: { bash: "allow", edit: "allow" } } } };
    const options = { permissionMode: "readOnly", confineTo: ".", hooks, config, serverTimeout: 80_000 };
    fixture = await startFixture(options as never);
    await writeFile(join(fixture.directory, "a.txt"), "content of a\n");
    fixture.answer("read", toolCall("read", { filePath: join(fixture.directory, "a.txt") }), "done");
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test.each([undefined, "free"])("readOnly keeps its tools beside confineTo and a hook (agent %s)", async (agent) => {
    used.length = 0;
    const answer = await fixture.oc.ask("read", { agent });
    expect([...offered(fixture)].sort()).toEqual(readOnlyTools);
    expect(answer.toolCalls.map(({ status }) => status)).toEqual(["completed"]);
    expect(used).toEqual(["read"]);
  });
});

describe("a server in readOnly", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ permissionMode: "readOnly", onPermission: () => "once" } as never);
    fixture.answer("run", toolCall("bash", { command: "echo ran", description: "d" }), "done");
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test("a server in readOnly ignores rules that allow and keeps rules that deny, of a turn and a session", async () => {
    const rules = { permission: { "*": "allow", bash: "allow", edit: "ask", grep: "deny" } } as const;
    const session = await fixture.oc.createSession({ title: "t", ...rules });
    const other = await fixture.oc.createSession({ title: "t", permissionMode: "plan", ...rules });
    const there = await fixture.oc.createSession({ title: "t" });
    const asks = [
      () => fixture.oc.ask("run", rules),
      () => session.ask("run"),
      () => other.ask("run"),
      () => there.ask("run", rules),
    ];
    for (const ask of asks) {
      const { toolCalls } = await ask();
      expect([...offered(fixture)].sort()).toEqual(readOnlyTools.filter((tool) => tool !== "grep"));
      expect(toolCalls.map(({ status }) => status)).toEqual(["error"]);
    }
    const open = await fixture.oc.ask("run", { permissionMode: "default", ...rules });
    expect(open.toolCalls.map(({ status }) => status)).toEqual(["completed"]);
  });

  test.each([
    ["confineTo", { confineTo: "." }],
    ["a hook", { hooks: { preToolUse: () => undefined } }],
  ] as const)(
    "a turn with %s offers only the tools of readOnly, in a new session and in an existing one",
    async (_, turn) => {
      const session = await fixture.oc.createSession({ title: "t" });
      const inSession = () => session.ask("run", turn);
      for (const ask of [() => fixture.oc.ask("run", turn), inSession, inSession]) {
        const answer = await ask();
        expect([...offered(fixture)].sort()).toEqual(readOnlyTools);
        expect(answer.toolCalls.map(({ status }) => status)).not.toContain("completed");
      }
      await session.ask("without it");
      expect([...offered(fixture)].sort()).toEqual(readOnlyTools);
    },
  );
});

describe("a server with confineTo", () => {
  let fixture: Fixture;
  const audit: AuditEntry[] = [];
  beforeAll(async () => {
    const permission = { bash: { "*": "allow", "rm *": "deny" } };
    const options = { confineTo: "inside", permission, audit: (entry: AuditEntry) => void audit.push(entry) };
    fixture = await startFixture({ ...options, serverTimeout: 80_000 } as never);
    await writeFile(join(fixture.directory, "a.txt"), "content of a\n");
    fixture.answer("read", toolCall("read", { filePath: join(fixture.directory, "a.txt") }), "done");
    fixture.answer("remove", toolCall("bash", { command: "rm a.txt", description: "d" }), "done");
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  const confined = ({ denials }: Answer): unknown => expect(denials).toMatchObject([{ by: "confineTo" }]);

  test("confineTo of the server holds in a session with a mode, and in a session with rules that allow", async () => {
    const session = await fixture.oc.createSession({ permissionMode: "readOnly" });
    confined(await session.ask("read"));
    expect([...offered(fixture)].sort()).toEqual(readOnlyTools);
    confined(await (await fixture.oc.createSession({ permission: { read: "allow" } })).ask("read"));
  });

  test("confineTo of the server holds after setPermissions with a mode or with rules", async () => {
    const session: Session = await fixture.oc.createSession({ title: "t" });
    for (const change of ["readOnly", "default"] as const) {
      await session.setPermissions(change);
      confined(await session.ask("read"));
    }
    await session.setPermissions([rule("read", "*", "allow")]);
    confined(await session.ask("read"));
  });

  test("a denied command on a server with confineTo is attributed to the rules, not to the confinement", async () => {
    audit.length = 0;
    for (const options of [{}, { permission: { webfetch: "deny" } }] as const) {
      const { denials } = await fixture.oc.ask("remove", options);
      expect(denials).toMatchObject([{ by: "rules", reason: expect.stringContaining('"rm *"') }]);
    }
    expect(audit.map(({ by, decision }) => `${by} ${decision}`)).toEqual(["rules refuse", "rules refuse"]);
  });
});

describe("path guards", () => {
  test("pathGuards makes a guard for each permission whose rules tell paths apart, and for no other", () => {
    const guarded = (rules: PermissionRule[], lower: PermissionRule[] = []) =>
      pathGuards(rules, lower).map(({ permission }) => permission);
    expect(guarded([rule("edit", "src/**", "deny")])).toEqual(["edi?"]);
    expect(guarded([rule("*", "src/**", "ask")])).toHaveLength(pathPermissions.size);
    expect(guarded([rule("edit", "*", "deny"), rule("edit", "src/**", "allow")])).toEqual(["edi?"]);
    expect(guarded([rule("edit", "src/**", "allow")])).toEqual([]);
    expect(guarded([rule("edit", "src/**", "allow")], [rule("edit", "*", "deny")])).toEqual(["edi?"]);
    expect(guarded([rule("edit", "src/**", "allow"), rule("edit", "*", "deny")])).toEqual([]);
    expect(guarded([rule("bash", "ls *", "deny"), rule("read", "*", "ask"), rule("read", "**", "deny")])).toEqual([]);
    expect(guarded([rule("read", "*.env", "ask")])).toEqual([]);
  });

  test("guardAll asks for every allowed permission and keeps denied permissions denied", () => {
    const closed = guardAll([rule("*", "*", "deny"), rule("read", "*", "allow"), rule("probe_*", "*", "allow")]);
    expect(closed.slice(3)).toEqual([rule("rea?", "*", "ask"), rule("probe_*", "***", "ask")]);
    const open = guardAll([rule("bash", "*", "deny"), rule("edit", "x", "deny")]);
    expect(open.slice(2)).toEqual([rule("?*", "*", "ask"), rule("bash", "*", "deny")]);
    expect(open.filter(isGuard)).toHaveLength(1);
    expect(rulesFor(open, "edit")).toEqual([rule("edit", "x", "deny"), rule("edi?", "*", "ask")]);
  });

  test("withPermissions adds path guards to the configuration's own rules and to the rules of its agents", () => {
    const permission = { edit: { "secrets/**": "deny" } } as const;
    const config = { permission, agent: { own: { permission: { read: { "/data/**": "ask" } } } } } as never;
    const told = withPermissions(config, { isGuarded: false });
    expect(told.config?.permission).toEqual({ ...permission, "edi?": "ask" });
    expect(told.config?.agent?.["own"]?.permission).toEqual({ read: { "/data/**": "ask" }, "rea?": "ask" });
    expect(withPermissions({ permission: { edit: "deny" } }, { isGuarded: false }).rules).toEqual([]);
  });
});
