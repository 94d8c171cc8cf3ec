/** The agent's own tools, each under every rule: what is allowed, asked for, refused and denied. */
import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, PermissionHandler, PermissionRequest } from "../../../src/index.js";
import { type Reply, type ScriptedToolCall, toolCall, toolCalls } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await writeFile(file("secret.txt"), "the secret word\n");
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const file = (name: string): string => join(fixture.directory, name);

interface Case {
  readonly tool: string;
  /** The permission it asks for. */
  readonly permission: string;
  readonly args: () => Record<string, unknown>;
  /** What it gives when it was run; also that it could not find its program, which the agent downloads where it may. */
  readonly output: RegExp;
  /** What shows on disk that it was run; nothing for tools that only read. */
  readonly effect?: () => Promise<boolean>;
}

/** Every subject has "secret" in it. */
const cases: readonly Case[] = [
  {
    tool: "bash",
    permission: "bash",
    args: () => ({ command: "touch secret-bash && echo ran", description: "d" }),
    output: /^ran$/m,
    effect: () => exists("secret-bash"),
  },
  {
    tool: "write",
    permission: "edit",
    args: () => ({ filePath: file("secret-written"), content: "x" }),
    output: /success/,
    effect: () => exists("secret-written"),
  },
  {
    tool: "edit",
    permission: "edit",
    args: () => ({ filePath: file("secret-edited"), oldString: "before", newString: "after" }),
    output: /success/,
    effect: async () => (await readFile(file("secret-edited"), "utf8")) === "after\n",
  },
  { tool: "read", permission: "read", args: () => ({ filePath: file("secret.txt") }), output: /the secret word/ },
  { tool: "glob", permission: "glob", args: () => ({ pattern: "*secret.txt" }), output: /secret\.txt|ripgrep/ },
  { tool: "grep", permission: "grep", args: () => ({ pattern: "the secret" }), output: /the secret word|ripgrep/ },
];

async function exists(name: string): Promise<boolean> {
  return access(file(name)).then(
    () => true,
    () => false,
  );
}

/** Runs one tool under one rule, on files as they were. */
async function run(
  { tool, args }: Case,
  rules: Record<string, "allow" | "ask" | "deny" | Record<string, "allow" | "ask" | "deny">>,
  onPermission?: PermissionHandler,
): Promise<Answer> {
  await writeFile(file("secret-edited"), "before\n");
  for (const name of ["secret-bash", "secret-written"]) await rm(file(name), { force: true });
  // A file is read before it is edited.
  const first: Reply[] = tool === "edit" ? [toolCall("read", { filePath: file("secret-edited") })] : [];
  const prompt = `${tool} ${JSON.stringify(rules)} ${onPermission}`;
  fixture.answer(prompt, ...first, toolCall(tool, args()), "went on");
  const session = await fixture.oc.createSession({ permission: rules });
  return session.ask(prompt, { onPermission });
}

describe.each(cases)("$tool", (given) => {
  const { tool, permission, output, effect } = given;
  const last = (answer: Answer) => answer.toolCalls.at(-1);
  const told = (answer: Answer): string => last(answer)?.output ?? last(answer)?.error ?? "";

  test("an allowed tool runs without a permission request", async () => {
    let asks = 0;
    const answer = await run(given, { [permission]: "allow" }, () => {
      asks += 1;
      return "once";
    });
    expect(asks).toBe(0);
    expect(told(answer)).toMatch(output);
    if (effect !== undefined) expect(await effect()).toBe(true);
    expect(answer).toMatchObject({ text: "went on", denials: [] });
  });

  test("a tool that asks runs after the handler allows the permission request", async () => {
    const asked: PermissionRequest[] = [];
    const answer = await run(given, { [permission]: "ask" }, (request) => {
      asked.push(request);
      return "once";
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ permission, chain: [answer.sessionId], directory: fixture.directory });
    expect(asked[0]?.patterns.join()).toContain("secret");
    expect(asked[0]?.tool?.callId).toBe(last(answer)?.id);
    expect(told(answer)).toMatch(output);
    if (effect !== undefined) expect(await effect()).toBe(true);
    expect(answer).toMatchObject({ text: "went on", denials: [] });
  });

  test("a rejected tool does not run, the agent gets the reason, and the run goes on", async () => {
    const answer = await run(given, { [permission]: "ask" }, () => ({ reject: "not this one" }));
    expect(last(answer)).toMatchObject({ tool, status: "error", error: expect.stringContaining("not this one") });
    if (effect !== undefined) expect(await effect()).toBe(false);
    expect(answer.text).toBe("went on");
    expect(answer.denials).toMatchObject([{ permission, reason: "not this one", sessionId: answer.sessionId }]);
  });

  test("a tool that a rule denies does not run, causes no permission request, and is in denials", async () => {
    let asks = 0;
    const answer = await run(given, { [permission]: { "*": "allow", "*secret*": "deny" } }, () => {
      asks += 1;
      return "once";
    });
    expect(asks).toBe(0);
    expect(answer.toolCalls.every(({ status }) => status === "error")).toBe(tool !== "edit");
    expect(last(answer)).toMatchObject({ tool, status: "error" });
    if (effect !== undefined) expect(await effect()).toBe(false);
    expect(answer.text).toBe("went on");
    expect(answer.denials).toMatchObject([{ permission, patterns: [expect.stringContaining("secret")] }]);
  });
});

