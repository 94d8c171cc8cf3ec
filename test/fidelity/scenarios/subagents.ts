/** Sub-agents. */
import { toolCall } from "../../../src/testing/index.js";
import { type Scenario, scenario } from "../scenario.js";
import { asking, bash, byPrompt } from "../tools.js";

const task = (prompt: string, subagent_type = "general"): ReturnType<typeof toolCall> =>
  toolCall("task", { description: `about ${prompt}`, prompt, subagent_type });

export const subagents: readonly Scenario[] = [
  scenario("a sub-agent runs a task of its parent", () => ({
    script: byPrompt({ delegate: [task("part"), "all done"], part: [bash("echo part"), "part done"] }),
    run: async (agent) => {
      const session = await agent.session(asking);
      await agent.prompt(session, "delegate");
      await agent.send(`GET /session/${session}/children`);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a sub-agent asks for permission", () => ({
    script: byPrompt({ delegate: [task("part", "careful"), "all done"], part: [bash("echo part"), "part done"] }),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "delegate");
      const ask = await agent.event("permission.asked");
      await agent.send("GET /permission");
      await agent.send("GET /session/status");
      await agent.send(`POST /permission/${ask["id"]}/reply`, { reply: "once" });
      await answered;
      await agent.send(`GET /session/${ask["sessionID"]}/message`);
    },
  })),
  scenario("a refused permission request of a sub-agent lets the parent go on", () => ({
    script: byPrompt({ delegate: [task("part", "careful"), "all done"], part: [bash("echo part"), "part done"] }),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "delegate");
      const ask = await agent.event("permission.asked");
      await agent.send(`POST /permission/${ask["id"]}/reply`, { reply: "reject" });
      await answered;
      await agent.send(`GET /session/${session}/message`);
      await agent.send(`GET /session/${ask["sessionID"]}/message`);
    },
  })),
  scenario("a sub-agent calls a sub-agent", () => ({
    script: byPrompt({
      delegate: [task("part", "deep"), "all done"],
      part: [task("detail"), "part done"],
      detail: "detail done",
    }),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "delegate");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a sub-agent has an unknown type", () => ({
    script: byPrompt({ delegate: [task("part", "nosuch"), "well"] }),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "delegate");
      await agent.send(`GET /session/${session}/message`);
      await agent.send(`GET /session/${session}/children`);
    },
  })),
  scenario("an abort of the parent ends its sub-agent", () => ({
    script: byPrompt({ delegate: [task("part"), "all done"], part: { text: "I am", end: "hang" } }),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "delegate");
      await agent.said("I am");
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.until("GET /session/status", (body) => !JSON.stringify(body).includes(session));
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a sub-agent's model fails", () => ({
    script: byPrompt({ delegate: [task("part"), "all done"], part: { status: 401 } }),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "delegate");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
];
