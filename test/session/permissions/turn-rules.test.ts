/** What is said for one turn, and what is said to a session that lives. */
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Answer, ConfigError, createOpencode, type Opencode, type Session } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

let fixture: Fixture;
let oc: Opencode;
let session: Session;
let file: string;
beforeAll(async () => {
  fixture = await startFixture();
  oc = fixture.oc;
  file = join(fixture.directory, "new.txt");
  await writeFile(join(fixture.directory, "a.txt"), "content of a\n");
  fixture.answer("run", toolCall("bash", { command: "echo ran", description: "x" }), "done");
  fixture.answer("write", toolCall("write", { filePath: file, content: "x" }), "done");
  fixture.answer("read", toolCall("read", { filePath: join(fixture.directory, "a.txt") }), "done");
  fixture.answer(
    "delegate",
    toolCall("task", { description: "d", prompt: "run", subagent_type: "general" }),
    "all done",
  );
});
afterAll(() => fixture[Symbol.asyncDispose]());
beforeEach(async () => {
  session = await oc.createSession({ title: "t" });
  await rm(file, { force: true });
});

const statuses = ({ toolCalls }: Answer): string[] => toolCalls.map(({ status }) => status);
const offered = (): readonly string[] =>
  fixture.model.requests.filter(({ kind }) => kind === "chat").at(-1)?.tools ?? [];

describe("a mode of one turn", () => {
  test("a mode of one turn removes tools for the turn, the task tool included, and not for the next turn", async () => {
    expect(statuses(await session.ask("run", { permissionMode: "readOnly" }))).toEqual(["error"]);
    expect(statuses(await session.ask("read", { permissionMode: "readOnly" }))).toEqual(["completed"]);
    expect(offered()).not.toContain("bash");
    await session.ask("delegate", { permissionMode: "plan" });
    expect(offered()).not.toContain("task");
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    expect(offered()).toContain("task");
  });

  test("the mode of an aborted turn does not apply to the next turn", async () => {
    const stop = new AbortController();
    const stream = session.askStream("run", { permissionMode: "readOnly", signal: stop.signal });
    for await (const event of stream.events) {
      if (event.type !== "start") continue;
      stop.abort();
      break;
    }
    await expect(stream.answer).rejects.toThrow();
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
  });

  test("the looser rules of a session apply again after a turn in readOnly", async () => {
    const own = await oc.createSession({ permission: { bash: { "*": "deny", "echo *": "allow" } } });
    expect(statuses(await own.ask("run"))).toEqual(["completed"]);
    expect(statuses(await own.ask("run", { permissionMode: "readOnly" }))).toEqual(["error"]);
    expect(statuses(await own.ask("run"))).toEqual(["completed"]);
  });

  test("bypass and acceptEdits answer permission requests, and autoTools ends a run after 25 steps", async () => {
    const asking = await oc.createSession({ permission: { bash: "ask", edit: "ask" } });
    expect(statuses(await asking.ask("run", { permissionMode: "bypass" }))).toEqual(["completed"]);
    expect(statuses(await asking.ask("write", { permissionMode: "acceptEdits" }))).toEqual(["completed"]);
    fixture.answer("for ever", toolCall("read", { filePath: join(fixture.directory, "a.txt") }));
    await expect(oc.ask("for ever", { permissionMode: "autoTools", maxRepeats: false })).rejects.toMatchObject({
      limit: "maxSteps",
      max: 25,
    });
  });
});

