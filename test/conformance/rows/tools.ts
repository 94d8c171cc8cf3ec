/** Tools of the agent and of the application. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { type AgentEvent, defineTool, type Session } from "../../../src/index.js";
import { toolCall, toolCalls } from "../../../src/testing/index.js";
import { eventually } from "../../support/slowness.js";
import { absent, type Behaviour, behaviour, type Difference, differs } from "../behaviour.js";
import { refuses } from "../refusal.js";
import type { World } from "../world.js";

const noSubAgents = absent("The preview offers no tool that starts a sub-agent.", async ({ oc, answer }) => {
  answer("delegate in vain", toolCall("task", { prompt: "x" }), "went on");
  expect(await oc.ask("delegate in vain")).toMatchObject({ text: "went on", toolCalls: [{ status: "error" }] });
});

function endsAtBrokenJson(tool: string): Difference {
  return differs("2.x ends the run with an error.", async ({ oc, answer, callsOf }) => {
    answer("broken arguments", toolCalls([{ name: tool, args: '{"command": "echo' }]), "went on");
    await expect(oc.ask("broken arguments")).rejects.toMatchObject({ name: "AgentError" });
    expect(callsOf("broken arguments")).toBe(1);
  });
}

/** A shell line that has written something and waits for a file. */
async function runHeldLine({ oc, answer, bash, directory }: Pick<World, "oc" | "answer" | "bash" | "directory">) {
  const [begun, end] = [join(directory, "line-began"), join(directory, "line-ends")];
  answer(
    "hold a line",
    bash(`echo early output; touch ${begun}; while [ ! -e ${end} ]; do sleep 0.1; done`),
    "went on",
  );
  const session = await oc.createSession({ title: "live output" });
  const asked = session.ask("hold a line");
  asked.catch(() => {}); // awaited by the caller
  return { session, asked, begun: () => existsSync(begun), release: () => writeFile(end, "") };
}

/** The live output of a command that ends after an event of this type. */
async function readProgress({ oc, answer, bash, directory }: World, release: AgentEvent["type"]): Promise<string> {
  const gate = join(directory, "progress-goes-on");
  answer("watch a build", bash(`echo begun; while [ ! -e ${gate} ]; do sleep 0.1; done; echo ended`), "done");
  const stream = oc.askStream("watch a build");
  let text = "";
  for await (const event of stream.events) {
    if (event.type === "tool-progress") text += event.text;
    if (event.type === release) await writeFile(gate, "");
  }
  expect((await stream.answer).toolCalls[0]?.output).toBe(text);
  return text;
}

/** Of the tools that run, as the server has stored it. */
async function outputOf(session: Session): Promise<string> {
  const parts = (await session.messages()).flatMap((message) => message.parts);
  return JSON.stringify(
    parts.map((part) => (part.type === "tool" && part.state.status === "running" ? part.state.metadata : undefined)),
  );
}

