import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ConfigError,
  MessageNotFoundError,
  type Session,
  SessionBusyError,
  SessionNotFoundError,
} from "../../src/index.js";
import { hold, toolCall } from "../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../support/fixture.js";

let fixture: Fixture;
let plain: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  plain = await startFixture();
  const git = (...args: string[]): Buffer =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: fixture.directory });
  git("init", "-q");
  await writeFile(join(fixture.directory, "base.txt"), "base\n");
  git("add", "-A");
  git("commit", "-qm", "base");
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await plain[Symbol.asyncDispose]();
});

const textOf = (message: { parts: readonly { type: string }[] }): string =>
  message.parts.map((part) => ("text" in part && part.type === "text" ? String(part.text) : "")).join("");

describe("a conversation", () => {
  test("a session sends its earlier prompts to the model with the next prompt", async () => {
    fixture.answer("what did I say", (request) => {
      const said = request.messages.filter(({ role }) => role === "user").length;
      return `${said} things`;
    });
    const session = await fixture.oc.createSession({ title: "memory" });
    await session.ask("my name is Ada");
    expect((await session.ask("what did I say")).text).toBe("2 things");
    expect((await session.info()).title).toBe("memory");
  });

  test("parallel prompts of one session run one after the other, in the order of the calls", async () => {
    const session = await fixture.oc.createSession();
    const other = fixture.oc.session(session.id);
    const answers = await Promise.all([session.ask("first"), other.ask("second"), session.ask("third")]);
    expect(answers.map(({ text }) => text)).toEqual(["echo: first", "echo: second", "echo: third"]);
    const texts = (await session.messages()).map(textOf);
    expect(texts).toEqual(["first", "echo: first", "second", "echo: second", "third", "echo: third"]);
  });

  test("whenBusy: reject rejects a prompt while a turn of the session runs, also another client's", async () => {
    const gate = hold("done");
    fixture.answer("long", { text: [gate] });
    const session = await fixture.oc.createSession();
    const running = session.ask("long");
    await eventually("busy", async () => (await session.status()).type === "busy");
    await expect(session.ask("now", { whenBusy: "reject" })).rejects.toBeInstanceOf(SessionBusyError);
    gate.release();
    await running;

    const gate2 = hold("done");
    fixture.answer("by another client", { text: [gate2] });
    await fixture.oc.client.POST("/session/{sessionID}/prompt_async", {
      params: { path: { sessionID: session.id } },
      body: { parts: [{ type: "text", text: "by another client" }] },
    });
    await eventually("busy", async () => (await session.status()).type === "busy");
    await expect(session.ask("now", { whenBusy: "reject" })).rejects.toBeInstanceOf(SessionBusyError);
    const queued = session.ask("after the other client");
    gate2.release();
    expect((await queued).text).toBe("echo: after the other client");
  });

  test("a repeated messageId gives the stored answer, and with another text a ConflictError", async () => {
    const session = await fixture.oc.createSession();
    const messageId = "msg_mine_1";
    const first = await session.ask("only once", { messageId });
    const again = await session.ask("only once", { messageId });
    expect(again.text).toBe(first.text);
    expect(fixture.model.calls("only once")).toBe(1);
    await expect(session.ask("something else", { messageId })).rejects.toMatchObject({
      name: "ConflictError",
      status: 409,
    });
  });

  test("a repeated messageId with equal parts gives the stored answer, with another file a ConflictError", async () => {
    const session = await fixture.oc.createSession();
    const file = (text: string) => ({
      type: "file" as const,
      mime: "text/plain",
      filename: "a.txt",
      url: `data:text/plain;base64,${Buffer.from(text).toString("base64")}`,
    });
    const prompt = (text: string) => [
      { type: "text" as const, text: "look at this" },
      file(text),
      { type: "text" as const, text: "and say", synthetic: true },
    ];
    const first = await session.ask(prompt("one"), { messageId: "msg_parts" });
    const again = await session.ask(prompt("one"), { messageId: "msg_parts" });
    expect(again.text).toBe(first.text);
    await expect(session.ask(prompt("two"), { messageId: "msg_parts" })).rejects.toMatchObject({
      name: "ConflictError",
    });
  });

  test("ask() with the messageId of a stored prompt answers the prompt's open permission request", async () => {
    fixture.answer("asks for bash", toolCall("bash", { command: "echo resumed", description: "x" }), "went on");
    const session = await fixture.oc.createSession({ permission: { bash: "ask" } });
    const path = { sessionID: session.id };
    const parts = [{ type: "text" as const, text: "asks for bash", id: "prt_resume000" }];
    await fixture.oc.client.POST("/session/{sessionID}/prompt_async", {
      params: { path },
      body: { messageID: "msg_resume", parts },
    });
    await eventually("it asks", async () =>
      (await fixture.oc.client.GET("/permission")).data.some(({ sessionID }) => sessionID === session.id),
    );
    const answer = await session.ask("asks for bash", { messageId: "msg_resume", onPermission: () => "once" });
    expect(answer.text).toBe("went on");
    expect(answer.toolCalls[0]?.output).toContain("resumed");
  });

  test("a turn rejects with SessionBusyError when another client's prompt joins during a tool call", async () => {
    const gate = join(fixture.directory, "joined");
    const command = `until [ -e '${gate}' ]; do sleep 0.1; done`;
    fixture.answer("calls a tool", toolCall("bash", { command, description: "x" }, { text: "calling. " }), "my end");
    const session = await fixture.oc.createSession();
    const answer = session.ask("calls a tool");
    answer.catch(() => {}); // awaited below
    await eventually("the tool runs", async () => {
      const last = (await session.messages()).at(-1);
      return last?.parts.some((part) => part.type === "tool" && part.state.status === "running") === true;
    });
    const file = { type: "file" as const, mime: "text/plain", filename: "b.txt", url: "data:text/plain;base64,Yg==" };
    await fixture.oc.client.POST("/session/{sessionID}/prompt_async", {
      params: { path: { sessionID: session.id } },
      body: { parts: [{ type: "text", text: "theirs" }, file] },
    });
    await writeFile(gate, "");
    await expect(answer).rejects.toBeInstanceOf(SessionBusyError);
  });

  test("a child session handles its own permission request while the turn of its parent runs", async () => {
    const gate = hold("parent done");
    fixture.answer("parent runs", { text: ["x ", gate] });
    fixture.answer("child asks", toolCall("bash", { command: "echo child", description: "x" }), "child done");
    const parent = await fixture.oc.createSession();
    const running = parent.ask("parent runs");
    await eventually("busy", async () => (await parent.status()).type === "busy");
    const child = await fixture.oc.createSession({ parentId: parent.id, permission: { bash: "ask" } });
    const answer = await child.ask("child asks", {
      onPermission: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return "once";
      },
    });
    expect(answer.toolCalls[0]).toMatchObject({ status: "completed" });
    gate.release();
    expect((await running).usage.input).toBe(10);
  });

  test("an aborted ask() does not fail a parallel messages() of the same session", async () => {
    const created = await fixture.oc.createSession();
    const session = fixture.oc.session(created.id);
    const controller = new AbortController();
    const aborted = session.ask("aborted at once", { signal: controller.signal });
    const messages = session.messages();
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ name: "AbortedError" });
    expect(await messages).toBeInstanceOf(Array);
  });

  test("a wrong prompt leaves no session behind, and an infinite timeout is accepted", async () => {
    const count = async (): Promise<number> => {
      let sessions = 0;
      for await (const _session of fixture.oc.sessions()) sessions += 1;
      return sessions;
    };
    const before = await count();
    await expect(fixture.oc.ask([{ type: "file", mime: "text/plain", url: "http://x/y" }])).rejects.toBeInstanceOf(
      ConfigError,
    );
    expect(await count()).toBe(before);
    expect(
      (await fixture.oc.ask("no hurry", { timeout: Number.POSITIVE_INFINITY, callbackTimeout: 2 ** 40 })).text,
    ).toBe("echo: no hurry");
  });

  test("a session is found by its id, and an unknown id is a SessionNotFoundError", async () => {
    const session = await fixture.oc.createSession();
    await session.ask("hello");
    expect(await fixture.oc.session(session.id).messages()).toHaveLength(2);
    for (const use of [
      (unknown: Session) => unknown.ask("x"),
      (unknown: Session) => unknown.messages(),
      (unknown: Session) => unknown.delete(),
      (unknown: Session) => unknown.abort(),
    ]) {
      await expect(use(fixture.oc.session("ses_nope"))).rejects.toBeInstanceOf(SessionNotFoundError);
    }
    expect(() => fixture.oc.session("nope")).toThrow(ConfigError);
  });
});

