/** Tools of the application, called by the real agent. */

import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  AbortedError,
  type AgentEvent,
  ask,
  createOpencode,
  defineTool,
  type Session,
  type ToolContext,
} from "../../src/index.js";
import { type ModelRequest, type Reply, toolCall, toolCalls } from "../../src/testing/index.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  hermetic,
  startFixture,
  temporaryFolder,
} from "../support/fixture.js";
import { runProgram } from "../support/processes.js";
import { repositoryRoot } from "../support/root.js";

const nothing = z.object({});

/** Calls in the order of their beginning, and gates that they wait at. */
const calls: { name: string; args: unknown; context: ToolContext }[] = [];
const gates = new Map<string, () => void>();
const note = (name: string, args: unknown, context: ToolContext): void => void calls.push({ name, args, context });

const add = defineTool({
  name: "add",
  description: "Adds two numbers.",
  input: z.object({ a: z.number(), b: z.number() }),
  execute: (args, context) => {
    note("add", args, context);
    return args.a + args.b;
  },
});
const order = defineTool({
  name: "find-order",
  description: "Finds an order.",
  input: z.object({ id: z.string() }),
  execute: ({ id }) => {
    if (id === "none") throw new Error("there is no order none");
    return { id, items: [{ sku: "a", count: 2 }] };
  },
});
/** A picture of one point: the server looks into what it passes on. */
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const picture = defineTool({
  name: "picture",
  description: "Draws.",
  input: nothing,
  execute: () => [
    { type: "text", text: "a dot" },
    { type: "image", data: Buffer.from(dot, "base64"), mimeType: "image/png" },
  ],
});
/** Waits until all of a group are there. */
const meet = defineTool({
  name: "meet",
  description: "Meets the others.",
  input: z.object({ group: z.string(), size: z.number(), number: z.number() }),
  execute: async ({ group, size, number }, context) => {
    note(group, number, context);
    const isThere = () => calls.filter(({ name }) => name === group).length >= size;
    await eventually(`all of ${group} are there`, isThere);
    return `${number} ${context.sessionId}`;
  },
});
const wait = defineTool({
  name: "wait",
  description: "Waits.",
  input: z.object({ gate: z.string() }),
  execute: ({ gate }, context) => {
    note(gate, {}, context);
    context.progress({ message: "waiting", done: 1, total: 2 });
    return new Promise<string>((resolve) => gates.set(gate, () => resolve("opened")));
  },
});
const brief = defineTool({
  name: "brief",
  description: "Never ends.",
  input: nothing,
  timeout: 50,
  execute: () => new Promise(() => {}),
});
const tools = [add, order, picture, meet, wait, brief];

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ tools });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const called = (name: string) => calls.filter((call) => call.name === name);
const requests = (prompt: string) => fixture.model.requests.filter(({ lastUserText }) => lastUserText === prompt);
const results = (prompt: string): string[] =>
  requests(prompt)
    .at(-1)
    ?.toolResults.map(({ content }) => content) ?? [];
const toolErrors = (events: readonly AgentEvent[]): string[] =>
  events.flatMap((event) => (event.type === "tool-error" ? [event.error] : []));
/** Calls the tool by its own name, whatever stands before it. */
const callOf =
  (name: string, args: object) =>
  ({ tools: offered }: ModelRequest): Reply =>
    toolCall(offered.find((tool) => tool.endsWith(`_${name}`)) ?? `not-offered-${name}`, args);

async function eventsOf(session: Session, prompt: string): Promise<{ events: AgentEvent[]; text: string }> {
  const stream = session.askStream(prompt);
  const events: AgentEvent[] = [];
  for await (const event of stream.events) events.push(event);
  return { events, text: (await stream.answer).text };
}