describe("rules of one turn", () => {
  test("rules of one turn ask, deny and allow in this turn, and a denied tool runs in the next turn", async () => {
    const asked: string[] = [];
    const onPermission = ({ permission }: { permission: string }) => {
      asked.push(permission);
      return "once" as const;
    };
    const permission = { bash: { "*": "ask", "echo *": "allow" }, edit: "deny" } as const;
    expect(statuses(await session.ask("run", { permission, onPermission }))).toEqual(["completed"]);
    expect(asked).toEqual([]);
    expect(statuses(await session.ask("run", { permission: { bash: "ask" }, onPermission }))).toEqual(["completed"]);
    expect(asked).toEqual(["bash"]);
    await session.ask("write", { permission });
    expect(offered()).not.toContain("write");
    expect(existsSync(file)).toBe(false);
    await session.ask("write");
    expect(existsSync(file)).toBe(true);
  });

  test("equal rules of several turns add the same number of session rules each time", async () => {
    const sizes: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await session.ask("hello", { permission: { bash: { "*": "ask", "echo *": "allow" } } });
      sizes.push((await session.info()).permission?.length ?? 0);
    }
    const added = sizes.map((size, index) => size - (sizes[index - 1] ?? 0));
    expect(added).toEqual([added[0], added[0], added[0], added[0]]);
  });

  test("a turn with rules that ask does not offer the task tool", async () => {
    await session.ask("delegate", { permission: { bash: "ask" } });
    expect(offered()).not.toContain("task");
  });

  test("wrong rules, modes and tool filters of a turn are an error before a message is stored", async () => {
    await expect(session.ask("run", { permission: { shell: "ask" } })).rejects.toThrow('did you mean "bash"');
    await expect(session.ask("run", { permissionMode: "readonly" as never })).rejects.toThrow(
      'did you mean "readOnly"',
    );
    await expect(session.ask("run", { tools: { only: [] } })).rejects.toThrow(ConfigError);
    expect(await session.messages()).toEqual([]);
  });
});

describe("tools of one turn", () => {
  test("tools.only offers just the listed tools, under the session's rules and for one turn", async () => {
    const own = await oc.createSession({ permission: { read: "ask" } });
    const { denials } = await own.ask("read", { tools: { only: ["read", "grep"] } });
    expect(denials).toMatchObject([{ permission: "read", by: "nobody" }]);
    expect([...offered()].sort()).toEqual(["grep", "read"]);
    await own.ask("run");
    expect(offered()).toContain("bash");
  });

  test("tools.deny removes the listed tools, and write removes edit as well", async () => {
    await session.ask("read", { tools: { deny: ["bash", "write"] } });
    expect(offered()).toContain("read");
    for (const tool of ["bash", "write", "edit"]) expect(offered()).not.toContain(tool);
    await oc.ask("write", { tools: { deny: ["*"] } });
    expect(offered()).toEqual([]);
  });
});

describe("setPermissions", () => {
  test("setPermissions changes the mode or the rules of a session from the next turn on", async () => {
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    await session.setPermissions("readOnly");
    expect(statuses(await session.ask("run"))).toEqual(["error"]);
    await session.setPermissions("default");
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    await session.setPermissions("autoTools");
    expect((await session.ask("run")).denials).toMatchObject([{ permission: "bash" }]);
    expect(statuses(await session.ask("write"))).toEqual(["completed"]);
    await session.setPermissions("bypass");
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    await session.setPermissions({ bash: "deny" });
    await session.ask("run");
    expect(offered()).not.toContain("bash");
  });
});

describe('the reply "always"', () => {
  test("a reply of always holds for equal requests of the session, and not for another session", async () => {
    const asked: string[] = [];
    const onPermission = ({ sessionId }: { sessionId: string }) => {
      asked.push(sessionId);
      return "always" as const;
    };
    const [one, two] = [
      await oc.createSession({ permission: { bash: "ask" } }),
      await oc.createSession({ permission: { bash: "ask" } }),
    ];
    await one.ask("run", { onPermission });
    await one.ask("run", { onPermission });
    await two.ask("run", { onPermission });
    expect(asked).toEqual([one.id, two.id]);
  });
});

describe("a connected client with a mode", () => {
  test("the permissionMode of a connected client restricts its turns, also in an existing session", async () => {
    const { server } = oc;
    const options = { baseUrl: server?.url ?? "", password: server?.password, directory: fixture.directory };
    await using client = await createOpencode({ ...options, permissionMode: "readOnly" });
    expect(statuses(await client.ask("run"))).toEqual(["error"]);
    expect(statuses(await client.session(session.id).ask("run"))).toEqual(["error"]);
    expect(statuses(await session.ask("run"))).toEqual(["completed"]);
    expect(existsSync(file)).toBe(false);
  });
});