describe("ten tool calls in one step", () => {
  const ten = (command: (index: number) => string): ScriptedToolCall[] =>
    Array.from({ length: 10 }, (_, index) => ({
      name: "bash",
      args: { command: command(index), description: "d" },
      id: `call_${command(index).replace("echo ", "")}`,
    }));

  test("ten tool calls of one step all run, each with its own result", async () => {
    fixture.answer("ten at once", toolCalls(ten((index) => `echo result-${index}`)), ({ toolResults }) =>
      toolResults.map(({ content }) => content.trim()).join(" "),
    );
    const stream = fixture.oc.askStream("ten at once");
    const results: string[] = [];
    for await (const event of stream.events) if (event.type === "tool-result") results.push(event.callId);
    const answer = await stream.answer;
    const expected = Array.from({ length: 10 }, (_, index) => `result-${index}`);
    expect(answer.text.split(" ")).toEqual(expected);
    expect(answer.toolCalls.map(({ output }) => output?.trim())).toEqual(expected);
    expect(results.sort()).toEqual(answer.toolCalls.map(({ id }) => id).sort());
  });

  test("ten permission requests of one step get their own replies, and rejections do not end the run", async () => {
    fixture.answer("ten asks", toolCalls(ten((index) => `echo asked-${index}`)), "went on");
    const session = await fixture.oc.createSession({ permission: { bash: "ask" } });
    const answer = await session.ask("ten asks", {
      onPermission: ({ patterns }) => (/[02468]$/.test(patterns[0] ?? "") ? "once" : { reject: "odd" }),
    });
    expect(answer).toMatchObject({ text: "went on", finishReason: "stop", interruptions: 0 });
    const statuses = answer.toolCalls.map(({ id, status }) => `${id.at(-1)} ${status}`);
    expect(statuses).toEqual(
      Array.from({ length: 10 }, (_, index) => `${index} ${index % 2 === 0 ? "completed" : "error"}`),
    );
    expect(answer.denials.map(({ reason }) => reason)).toEqual(Array.from({ length: 5 }, () => "odd"));
    expect(fixture.model.calls("ten asks")).toBe(2);
    expect((await session.messages()).map(({ info }) => info.role)).toEqual(["user", "assistant", "assistant"]);
  });

  test("refused permission requests of two successive steps do not end the run", async () => {
    const step = (name: string) => toolCalls(ten((index) => `echo ${name}-${index}`).slice(0, 3));
    fixture.answer("refused twice", step("a"), step("b"), "gave up");
    const session = await fixture.oc.createSession({ permission: { bash: "ask" } });
    const answer = await session.ask("refused twice");
    expect(answer).toMatchObject({ text: "gave up", finishReason: "stop" });
    expect(answer.denials).toHaveLength(6);
    expect(fixture.model.calls("refused twice")).toBe(3);
  });

  test("equal tool calls cause a doom_loop request, and its refusal ends the run with an AgentError", async () => {
    const same = Array.from({ length: 4 }, () => ({ name: "bash", args: { command: "echo same", description: "d" } }));
    fixture.answer("looping", toolCalls(same), "went on");
    expect((await fixture.oc.ask("looping", { onPermission: () => "once" })).text).toBe("went on");
    expect((await fixture.oc.ask("looping", { permission: { doom_loop: "allow" } })).text).toBe("went on");
    for (const permission of [undefined, { doom_loop: "deny" as const }]) {
      await expect(fixture.oc.ask("looping", { permission })).rejects.toMatchObject({
        name: "AgentError",
        message: expect.stringMatching(/^the server ended the run: the agent made the same call of /),
        hint: expect.stringContaining("doom_loop"),
        answer: { toolCalls: expect.any(Array) },
      });
    }
  });
});
