/** Runs that are ended from outside. */
import { toolCalls } from "../../../src/testing/index.js";
import { type Scenario, scenario } from "../scenario.js";
import { asking, bash, bashCall, byPrompt } from "../tools.js";

export const aborts: readonly Scenario[] = [
  scenario("an abort in the middle of a text", () => ({
    script: byPrompt({ speak: { text: ["partial ", "text"], end: "hang" } }),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "speak");
      await agent.said("partial text");
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.idle(session, 2);
      await agent.send(`GET /session/${session}/message`);
      await agent.prompt(session, "after");
      await agent.send(`GET /session/${session}/message?limit=2`);
    },
  })),
  scenario("an abort before the first word", () => ({
    script: { silent: true },
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "speak");
      await agent.asked(1);
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("an abort during a permission request, after a tool call that ran", () => ({
    script: [bash("echo free"), bash("ask-me now"), "never said"],
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "go");
      await agent.event("permission.asked");
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("an abort while a tool runs", () => ({
    script: [toolCalls([{ ...bashCall("sleep 60"), output: new Promise<string>(() => {}) }]), "never said"],
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "go");
      await agent.event("message.part.updated", ({ part }) => JSON.stringify(part).includes('"metadata":{"output"'));
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("an abort in the wait between two tries of the model", () => ({
    script: { status: 503, headers: { "retry-after": "600" } },
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "go");
      await agent.event("session.status", ({ status }) => JSON.stringify(status).includes("retry"));
      await agent.send("GET /session/status");
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.send(`GET /session/${session}/message`);
      await agent.send("GET /session/status");
    },
  })),
  scenario("an abort of an idle session and of an unknown session", () => ({
    script: "yes",
    run: async (agent) => {
      const session = await agent.session();
      await agent.send(`POST /session/${session}/abort`);
      await agent.send("POST /session/ses_nope/abort");
      await agent.prompt(session, "go");
      await agent.send(`POST /session/${session}/abort`);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("an aborted session takes another prompt", () => ({
    script: byPrompt({ one: { text: "part", end: "hang" } }),
    run: async (agent) => {
      const session = await agent.session(asking);
      await agent.submit(session, "one");
      await agent.said("part");
      await agent.send(`POST /session/${session}/abort`);
      await agent.idle(session, 2);
      await agent.prompt(session, "two");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
];
