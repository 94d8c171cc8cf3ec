/** What the model's failures become. */
import { failing, hold } from "../../../src/testing/index.js";
import { type Scenario, scenario } from "../scenario.js";
import { bash } from "../tools.js";

const soon = { "retry-after": "0.05" };

export const failures: readonly Scenario[] = [
  scenario("the model fails with 500 and 429, then answers", () => ({
    script: [{ status: 500, headers: soon }, { status: 429, headers: soon }, "recovered"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "go");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the model fails six times", () => ({
    script: failing(7, { status: 503, headers: soon }, "never said"),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "go");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the session's status tells the time of the model's next try", () => ({
    script: { status: 429, headers: { "retry-after": "120" }, message: "slow down" },
    run: async (agent) => {
      const session = await agent.session();
      const before = Date.now();
      await agent.submit(session, "go");
      const { status } = await agent.event("session.status", ({ status }) => JSON.stringify(status).includes("retry"));
      const wait = (status as { next: number }).next - before;
      agent.note("about 120 s", wait >= 120_000 && wait < 240_000);
      await agent.send("GET /session/status");
      await agent.send(`POST /session/${session}/abort`);
      await agent.idle(session);
    },
  })),
  scenario("the model refuses the API key", () => ({
    script: { status: 401 },
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "go");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the model refuses the second step of a run", () => ({
    script: [bash("echo one"), { status: 400, message: "no more" }],
    run: async (agent) => {
      const session = await agent.session();
      await agent.submit(session, "go");
      await agent.idle(session, 2);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the model is called again after a cut stream", () => {
    const cut = hold("");
    return {
      script: [{ text: ["half", cut], end: "cut" }, "whole"],
      run: async (agent) => {
        const session = await agent.session();
        const answered = agent.prompt(session, "go");
        await agent.said("half");
        cut.release();
        await answered;
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("the model is called again after a stream that ends with an overload error", () => ({
    script: [{ text: "half", end: { error: "overloaded" } }, "whole"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "go");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the model's stream ends with an unknown error", () => ({
    script: [{ text: "half", end: { error: "something odd" } }, "never said"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "go");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the script of the model has no further reply", () => ({
    script: ["one"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "first");
      await agent.prompt(session, "second");
    },
  })),
];