describe("reads of a session", () => {
  test("history() pages through 120 messages, newest or oldest first", async () => {
    const session = await fixture.oc.createSession();
    const { client } = fixture.oc;
    for (let index = 0; index < 120; index += 1) {
      await client.POST("/session/{sessionID}/message", {
        params: { path: { sessionID: session.id } },
        body: { noReply: true, parts: [{ type: "text", text: `note ${index}` }] },
      });
    }
    const oldest: string[] = [];
    for await (const message of session.history({ order: "oldest" })) oldest.push(textOf(message));
    const newest: string[] = [];
    for await (const message of session.history()) newest.push(textOf(message));
    expect(oldest).toEqual(Array.from({ length: 120 }, (_, index) => `note ${index}`));
    expect(newest).toEqual(oldest.toReversed());
    const newestThree = await session.messages({ limit: 3 });
    expect(newestThree.map(textOf)).toEqual(["note 117", "note 118", "note 119"]);
    const before = await session.messages({ limit: 2, before: newestThree[0]?.info.id });
    expect(before.map(textOf)).toEqual(["note 115", "note 116"]);
  });

  test("context() starts at the last compaction", async () => {
    const session = await fixture.oc.createSession();
    await session.ask("before the compaction");
    await session.compact();
    await session.ask("after the compaction");
    const all = await session.messages();
    const context = await session.context();
    expect(context.length).toBeLessThan(all.length);
    expect(context.map(textOf)).toContain("echo: after the compaction");
    expect(fixture.model.requests.some(({ kind }) => kind === "summary")).toBe(true);
  });

  test("usage() sums all turns of a session, and todo() lists the agent's todo items", async () => {
    fixture.answer(
      "plan it",
      toolCall("todowrite", { todos: [{ content: "step one", status: "pending", priority: "high" }] }),
      { text: "planned", usage: { input: 1, output: 2 } },
    );
    const session = await fixture.oc.createSession();
    await session.ask("plan it");
    await session.ask("more");
    expect(await session.usage()).toMatchObject({ input: 10 + 1 + 10, output: 5 + 2 + 5, cost: 0 });
    expect(await session.todo()).toMatchObject([{ content: "step one", status: "pending", priority: "high" }]);
  });

  test("sessions() lists, searches and leaves archived sessions out", async () => {
    const kept = await fixture.oc.createSession({ title: "needle one", metadata: { by: "test" } });
    const hidden = await fixture.oc.createSession({ title: "needle two" });
    await hidden.archive();
    const list = async (options: Parameters<typeof fixture.oc.sessions>[0]): Promise<string[]> => {
      const titles: string[] = [];
      for await (const { title } of fixture.oc.sessions(options)) titles.push(title);
      return titles;
    };
    expect(await list({ search: "needle" })).toEqual(["needle one"]);
    expect((await list({ search: "needle", archived: true })).sort()).toEqual(["needle one", "needle two"]);
    await hidden.unarchive();
    expect((await list({ search: "needle" })).sort()).toEqual(["needle one", "needle two"]);
    expect(await list({ limit: 1 })).toHaveLength(1);
    await kept.rename("thread");
    expect((await kept.info()).title).toBe("thread");
  });

  test("sessions() searches for wildcard characters of the database as plain text", async () => {
    for (const title of ["a_b", "axb", "100% done", "1000 files", "Über \\ alles"])
      await fixture.oc.createSession({ title });
    const find = async (search: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const { title } of fixture.oc.sessions({ search })) found.push(title);
      return found;
    };
    expect(await find("a_b")).toEqual(["a_b"]);
    expect(await find("100%")).toEqual(["100% done"]);
    expect(await find("A_B")).toEqual(["a_b"]);
    expect(await find("\\ al")).toEqual(["Über \\ alles"]);
    expect(await find("%")).toEqual(["100% done"]);
  });

  test("the title of a new session does not end within an emoji", async () => {
    const { sessionId } = await fixture.oc.ask(`${"x".repeat(58)}😀 and more words`);
    expect((await fixture.oc.session(sessionId).info()).title).toBe(`${"x".repeat(58)}…`);
  });

  test("models(), agents(), tools(), commands(), providers() and loaded() list the server's entries", async () => {
    const { oc } = fixture;
    expect((await oc.models()).map(({ fullName }) => fullName)).toEqual(["scripted/model"]);
    expect((await oc.agents()).map(({ name }) => name)).toEqual(expect.arrayContaining(["build", "plan"]));
    expect(await oc.tools()).toEqual(expect.arrayContaining(["bash", "edit", "read"]));
    expect((await oc.commands()).map(({ name }) => name)).toEqual(expect.arrayContaining(["init", "review"]));
    expect((await oc.providers()).map(({ id }) => id)).toEqual(["scripted"]);
    expect(await oc.loaded()).toMatchObject({ configFiles: [], mcpServers: [], plugins: [] });
  });
});