describe("a tool", () => {
  test("a tool gets its arguments and the context of the call, and the agent gets its result", async () => {
    fixture.answer(
      "add them",
      toolCall("app_add", { a: 1, b: 2 }),
      ({ toolResults: [sum] }) => `it is ${sum?.content}`,
    );
    const session = await fixture.oc.createSession();
    const { text, toolCalls: made } = await session.ask("add them");
    expect(text).toBe("it is 3");
    expect(made).toMatchObject([{ tool: "app_add", status: "completed", output: "3" }]);
    const [call] = called("add");
    expect(call?.args).toEqual({ a: 1, b: 2 });
    const { directory } = fixture;
    expect(call?.context).toMatchObject({ sessionId: session.id, directory, callId: made[0]?.id });
    const messages = await session.messages();
    expect(messages.map(({ info }) => info.id)).toContain(call?.context.messageId);
  });

  test("a tool can return JSON", async () => {
    fixture.answer("order", toolCall("app_find-order", { id: "o1" }), "found");
    await fixture.oc.ask("order");
    expect(JSON.parse(results("order")[0] ?? "")).toEqual({ id: "o1", items: [{ sku: "a", count: 2 }] });
  });

  test("a tool can return images", async () => {
    fixture.answer("draw", toolCall("app_picture", {}), "drawn");
    const { parts } = await fixture.oc.ask("draw");
    const [drawn] = parts.flatMap((part) => (part.type === "tool" ? [part.state] : []));
    expect(drawn).toMatchObject({
      status: "completed",
      output: "a dot",
      attachments: [{ mime: "image/png", url: `data:image/png;base64,${dot}` }],
    });
  });

  test("a tool does not run with wrong arguments, and the agent gets the reason and continues", async () => {
    const before = called("add").length;
    fixture.answer(
      "add wrongly",
      toolCall("app_add", { a: "one", b: 2 }),
      toolCall("app_add", { a: 1, b: 2 }),
      "better",
    );
    const { events, text } = await eventsOf(await fixture.oc.createSession(), "add wrongly");
    expect(text).toBe("better");
    expect(toolErrors(events)).toEqual([expect.stringMatching(/arguments do not fit.*a: /)]);
    expect(requests("add wrongly")[1]?.toolResults[0]?.content).toMatch(/a: /);
    expect(called("add")).toHaveLength(before + 1);
  });

  test("a tool that throws emits a `tool-error` with its message, and the agent continues", async () => {
    fixture.answer("no order", toolCall("app_find-order", { id: "none" }), "there is none");
    const { events, text } = await eventsOf(await fixture.oc.createSession(), "no order");
    expect(toolErrors(events)).toEqual(["there is no order none"]);
    expect(results("no order")).toEqual([expect.stringContaining("there is no order none")]);
    expect(text).toBe("there is none");
  });

  test("a tool that exceeds its timeout is ended, and the agent continues", async () => {
    fixture.answer("be brief", toolCall("app_brief", {}), "too late");
    const { events, text } = await eventsOf(await fixture.oc.createSession(), "be brief");
    expect(toolErrors(events)).toEqual(["The tool took longer than 50 ms."]);
    expect(text).toBe("too late");
  });

  test("a tool runs ten times at once", async () => {
    const ten = Array.from({ length: 10 }, (_, number) => number);
    const all = ten.map((number) => ({ name: "app_meet", args: { group: "ten", size: 10, number } }));
    fixture.answer("ten at once", toolCalls(all), "all there");
    const session = await fixture.oc.createSession();
    const { toolCalls: made } = await session.ask("ten at once");
    expect(made.map(({ output }) => output)).toEqual(ten.map((number) => `${number} ${session.id}`));
    expect(new Set(called("ten").map(({ context }) => context.callId)).size).toBe(10);
  });

  test("a tool gets the id of the calling session when four sessions run at once", async () => {
    const numbers = [0, 1, 2, 3];
    for (const number of numbers) {
      fixture.answer(`session ${number}`, toolCall("app_meet", { group: "four", size: 4, number }), "met");
    }
    await Promise.all(
      numbers.map(async (number) => {
        const session = await fixture.oc.createSession();
        const { toolCalls: made } = await session.ask(`session ${number}`);
        expect(made[0]?.output).toBe(`${number} ${session.id}`);
      }),
    );
  });

  test("a tool that a sub-agent calls gets the session id of the sub-agent", async () => {
    fixture.answer("delegate", toolCall("task", { description: "d", prompt: "be it", subagent_type: "general" }), "ok");
    fixture.answer("be it", toolCall("app_meet", { group: "child", size: 1, number: 7 }), "done");
    const session = await fixture.oc.createSession();
    await session.ask("delegate");
    const [child] = await session.children();
    expect(called("child").map(({ context }) => context.sessionId)).toEqual([child?.id]);
  });

  test("a tool's signal aborts together with the turn", async () => {
    fixture.answer("wait there", toolCall("app_wait", { gate: "abort" }), "never");
    const session = await fixture.oc.createSession();
    const stop = new AbortController();
    const asked = session.ask("wait there", { signal: stop.signal }).catch((error: unknown) => error);
    await eventually("the tool runs", () => called("abort").length === 1);
    const signal = called("abort")[0]?.context.signal;
    expect(signal?.aborted).toBe(false);
    stop.abort();
    expect(await asked).toBeInstanceOf(AbortedError);
    await eventually("the tool has heard", () => signal?.aborted === true);
  });

  test("a tool works again after the server has reloaded the directory", async () => {
    fixture.answer(
      "once more",
      toolCall("app_add", { a: 20, b: 1 }),
      ({ toolResults: [sum] }) => `it is ${sum?.content}`,
    );
    const session = await fixture.oc.createSession();
    expect(`${await session.ask("once more")}`).toBe("it is 21");
    await fixture.oc.client.POST("/instance/dispose");
    expect(await fixture.oc.mcp.status()).toEqual([]);
    expect(`${await session.ask("once more")}`).toBe("it is 21");
    expect(await fixture.oc.mcp.status()).toEqual([{ name: "app", status: "connected" }]);
  });
});

