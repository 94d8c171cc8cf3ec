import { build } from "esbuild";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type AgentEvent,
  createOpencode,
  type Opencode,
  type OpencodeOptions,
  type PermissionRequest,
  type Session,
  type SessionDocument,
} from "../../src/client.js";
import {
  createMemoryAgent,
  failing,
  hold,
  type MemoryAgent,
  type MemoryAgentOptions,
  type Script,
  toolCall,
  toolCalls,
} from "../../src/testing/index.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of open.splice(0).reverse()) await one.close();
});

async function fixture(
  script: Script,
  options: MemoryAgentOptions = {},
  client: Partial<OpencodeOptions> = {},
): Promise<{ agent: MemoryAgent; oc: Opencode }> {
  const agent = createMemoryAgent(script, options);
  open.push(agent);
  const oc = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch, ...client });
  open.push(oc);
  return { agent, oc };
}

const full = { input: 9_900, output: 50 };
const small = { model: { limit: { context: 10_000, output: 1_000 } }, summary: "SUMMARY" };

describe("the memory agent", () => {
  test("the memory agent answers, streams and remembers the conversation", async () => {
    const { agent, oc } = await fixture(({ lastUserText, messages }) => ({
      text: [`${lastUserText} `, String(messages.filter(({ role }) => role === "user").length)],
    }));
    const session = await oc.createSession({ title: "talk" });
    expect((await session.ask("one")).text).toBe("one 1");
    const pieces: string[] = [];
    for await (const piece of session.askStream("two")) pieces.push(piece);
    expect(pieces).toEqual(["two ", "2"]);
    expect((await session.messages()).map(({ info }) => info.role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect([agent.calls("one"), agent.requests.length, agent.model]).toEqual([1, 2, "scripted/model"]);
    expect(await session.usage()).toMatchObject({ input: 20, output: 10 });
  });

  test("the memory agent keeps the agent of createSession() for every client, and for a copy", async () => {
    const { agent, oc } = await fixture("yes");
    const { id } = await oc.createSession({ agent: "plan" });
    await using other = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch });
    await other.session(id).ask("one");
    await other.session(id).ask("two", { agent: "build" });
    const copy = await other.session(id).fork();
    await copy.ask("three");
    const messages = await copy.messages();
    const agents = messages.flatMap(({ info }) => (info.role === "assistant" ? [info.mode] : []));
    expect(agents).toEqual(["plan", "build", "plan"]);
  });

  test("the memory agent runs no tool, and the script supplies the results", async () => {
    const script: Script = ({ stepIndex, toolResults }) =>
      stepIndex === 0
        ? toolCalls([
            { name: "bash", args: { command: "ls" }, output: "a.txt\n" },
            { name: "read", args: { filePath: "a.txt" }, output: { error: "no such file" } },
            { name: "glob", args: { pattern: "*" } },
          ])
        : toolResults.map(({ content }) => content).join("|");
    const { oc } = await fixture(script);
    const answer = await oc.ask("look");
    expect(answer.text).toBe("a.txt\n|no such file|ok");
    const [step] = (await oc.session(answer.sessionId).messages()).filter(({ info }) => info.role === "assistant");
    expect(step?.parts.map((part) => ("state" in part ? part.state.status : part.type))).toEqual([
      ...["step-start", "completed", "error", "completed", "step-finish"],
    ]);
  });

  test("the memory agent asks for permission, and passes the reason of a refusal to the model", async () => {
    const script: Script = ({ stepIndex, toolResults }) =>
      stepIndex === 0 ? toolCall("bash", { command: "git push" }) : String(toolResults[0]?.content);
    const { oc } = await fixture(script, { config: { permission: { bash: "ask" } } });
    const asked: unknown[] = [];
    const onPermission = ({ permission, patterns }: PermissionRequest) => {
      asked.push([permission, patterns]);
      return "once" as const;
    };
    expect((await oc.ask("push", { onPermission })).text).toBe("ok");
    expect(asked).toEqual([["bash", ["git push"]]]);
    const refused = await oc.ask("push", { onPermission: () => ({ reject: "not today" }) });
    expect(refused.text).toContain("with the following feedback: not today");
    expect(refused.denials).toMatchObject([{ permission: "bash" }]);
  });

  test("the memory agent hides denied tools", async () => {
    const { agent, oc } = await fixture("x", { config: { permission: { edit: "deny", webfetch: "deny" } } });
    await oc.ask("which tools?");
    expect(agent.requests[0]?.tools).toEqual([
      "bash",
      "glob",
      "grep",
      "question",
      "read",
      "skill",
      "task",
      "todowrite",
    ]);
  });

  test("the memory agent passes questions to onQuestion", async () => {
    const questions = [{ question: "Which?", header: "Which", options: [{ label: "A", description: "a" }] }];
    const { oc } = await fixture(({ stepIndex, toolResults }) =>
      stepIndex === 0 ? toolCall("question", { questions }) : String(toolResults[0]?.content),
    );
    expect((await oc.ask("go", { onQuestion: () => [["A"]] })).text).toContain('"Which?"="A"');
  });

  test("the memory agent leaves plan mode after onPlanExit returns true", async () => {
    const script: Script = ({ lastUserText, stepIndex }) =>
      lastUserText === "plan it" && stepIndex === 0 ? toolCall("plan_exit", {}) : `did: ${lastUserText}`;
    const { agent, oc } = await fixture(script, { planMode: true });
    const answer = await oc.ask("plan it", { agent: "plan", onPlanExit: () => true });
    expect(answer.text).toMatch(/^did: The plan at .* has been approved/);
    expect(agent.requests.map(({ tools }) => tools.includes("plan_exit"))).toEqual([true, false]);
  });

  test("the memory agent runs sub-agents in their own sessions with the denials of the parent session", async () => {
    const script: Script = ({ lastUserText, stepIndex, toolResults }) => {
      if (lastUserText === "sub") return "from below";
      if (stepIndex > 0) return String(toolResults[0]?.content);
      return toolCall("task", { description: "d", prompt: "sub", subagent_type: "general" });
    };
    const { agent, oc } = await fixture(script);
    const session = await oc.createSession({ title: "t", permission: { webfetch: "deny" } });
    expect((await session.ask("go")).text).toContain("from below");
    const [child] = await session.children();
    expect(child).toMatchObject({ title: "d (@general subagent)", parentID: session.id, agent: "general" });
    const below = agent.requests.find(({ sessionId }) => sessionId === child?.id);
    expect(below?.tools).toEqual(["bash", "edit", "glob", "grep", "read", "skill", "write"]);
  });

  test("the memory agent gives structured output, and the list of those messages fails with 400", async () => {
    const { agent, oc } = await fixture({ structured: { a: 1 } });
    const schema = { type: "object", properties: { a: { type: "number" } }, required: ["a"] };
    const answer = await oc.ask("json", { schema });
    expect(answer.output).toEqual({ a: 1 });
    expect(agent.requests[0]?.toolChoice).toBe("required");
    const { status } = await agent.fetch(`${agent.baseUrl}/session/${answer.sessionId}/message`);
    expect(status).toBe(400);
  });

  test("the memory agent stores todos", async () => {
    const todos = [{ content: "a", status: "pending", priority: "high" }];
    const { oc } = await fixture([toolCall("todowrite", { todos }), "noted"]);
    const answer = await oc.ask("plan");
    expect(await oc.session(answer.sessionId).todo()).toEqual(todos);
  });

  test("the memory agent repeats transient model failures and reports other failures as turn errors", async () => {
    const quick = { status: 503, headers: { "retry-after": "0.001" } };
    const { agent, oc } = await fixture([...failing(2, quick, "fine"), { status: 401 }]);
    expect((await oc.ask("go")).text).toBe("fine");
    expect(agent.calls("go")).toBe(3);
    await expect(oc.ask("again")).rejects.toMatchObject({ name: "ProviderAuthError" });
  });

  test("the memory agent stops at an abort during text and during a tool", async () => {
    const { oc } = await fixture(({ lastUserText }) =>
      lastUserText === "tool"
        ? toolCall("bash", { command: "x" }, { output: hold("late") })
        : { text: ["half", hold("")] },
    );
    for (const prompt of ["text", "tool"]) {
      const session = await oc.createSession({ title: prompt });
      const stream = session.askStream(prompt);
      const reading = (async () => {
        for await (const { type } of stream.events) {
          if (type === "text-delta" || type === "tool-call") await session.abort();
        }
      })();
      await expect(reading).rejects.toMatchObject({ name: "AbortedError" });
      await expect(stream.answer).rejects.toMatchObject({ name: "AbortedError" });
      expect(await session.status()).toEqual({ type: "idle" });
      const last = (await session.messages()).at(-1);
      expect(last?.info).toMatchObject({ error: { name: "MessageAbortedError" } });
    }
  });

  test("the memory agent restarts after a crash with its stored messages, and the turn is resumed", async () => {
    const gate = hold("never");
    const { agent, oc } = await fixture(({ index }) => (index === 1 ? { text: ["half", gate] } : "whole"));
    const session = await oc.createSession({ title: "t" });
    await session.ask("first");
    const stream = session.askStream("second");
    for await (const text of stream) if (text === "half") agent.crash({ downFor: 50 });
    const answer = await stream.answer;
    expect([answer.text, answer.interruptions, agent.calls("second")]).toEqual(["whole", 1, 2]);
  });

  test("the memory agent refuses connections after a crash and after close()", async () => {
    const { agent } = await fixture("x");
    agent.crash({ downFor: 60_000 });
    await expect(agent.fetch(`${agent.baseUrl}/agent`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await agent.close();
    await expect(agent.fetch(`${agent.baseUrl}/agent`)).rejects.toThrow("fetch failed");
  });

  test("the memory agent compacts a full context and continues the turn", async () => {
    const { agent, oc } = await fixture(
      ({ lastUserText, stepIndex }) =>
        lastUserText === "work" && stepIndex === 0 ? { ...toolCall("bash", { command: "x" }), usage: full } : "after",
      small,
    );
    const session = await oc.createSession({ title: "t" });
    await session.ask("warm");
    await session.ask("work");
    expect(agent.requests.map(({ kind }) => kind)).toEqual(["chat", "chat", "summary", "chat"]);
    expect(agent.requests.at(-1)?.messages.slice(1)).toEqual([
      { role: "user", content: "What did we do so far?" },
      { role: "assistant", content: "SUMMARY" },
      { role: "user", content: expect.stringContaining("Continue if you have next steps") },
    ]);
  });

  test("the memory agent compacts and repeats a prompt that is too long", async () => {
    const tooLong = { status: 400, message: "This model's maximum context length is 10000 tokens." };
    const { oc } = await fixture(
      ({ lastUserText, messages }) =>
        lastUserText === "work" && !JSON.stringify(messages).includes("SUMMARY") ? tooLong : `did ${lastUserText}`,
      small,
    );
    const session = await oc.createSession({ title: "t" });
    await session.ask("warm");
    expect((await session.ask("work")).text).toBe("did work");
  });

  test("the memory agent compacts a session on request", async () => {
    const { agent, oc } = await fixture(({ lastUserText }) => lastUserText, small);
    const session = await oc.createSession({ title: "t" });
    await session.ask("one");
    await session.compact();
    await session.ask("two");
    expect(
      agent.requests
        .at(-1)
        ?.messages.map(({ content }) => content)
        .slice(1),
    ).toEqual([...["What did we do so far?", "SUMMARY", "two"]]);
  });

  test("the memory agent reverts prompts, forks sessions and runs commands", async () => {
    const config = { command: { greet: { template: "Say $1 to $ARGUMENTS", description: "greets" } } };
    const { agent, oc } = await fixture(({ lastUserText }) => `re: ${lastUserText}`, { git: true, config });
    const session = await oc.createSession({ title: "t" });
    await session.ask("one");
    const { messageId } = await session.ask("two");
    const copy = await session.fork({ messageId });
    expect((await copy.info()).title).toBe("t (fork #1)");
    expect(await copy.messages()).toHaveLength(2);
    await session.revert(messageId);
    await session.ask("three");
    expect(
      agent.requests
        .at(-1)
        ?.messages.map(({ content }) => content)
        .slice(1),
    ).toEqual(["one", "re: one", "three"]);
    expect((await session.command("greet", "hello world")).text).toBe("re: Say hello world to hello world");
  });

  test("the memory agent merges prompts that arrive during a run", async () => {
    const gate = hold(" end");
    const { agent } = await fixture(({ lastUserText }) =>
      lastUserText === "one" ? { text: ["first", gate] } : `answer ${lastUserText}`,
    );
    const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const headers = { "content-type": "application/json" };
      const answer = await agent.fetch(agent.baseUrl + path, { method: "POST", headers, body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, unknown>;
    };
    const { id } = await post("/session", { title: "t" });
    const ask = (text: string) => post(`/session/${id}/message`, { parts: [{ type: "text", text }] });
    const answers = [ask("one"), ask("two")];
    await vi.waitFor(() => expect(agent.requests).toHaveLength(1));
    gate.release();
    const [one, two] = await Promise.all(answers);
    expect(one).toEqual(two);
    expect(two).toMatchObject({ parts: [{}, { text: "answer two" }, {}] });
  });

  test("the memory agent is reloaded by reload(), during a run after its end", async () => {
    const gate = hold(" end");
    const { agent, oc } = await fixture(({ lastUserText }) =>
      lastUserText === "one" ? { text: ["first", gate] } : `answer ${lastUserText}`,
    );
    await oc.reload();
    const running = oc.ask("one");
    await vi.waitFor(() => expect(agent.requests).toHaveLength(1));
    let isReloaded = false;
    const reloaded = oc.reload().then(() => {
      isReloaded = true;
    });
    const next = oc.ask("two");
    expect(isReloaded).toBe(false);
    gate.release();
    expect((await running).text).toBe("first end");
    await reloaded;
    expect((await next).text).toBe("answer two");
    expect([agent.calls("one"), agent.calls("two")]).toEqual([1, 1]);
  });

  test("the memory agent restores an exported session with its messages, and goes on with its context", async () => {
    const script: Script = ({ lastUserText, stepIndex }) =>
      lastUserText === "work" && stepIndex === 0
        ? toolCall("bash", { command: "ls" }, { output: "a.txt" })
        : `did ${lastUserText}`;
    const { oc } = await fixture(script);
    const session = await oc.createSession({ title: "moved", metadata: { ticket: 7 }, permission: { edit: "deny" } });
    await session.ask("work");
    const exported: SessionDocument = JSON.parse(JSON.stringify(await session.export()));
    const { agent: other, oc: there } = await fixture(script);
    const imported = await there.importSession(exported);
    expect(other.requests).toEqual([]);
    expect(await imported.info()).toMatchObject({
      title: "moved",
      metadata: { ticket: 7 },
      permission: exported.rules,
    });
    const shape = async (one: Session): Promise<unknown> =>
      (await one.messages()).map(({ info, parts }) => [info.role, parts.map(({ type }) => type)]);
    expect(await shape(imported)).toEqual(await shape(session));
    expect(await imported.usage()).toEqual(await session.usage());
    expect((await imported.ask("go on")).text).toBe("did go on");
    expect(other.requests.at(-1)?.messages.slice(1)).toEqual([
      { role: "user", content: "work" },
      expect.objectContaining({ role: "assistant", tool_calls: [expect.anything()] }),
      expect.objectContaining({ role: "tool", content: "a.txt" }),
      { role: "assistant", content: "did work" },
      { role: "user", content: "go on" },
    ]);
    const copy = await oc.importSession(exported);
    expect(await shape(copy)).toEqual(await shape(session));
  });

  test("the memory agent refuses a replayed event that is out of order, and stores none twice", async () => {
    const { agent, oc } = await fixture("x");
    const session = await oc.createSession({ title: "t" });
    const id = `${session.id.slice(0, -1)}Z`;
    const info = { ...(await session.info()), id };
    const event = (seq: number, type: string, data: object) => ({ id: `evt_${seq}`, aggregateID: id, seq, type, data });
    const replay = async (...events: object[]): Promise<number> => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ directory: "/memory", events });
      return (await agent.fetch(`${agent.baseUrl}/sync/replay`, { method: "POST", headers, body })).status;
    };
    const created = event(0, "session.created.1", { sessionID: id, info });
    const renamed = event(1, "session.updated.1", { sessionID: id, info: { ...info, title: "renamed" } });
    expect([await replay(), await replay(renamed), await replay(created)]).toEqual([400, 500, 200]);
    expect([await replay(created, renamed), await replay(created), await replay(renamed)]).toEqual([200, 200, 200]);
    expect(await replay(event(2, "no.such.event.1", { sessionID: id }))).toBe(500);
    expect(await oc.session(id).info()).toMatchObject({ id, title: "renamed" });
    expect(await oc.session(id).messages()).toEqual([]);
  });

  test("the memory agent has the models of its configuration, and a turn goes on with a fallback model", async () => {
    const models = { second: { name: "Second", cost: { input: 1, output: 2 } }, third: {} };
    const { agent, oc } = await fixture(
      ({ model, lastUserText }) => (model === "model" ? { status: 401 } : `${model}: ${lastUserText}`),
      { config: { provider: { scripted: { models } } } },
    );
    expect((await oc.models()).map(({ id }) => id)).toEqual(["model", "second", "third"]);
    const session = await oc.createSession({ title: "t" });
    const stream = session.askStream("go", { fallbackModels: ["scripted/second"] });
    const events: AgentEvent[] = [];
    for await (const event of stream.events) if (event.type === "fallback") events.push(event);
    const answer = await stream.answer;
    expect(answer).toMatchObject({
      text: "second: go",
      model: "scripted/second",
      attempts: [{ model: "scripted/model", error: { name: "ProviderAuthError" } }, { model: "scripted/second" }],
    });
    expect(answer.cost).toBeCloseTo(0.00002);
    expect(events).toMatchObject([{ type: "fallback", from: "scripted/model", to: "scripted/second", reason: "auth" }]);
    expect(agent.requests.map(({ model }) => model)).toEqual(["model", "second"]);
    expect((await session.ask("third", { model: "scripted/third" })).text).toBe("third: third");
    await expect(session.ask("none", { model: "scripted/fourth" })).rejects.toMatchObject({
      name: "ModelNotFoundError",
    });
  });

  test("the memory agent with two models uses the model of its configuration, and compacts by that model's limit", async () => {
    const models = { tiny: { limit: { context: 10_000, output: 1_000 } } };
    const { agent, oc } = await fixture(
      ({ model, lastUserText }) => (lastUserText === "two" ? { text: model, usage: full } : model),
      {
        config: { model: "scripted/tiny", provider: { scripted: { models } } },
      },
    );
    const session = await oc.createSession({ title: "t" });
    expect(await session.contextUsage()).toMatchObject({ used: 0, limit: 10_000, reserved: 1_000, share: 0 });
    expect((await session.ask("one")).text).toBe("tiny");
    expect((await session.ask("two", { model: "scripted/model" })).text).toBe("model");
    await session.ask("three");
    expect(agent.requests.map(({ kind, model }) => `${kind} ${model}`)).toContain("summary tiny");
  });

  test("the memory agent responds 501 with the route for an unsupported route", async () => {
    const { agent } = await fixture("x");
    const answer = await agent.fetch(`${agent.baseUrl}/pty`, { method: "POST" });
    expect([answer.status, await answer.json()]).toMatchObject([
      501,
      { data: { message: expect.stringContaining("POST /pty") } },
    ]);
  });

  test("the memory agent requires its password", async () => {
    const agent = createMemoryAgent("hi", { password: "s3cret" });
    open.push(agent);
    const { baseUrl, fetch } = agent;
    await expect(createOpencode({ baseUrl, fetch })).rejects.toMatchObject({ status: 401 });
    const oc = await createOpencode({ baseUrl, fetch, password: "s3cret" });
    open.push(oc);
    expect((await oc.ask("hello")).text).toBe("hi");
  });

  test("the memory agent separates the sessions of two directories", async () => {
    const { agent, oc } = await fixture("hi", { directory: "/one" });
    await oc.ask("here");
    const other = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch, directory: "/two" });
    open.push(other);
    const count = async (client: Opencode): Promise<number> => {
      let found = 0;
      for await (const _ of client.sessions()) found += 1;
      return found;
    };
    expect([await count(oc), await count(other)]).toEqual([1, 0]);
    expect((await other.ask("there")).text).toBe("hi");
  });

  test("the memory agent waits between retries by the fake timers of a test", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const { agent, oc } = await fixture([...failing(4, { status: 503 }, "at last")]);
    const answer = oc.ask("wait");
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await answer).text).toBe("at last");
    expect(agent.calls("wait")).toBe(5);
  });

  test("the memory agent with `pace` answers when the fake clock advances", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const begun = Date.now();
    const { oc } = await fixture({ text: ["a", "b"] }, { pace: () => 100 });
    const answer = oc.ask("slowly");
    await vi.advanceTimersByTimeAsync(5_000);
    const { messageId } = await answer;
    expect(messageId).toMatch(/^msg_/);
    expect(Date.now() - begun).toBe(5_000);
  });

  test("opencode-ts/testing imports no module of Node statically", async () => {
    const { metafile } = await build({
      entryPoints: ["src/testing/index.ts"],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
    });
    const reached = new Set<string>();
    const visit = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const { path: to, kind } of metafile.inputs[path]?.imports ?? []) if (kind !== "dynamic-import") visit(to);
    };
    visit("src/testing/index.ts");
    // The parser of shell lines needs no Node, and nothing else.
    const foreign = [...reached].filter((path) => !path.startsWith("src/") && !path.includes("/unbash/dist/"));
    expect(foreign).toEqual([]);
    expect(reached.size).toBeGreaterThan(20);
  });
});