describe("methods of a session", () => {
  test("diff() folds the changes of all prompts, revert() takes them back, and unrevert() restores them", async () => {
    fixture.answer(
      "create",
      toolCall("write", { filePath: join(fixture.directory, "new.txt"), content: "one\n" }),
      "created",
    );
    fixture.answer(
      "change",
      toolCall("write", { filePath: join(fixture.directory, "new.txt"), content: "one\ntwo\n" }),
      "changed",
    );
    const session = await fixture.oc.createSession();
    const created = await session.ask("create");
    const changed = await session.ask("change");
    await eventually("both changes are recorded", async () =>
      (await session.diff()).some(({ additions }) => additions === 2),
    );
    expect(await session.diff()).toMatchObject([{ file: "new.txt", additions: 2, deletions: 0, status: "added" }]);
    expect(await session.diff({ messageId: changed.messageId })).toMatchObject([{ file: "new.txt", additions: 1 }]);
    await session.revert(created.messageId);
    expect(existsSync(join(fixture.directory, "new.txt"))).toBe(false);
    await session.unrevert();
    expect(await readFile(join(fixture.directory, "new.txt"), "utf8")).toBe("one\ntwo\n");
    await expect(session.revert("msg_nope")).rejects.toBeInstanceOf(MessageNotFoundError);
  });

  test("diff() and revert() reject with a message about git in a directory without git", async () => {
    const session = await plain.oc.createSession();
    const { messageId } = await session.ask("hello");
    await expect(session.diff()).rejects.toThrow(/git/);
    await expect(session.revert(messageId)).rejects.toThrow(/git/);
  });

  test("fork() copies a session up to a message, and children() lists sub-sessions", async () => {
    const session = await fixture.oc.createSession();
    await session.ask("one");
    const { messageId } = await session.ask("two");
    expect((await (await session.fork()).messages()).map(textOf)).toEqual(["one", "echo: one", "two", "echo: two"]);
    const earlier = await session.fork({ messageId });
    expect((await earlier.messages()).map(textOf)).toEqual(["one", "echo: one"]);
    expect((await earlier.ask("another way")).text).toBe("echo: another way");
    const child = await fixture.oc.createSession({ parentId: session.id });
    expect((await session.children()).map(({ id }) => id)).toEqual([child.id]);
  });

  test("shell() runs a line without the model, and command() runs a prompt of the server", async () => {
    const session = await fixture.oc.createSession();
    const before = fixture.model.requests.length;
    const shell = await session.shell("echo from-the-shell");
    expect(shell.toolCalls[0]?.output).toContain("from-the-shell");
    expect(fixture.model.requests.length).toBe(before);
    const review = await session.review();
    expect(review.text).toMatch(/^echo: /);
    expect(fixture.model.requests.length).toBeGreaterThan(before);
    const messageId = "msg_shell_once";
    const once = await session.shell("date +%N", { messageId });
    expect((await session.shell("date +%N", { messageId })).toolCalls).toEqual(once.toolCalls);
    const planning = await fixture.oc.createSession({ agent: "plan" });
    await planning.command("init");
    expect((await planning.messages()).find(({ info }) => info.role === "assistant")?.info).toMatchObject({
      agent: "plan",
    });
    await expect(session.command("nope")).rejects.toThrow(/no command "nope"/);
  });

  test("the permission rules of a session hold, and setPermissions changes them", async () => {
    fixture.answer("use bash", toolCall("bash", { command: "echo hi", description: "hi" }), "used");
    const session = await fixture.oc.createSession({ permission: { bash: "ask" } });
    const refused = await session.ask("use bash");
    expect(refused.toolCalls[0]).toMatchObject({ tool: "bash", status: "error" });
    expect(refused.denials).toMatchObject([{ permission: "bash", patterns: ["echo hi"], sessionId: session.id }]);
    await session.setPermissions({ bash: "allow" });
    expect((await session.ask("use bash")).toolCalls[0]).toMatchObject({ status: "completed" });
    await expect(fixture.oc.createSession({ permission: { bash: "maybe" as never } })).rejects.toThrow(/maybe/);
  });

  test("deleteMessage() removes a prompt, and delete() ends a running turn and removes the session", async () => {
    fixture.answer("hang on", { text: ["x"], end: "hang" });
    const session = await fixture.oc.createSession();
    const { messageId } = await session.ask("to be deleted");
    await session.deleteMessage(messageId);
    expect((await session.messages()).map(textOf)).not.toContain("to be deleted");
    await expect(session.deleteMessage("msg_nope")).rejects.toBeInstanceOf(MessageNotFoundError);
    const running = session.ask("hang on");
    await eventually("busy", async () => (await session.status()).type === "busy");
    await session.delete();
    await expect(running).rejects.toThrow();
    await expect(fixture.oc.session(session.id).info()).rejects.toBeInstanceOf(SessionNotFoundError);
  });
});