describe("tools of one session", () => {
  const secret = (name: string, value: string) =>
    defineTool({
      name,
      description: "Tells a secret.",
      input: nothing,
      execute: (args, context) => {
        note(name, args, context);
        return `${value} ${context.sessionId}`;
      },
    });

  test("the tools of a session are called by that session, its sub-agents and its forks", async () => {
    const pairs = await Promise.all(
      ["one", "two"].map(async (value) => {
        const session = await fixture.oc.createSession({ tools: [secret("secret", value)] });
        return { value, session };
      }),
    );
    fixture.answer("tell", callOf("secret", {}), "told");
    await Promise.all(
      pairs.map(async ({ value, session }) => {
        const { toolCalls: made } = await session.ask("tell");
        expect(made[0]?.output).toBe(`${value} ${session.id}`);
      }),
    );
    const [first] = pairs;
    fixture.answer("let tell", toolCall("task", { description: "d", prompt: "tell", subagent_type: "general" }), "ok");
    await first?.session.ask("let tell");
    const [child] = (await first?.session.children()) ?? [];
    expect(called("secret").at(-1)?.context.sessionId).toBe(child?.id);
    const copy = await first?.session.fork();
    expect((await copy?.ask("tell"))?.toolCalls[0]?.output).toBe(`one ${copy?.id}`);
  });

  test("the tools of a session are not offered to other sessions and refused to other clients", async () => {
    const own = await fixture.oc.createSession({ tools: [secret("own", "mine")] });
    fixture.answer("use own", callOf("own", {}), "used");
    await own.ask("use own");
    expect(called("own")).toHaveLength(1);

    await fixture.oc.ask("what is offered?");
    expect(requests("what is offered?")[0]?.tools.filter((name) => name.endsWith("_own"))).toEqual([]);

    const { url: baseUrl = "", password } = fixture.oc.server ?? {};
    await using other = await createOpencode({ baseUrl, password, directory: fixture.directory });
    fixture.answer("steal", callOf("own", {}), "nothing");
    const { toolCalls: made } = await other.ask("steal");
    expect(made).toMatchObject([{ tool: expect.stringMatching(/^app_\w{6}_own$/), status: "error" }]);
    expect(made[0]?.error).toContain("not available in this session");
    expect(called("own")).toHaveLength(1);
  });

  test("the tools of a deleted session are disconnected", async () => {
    const session = await fixture.oc.createSession({ tools: [secret("brittle", "x")] });
    fixture.answer("use brittle", callOf("brittle", {}), "used");
    await session.ask("use brittle");
    const name = `app_${session.id.slice(-6)}`;
    expect(await fixture.oc.mcp.status()).toContainEqual({ name, status: "connected" });
    await session.delete();
    expect(await fixture.oc.mcp.status()).toContainEqual({ name, status: "disabled" });
  });
});