/** In the order of the table. */
export const tools: readonly Behaviour[] = [
  behaviour(
    "a tool runs, its result reaches the model, and the answer lists the call",
    async ({ oc, answer, bash }) => {
      answer("run a line", bash("echo from-the-tool"), ({ toolResults }) => `got ${toolResults[0]?.content.trim()}`);
      const got = await oc.ask("run a line");
      expect(got.text).toContain("got from-the-tool");
      expect(got.toolCalls).toMatchObject([
        { tool: "bash", status: "completed", input: { command: "echo from-the-tool" } },
      ]);
      expect(got.toolCalls[0]?.output).toContain("from-the-tool");
    },
  ),

  behaviour("calls of one step run, and each has its own result", async ({ oc, answer, calls }) => {
    const bash = (command: string) => ({ name: "bash", args: { command, description: "d" } });
    answer("run three", calls(bash("echo a-1"), bash("echo b-2"), bash("echo c-3")), "three done");
    const { text, toolCalls: made } = await oc.ask("run three");
    expect(text).toBe("three done");
    expect(made.map(({ output }) => output?.trim().split("\n")[0])).toEqual(["a-1", "b-2", "c-3"]);
  }),

  behaviour(
    "the pieces of tool-progress come while a command runs, and together they are its output",
    async (world) => expect(await readProgress(world, "tool-progress")).toBe("begun\nended\n"),
    {
      preview: differs("The preview tells the output of a command at its end.", async (world) =>
        expect(await readProgress(world, "tool-call")).toBe("begun\nended\n"),
      ),
    },
  ),

  behaviour("steps follow each other until the model calls no tool", async ({ oc, answer, bash }) => {
    answer("three steps", bash("echo one"), bash("echo two"), "all done");
    const got = await oc.ask("three steps");
    expect(got).toMatchObject({ text: "all done", finishReason: "stop" });
    expect(got.parts.filter(({ type }) => type === "step-finish")).toHaveLength(3);
  }),

  behaviour(
    "the run goes on after a tool that fails, an unknown tool and wrong arguments",
    async ({ oc, answer, calls }) => {
      answer(
        "fail three times",
        calls({ name: "read", args: { filePath: "not-there.txt" } }),
        toolCall("no_such_tool", { a: 1 }),
        toolCall("bash", { wrong: true }),
        "went on",
      );
      const got = await oc.ask("fail three times");
      expect(got.text).toBe("went on");
      expect(got.toolCalls).toHaveLength(3);
      expect(got.toolCalls[0]).toMatchObject({ tool: "read", status: "error" });
    },
  ),

  behaviour("a shell line that exits with 3 is a completed call that names the code", async ({ oc, answer, bash }) => {
    answer("exit with three", bash("echo before; exit 3"), "went on");
    const { text, toolCalls: made } = await oc.ask("exit with three");
    expect(text).toBe("went on");
    expect(made).toMatchObject([{ tool: "bash", status: "completed" }]);
  }),

  behaviour("events of a turn have the call, then its result, in this order", async ({ oc, answer, bash }) => {
    answer("tell me the events", bash("echo told"), "done");
    const stream = oc.askStream("tell me the events");
    const events: AgentEvent[] = [];
    for await (const event of stream.events) events.push(event);
    await stream.answer;
    const types = events.map(({ type }) => type);
    const seen = types.filter((type) => ["start", "tool-call", "tool-result", "finish"].includes(type));
    expect(seen).toEqual(["start", "tool-call", "tool-result", "finish"]);
    expect(types.filter((type) => type === "step-finish")).toHaveLength(2);
  }),

  behaviour("a file that the agent writes is in the directory", async ({ oc, answer, calls, directory }) => {
    const filePath = join(directory, "written.txt");
    answer("write a file", calls({ name: "write", args: { filePath, content: "by the agent\n" } }), "written");
    expect(await oc.ask("write a file", { permission: { edit: "allow" } })).toMatchObject({ text: "written" });
    expect(await readFile(filePath, "utf8")).toBe("by the agent\n");
  }),

  behaviour("hooks run before and after a tool, and a hook before it can refuse", async ({ oc, answer, calls }) => {
    const bash = (command: string) => ({ name: "bash", args: { command, description: "d" } });
    answer("run with hooks", calls(bash("echo allowed"), bash("echo refused")), "done");
    const before: unknown[] = [];
    const after: unknown[] = [];
    const got = await oc.ask("run with hooks", {
      hooks: {
        preToolUse: ({ tool, input }) => {
          before.push([tool, input["command"]]);
          return input["command"] === "echo refused" ? { reject: "not this one" } : undefined;
        },
        postToolUse: ({ tool, output }) =>
          void (output !== undefined && after.push([tool, output.trim().split("\n")[0]])),
      },
    });
    // The calls of one step ask in any order.
    expect(before.toSorted()).toEqual([
      ["bash", "echo allowed"],
      ["bash", "echo refused"],
    ]);
    expect(after).toEqual([["bash", "allowed"]]);
    expect(got.denials.map(({ reason }) => reason)).toEqual(["not this one"]);
  }),

  behaviour(
    "a tool of the application runs in this process, and its result reaches the model",
    async ({ connect, answer }) => {
      const shout = defineTool({
        name: "shout",
        description: "Says it loudly.",
        input: z.object({ text: z.string() }),
        execute: ({ text }, { sessionId }) => `${text.toUpperCase()} in ${sessionId}`,
      });
      const oc = await connect({ tools: [shout] });
      answer(
        "shout it",
        ({ tools: offered }) => toolCall(offered.find((name) => name.endsWith("_shout")) ?? "none", { text: "hey" }),
        ({ toolResults }) => toolResults[0]?.content ?? "none",
      );
      const got = await oc.ask("shout it");
      expect(got.text).toBe(`HEY in ${got.sessionId}`);
    },
    {
      preview: absent(
        "The preview connects to no MCP server, and its plugins get no tool call.",
        async ({ connect }) => {
          const nothing = defineTool({ name: "n", description: "d", input: z.object({}), execute: () => "" });
          await refuses(connect({ tools: [nothing] }).then((oc) => oc.ask("with a tool")));
        },
      ),
    },
  ),

  behaviour(
    "a sub-agent works in a session of its own, and its usage counts for the turn",
    async ({ oc, answer, calls }) => {
      const task = { name: "task", args: { description: "d", prompt: "the sub-task", subagent_type: "general" } };
      answer("delegate it", calls(task), "delegated");
      answer("the sub-task", { text: "sub done", usage: { input: 500, output: 50 } });
      const stream = oc.askStream("delegate it");
      const parents: string[] = [];
      for await (const event of stream.events) if (event.type === "subagent") parents.push(event.parentId);
      const got = await stream.answer;
      expect(got.text).toBe("delegated");
      expect(parents).toContain(got.sessionId);
      expect(got.usage.input).toBeGreaterThanOrEqual(500);
    },
    {
      preview: noSubAgents,
    },
  ),

  behaviour(
    "a permission request of a sub-agent is answered by the turn that started it",
    async ({ oc, answer, calls }) => {
      const task = {
        name: "task",
        args: { description: "d", prompt: "the asking sub-task", subagent_type: "general" },
      };
      const bash = { name: "bash", args: { command: "echo by-the-sub-agent", description: "d" } };
      answer("delegate and ask", calls(task), "delegated");
      answer("the asking sub-task", calls(bash), "sub done");
      const chains: (readonly string[])[] = [];
      const got = await oc.ask("delegate and ask", {
        onPermission: ({ permission, chain }) => {
          if (permission === "bash") chains.push(chain);
          return "once";
        },
      });
      expect(got.text).toBe("delegated");
      expect(chains).toHaveLength(1);
      expect(chains[0]).toHaveLength(2);
      expect(chains[0]?.[0]).toBe(got.sessionId);
    },
    { preview: noSubAgents },
  ),

  behaviour(
    "a sub-agent that is aborted ends alone, and its turn goes on",
    async ({ oc, answer, calls }) => {
      const task = {
        name: "task",
        args: { description: "slow one", prompt: "the slow sub-task", subagent_type: "general" },
      };
      const bash = { name: "bash", args: { command: "sleep 600", description: "d" } };
      answer("delegate and abort", calls(task), "went on without it");
      answer("the slow sub-task", calls(bash), "slow is done");
      const stream = oc.askStream("delegate and abort", { onPermission: () => "once" });
      const reasons: string[] = [];
      for await (const event of stream.events) {
        if (event.type === "subagent-aborted") reasons.push(event.reason);
        if (event.type !== "subagent" || event.event?.type !== "tool-call") continue;
        void stream
          .subagents()[0]
          ?.abort("too slow")
          .catch(() => {}); // the status tells
      }
      expect(await stream.answer).toMatchObject({ text: "went on without it" });
      expect(stream.subagents()).toMatchObject([{ title: "slow one", agent: "general", status: "aborted" }]);
      expect(reasons).toEqual(["too slow"]);
    },
    { preview: noSubAgents },
  ),

  behaviour(
    "maxSubagents refuses one sub-agent too many with a reason, and the run goes on",
    async ({ oc, answer, calls }) => {
      const task = {
        name: "task",
        args: { description: "d", prompt: "the counted sub-task", subagent_type: "general" },
      };
      answer("delegate twice", calls(task), calls(task), "went on");
      answer("the counted sub-task", "sub done");
      const stream = oc.askStream("delegate twice", { maxSubagents: 1 });
      const got = await stream.answer;
      expect(got.text).toBe("went on");
      expect(stream.subagents()).toMatchObject([{ status: "completed" }]);
      expect(got.denials).toMatchObject([{ permission: "task", by: "maxSubagents" }]);
      expect(got.toolCalls.map(({ status }) => status)).toEqual(["completed", "error"]);
    },
    { preview: noSubAgents },
  ),

  behaviour(
    "a turn without sub-agents takes maxSubagents and maxDepth, and its subagents() is empty",
    async ({ oc }) => {
      const stream = oc.askStream("no delegation", { maxSubagents: 1, maxDepth: 1 });
      expect(await stream.answer).toMatchObject({ text: "echo: no delegation", denials: [] });
      expect(stream.subagents()).toEqual([]);
    },
  ),

  behaviour(
    "the output of a shell line is in the session while the line still runs",
    async ({ oc, answer, bash, directory }) => {
      const { session, asked, release } = await runHeldLine({ oc, answer, bash, directory });
      await eventually("the output is there", async () => (await outputOf(session)).includes("early output"));
      await release();
      expect(await asked).toMatchObject({ text: "went on" });
    },
    {
      preview: differs("The preview stores the output of a tool when it has ended.", async (world) => {
        const { session, asked, begun, release } = await runHeldLine(world);
        await eventually("the line runs", begun);
        expect(await outputOf(session)).not.toContain("early output");
        await release();
        expect((await asked).toolCalls[0]?.output).toContain("early output");
      }),
    },
  ),

  behaviour(
    "a tool call with broken JSON fails, and the run goes on",
    async ({ oc, answer }) => {
      answer("broken arguments", toolCalls([{ name: "bash", args: '{"command": "echo' }]), "went on");
      expect(await oc.ask("broken arguments")).toMatchObject({ text: "went on" });
    },
    {
      preview: endsAtBrokenJson("bash"),
      "stand-in-2.1": endsAtBrokenJson("shell"),
    },
  ),
];