describe("requests of the agent", () => {
  test("onPermission decides a request; a handler that throws, is late or replies nonsense refuses it", async () => {
    fixture.answer("ask me", toolCall("bash", { command: "echo allowed", description: "x" }), "continued");
    const session = await fixture.oc.createSession({ permission: { bash: "ask" } });
    const seen: string[] = [];
    const allowed = await session.ask("ask me", {
      onPermission: (request) => {
        seen.push(`${request.permission} ${request.patterns.join(" ")} ${request.chain.length}`);
        return "once";
      },
    });
    expect(seen).toEqual(["bash echo allowed 1"]);
    expect(allowed.toolCalls[0]?.output).toContain("allowed");
    const handlers = [
      [() => ({ reject: "not today" }), /not today/],
      [() => Promise.reject(new Error("boom")), /boom/],
      [() => "sure" as never, /"sure"/],
      [() => new Promise<never>(() => {}), /300 ms/],
    ] as const;
    for (const [onPermission, reason] of handlers) {
      const answer = await session.ask("ask me", { onPermission, callbackTimeout: 300 });
      expect(answer.text).toBe("continued");
      expect(answer.denials[0]?.reason).toMatch(reason);
    }
  });

  test("a permission request of a sub-agent reaches the handler with a chain of two sessions", async () => {
    await using guarded = await startFixture({
      config: { agent: { general: { permission: { "*": "ask" } } } },
    } as never);
    guarded.answer(
      "delegate",
      toolCall("task", { description: "sub", prompt: "the part", subagent_type: "general" }),
      "all done",
    );
    guarded.answer("the part", toolCall("bash", { command: "echo sub", description: "x" }), "part done");
    const chains: number[] = [];
    const answer = await guarded.oc.ask("delegate", {
      onPermission: ({ chain }) => {
        chains.push(chain.length);
        return "once";
      },
    });
    expect(answer.text).toBe("all done");
    expect(chains).toEqual([2]);
  });

  test("onQuestion answers a question, and without a handler the question stays unanswered", async () => {
    const questions = [
      {
        question: "Which?",
        header: "Pick",
        options: [
          { label: "A", description: "a" },
          { label: "B", description: "b" },
        ],
      },
    ];
    fixture.answer(
      "question me",
      toolCall("question", { questions }),
      (request) => request.toolResults[0]?.content ?? "",
    );
    const answered = await fixture.oc.ask("question me", { onQuestion: () => [["B"]] });
    expect(answered.text).toContain('"Which?"="B"');
    const unanswered = await fixture.oc.ask("question me");
    expect(unanswered.text).toMatch(/unanswered/i);
  });
});