describe("a client", () => {
  test("a client offers tools on a shared server under its own name and removes them at close()", async () => {
    const { url: baseUrl = "", password } = fixture.oc.server ?? {};
    const bodies: unknown[] = [];
    const recording: typeof fetch = (url, init) => {
      if (new URL(String(url)).pathname === "/mcp" && typeof init?.body === "string")
        bodies.push(JSON.parse(init.body));
      return fetch(url, init);
    };
    const minute = 60_000;
    const hello = defineTool({
      name: "hello",
      description: "d",
      input: nothing,
      timeout: 10 * minute,
      execute: (_args, { sessionId }) => `hello ${sessionId}`,
    });
    const oc = await createOpencode({
      baseUrl,
      password,
      directory: fixture.directory,
      tools: [hello],
      fetch: recording,
    });
    fixture.answer("greet", callOf("hello", {}), "greeted");
    const { toolCalls: made, sessionId } = await oc.ask("greet");
    expect(made[0]?.output).toBe(`hello ${sessionId}`);
    // The server's own limit for a call is 60 s.
    expect(bodies).toMatchObject([{ config: { type: "remote", timeout: 10 * minute + 30_000 } }]);

    const refused = await fixture.oc.ask("greet"); // of the server's owner, who has not been given it
    expect(refused.toolCalls[0]?.error).toContain("not available in this session");
    await oc.close();
    const name = made[0]?.tool.replace(/_hello$/, "");
    expect(await fixture.oc.mcp.status()).toContainEqual({ name, status: "disabled" });
  });

  test("a client's tools get another name if the configuration has an MCP server named `app`", async () => {
    const mcp = { app: { type: "local", command: ["no-such-program"], enabled: false } } as const;
    const { model, answer } = await createLookupModel();
    const directory = await temporaryFolder();
    const given = hermetic(model, directory);
    const config = { ...model.config, mcp: { app: { ...mcp.app, command: [...mcp.app.command] } } };
    await using oc = await createOpencode({ ...given, config, tools: [add] });
    answer("add", callOf("add", { a: 2, b: 2 }), "added");
    const { toolCalls: made } = await oc.ask("add");
    expect(made).toMatchObject([{ tool: expect.stringMatching(/^app_\w{6}_add$/), output: "4" }]);
    await oc.close();
    await model.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("close() of a client aborts the running tool calls", async () => {
    const { model, answer } = await createLookupModel();
    const directory = await temporaryFolder();
    const oc = await createOpencode({ ...hermetic(model, directory), tools: [wait] });
    answer("wait", toolCall("app_wait", { gate: "closing" }), "never");
    const asked = oc.ask("wait").catch((error: unknown) => error);
    await eventually("the tool runs", () => called("closing").length === 1);
    await oc.close();
    expect(await asked).toBeInstanceOf(AbortedError);
    expect(called("closing")[0]?.context.signal.aborted).toBe(true);
    await model.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("a client offers its tools again after a restart of the server", async () => {
    const { model, answer } = await createLookupModel();
    const directory = await temporaryFolder();
    const lines: string[] = [];
    const logger = { error: () => {}, warn: (line: string) => void lines.push(line), info: () => {}, debug: () => {} };
    const oc = await createOpencode({ ...hermetic(model, directory), tools: [add, wait], restart: true, logger });
    const session = await oc.createSession();
    answer("add", toolCall("app_add", { a: 3, b: 4 }), ({ toolResults: [sum] }) => `it is ${sum?.content}`);
    expect(`${await session.ask("add")}`).toBe("it is 7");
    // In the middle of a call: the run goes on, and so the tool is called again. (If its call was stored, the model is told
    // that it was interrupted.)
    const call = toolCall("app_wait", { gate: "restart" });
    answer("wait", call, () => (called("restart").length < 2 ? call : "through"), "through");
    const asked = session.ask("wait");
    await eventually("the tool runs", () => called("restart").length === 1);
    process.kill(oc.server?.pid ?? Number.NaN, "SIGKILL");
    await eventually("the first call has heard", () => called("restart")[0]?.context.signal.aborted === true);
    await eventually("the tool runs again", () => called("restart").length === 2);
    gates.get("restart")?.();
    expect(`${await asked}`).toBe("through");
    expect(`${await session.ask("add")}`).toBe("it is 7");
    expect(oc.server?.restarts).toBe(1);
    await oc.close();
    await model.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("ask() with `tools` offers the tools to the agent", async () => {
    const { model, answer } = await createLookupModel();
    const directory = await temporaryFolder();
    answer("once", toolCall("app_add", { a: 5, b: 5 }), ({ toolResults: [sum] }) => `it is ${sum?.content}`);
    expect(`${await ask("once", { ...hermetic(model, directory), tools: [add] })}`).toBe("it is 10");
    await model.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("a client refuses `tools` as an option of one turn", async () => {
    const options: object = { tools }; // not in the types
    await expect(fixture.oc.ask("with tools", options)).rejects.toThrow(/not for one turn/);
  });

  test("the tools of a client do not keep the process alive", async () => {
    const directory = await temporaryFolder();
    const program = new URL("../support/programs/tools-without-close.ts", import.meta.url);
    const { report, exit, output } = runProgram(program, [directory, process.env["OPENCODE_TEST_BINARY"] ?? ""]);
    expect((await exit).exitCode, output()).toBe(0);
    const { text, output: result, pid } = (await report) as Record<string, string>; // what the program prints
    expect({ text, result }).toEqual({ text: "done", result: pid });
    await rm(directory, { recursive: true, force: true });
  });
});

test("the `tools` option without the MCP library is a ConfigError with an install hint", async () => {
  const folder = await temporaryFolder();
  await cp(join(repositoryRoot, "src"), join(folder, "src"), { recursive: true });
  await cp(join(repositoryRoot, "package.json"), join(folder, "package.json"));
  for (const name of [
    "@cfworker/json-schema",
    "eventsource-parser",
    "file-type",
    "openapi-fetch",
    "p-retry",
    "unbash",
  ]) {
    await mkdir(dirname(join(folder, "node_modules", name)), { recursive: true });
    await symlink(join(repositoryRoot, "node_modules", name), join(folder, "node_modules", name));
  }
  const program = join(folder, "program.ts");
  await writeFile(
    program,
    `import { createOpencode, defineTool } from "./src/index.js";
const tool = defineTool({ name: "t", description: "d", input: { type: "object" }, execute: () => 1 });
const fail = (options: object) => createOpencode({ binary: "/nowhere/opencode", ...options }).catch((error) => error);
const [withTools, without] = [await fail({ tools: [tool] }), await fail({})];
console.log(JSON.stringify({ with: withTools.name, hint: withTools.hint, without: without.name }));`,
  );
  const { report, output } = runProgram(pathToFileURL(program), []);
  expect(await report, output()).toEqual({
    with: "ConfigError",
    hint: "Install it: npm install @modelcontextprotocol/sdk@1",
    without: "BinaryNotFoundError",
  });
  await rm(folder, { recursive: true, force: true });
});
