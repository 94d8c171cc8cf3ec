/** Runs that use tools. */
import { toolCall, toolCalls } from "../../../src/testing/index.js";
import { type Scenario, scenario } from "../scenario.js";
import { bash, bashCall } from "../tools.js";

export const tools: readonly Scenario[] = [
  scenario("a tool fails, and the run goes on", () => {
    const read = { name: "read", args: { filePath: "nosuch.txt" }, output: { error: "" } };
    return {
      script: [toolCalls([read]), "it is not there"],
      run: async (agent) => {
        read.output.error = `File not found: ${agent.directory}/nosuch.txt`;
        const session = await agent.session();
        await agent.prompt(session, "read");
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("the model calls an unknown tool, and a tool with arguments that are no JSON", () => ({
    script: [toolCall("nosuch", { a: 1 }), toolCall("bash", "{broken"), "well"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "try");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the model calls a tool with arguments of a wrong type", () => ({
    script: [toolCall("bash", { command: 5 }), "well"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "try");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the model calls two tools in one step", () => ({
    script: [toolCalls([bashCall("echo one"), bashCall("echo two")], { text: "both" }), "done"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "both");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a prompt's `tools` stay in force for the next prompts", () => ({
    script: [bash("echo one"), "no bash", bash("echo two"), "still none", bash("echo three"), "again"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "without", { tools: { bash: false } });
      await agent.send(`GET /session/${session}`);
      await agent.prompt(session, "plain");
      await agent.prompt(session, "with", { tools: { bash: true } });
      await agent.send(`GET /session/${session}`);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the model writes a todo list", () => ({
    script: [
      toolCall("todowrite", {
        todos: [
          { content: "first", status: "in_progress", priority: "high" },
          { content: "second", status: "pending", priority: "low" },
        ],
      }),
      "noted",
    ],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "plan");
      await agent.send(`GET /session/${session}/todo`);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a run has three steps with text in each step", () => ({
    script: [bash("echo one", { text: "first" }), bash("echo two", { text: "second" }), "third"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "go");
      await agent.send(`GET /session/${session}/message`);
      await agent.send(`GET /session/${session}/message?limit=2`);
    },
  })),
  scenario("an agent at its limit of steps gets a reminder, and may go on", () => ({
    script: [bash("echo one"), bash("echo two"), bash("echo three"), "done"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "go", { agent: "brief" });
      agent.note(
        "told",
        agent.requests.map(({ messages }) =>
          JSON.stringify(messages.at(-1)).includes("CRITICAL - MAXIMUM STEPS REACHED"),
        ),
      );
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a tool call that repeats in one step asks for permission", () => ({
    script: [
      toolCalls([1, 2, 3, 4].map(() => bashCall("echo same"))),
      "done",
      toolCalls([1, 2, 3].map(() => bashCall("echo same"))),
      "never said",
    ],
    run: async (agent) => {
      const session = await agent.session({ permission: [{ permission: "doom_loop", pattern: "*", action: "allow" }] });
      const allowed = agent.prompt(session, "go");
      for (const nth of [1, 2]) {
        const { id } = await agent.event("permission.asked", undefined, nth);
        await agent.send(`POST /permission/${id}/reply`, { reply: "once" });
      }
      await allowed;
      const refused = agent.prompt(session, "go");
      const { id } = await agent.event("permission.asked", undefined, 3);
      await agent.send("GET /permission");
      await agent.send(`POST /permission/${id}/reply`, { reply: "reject" });
      await refused;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
];
