/** Questions to the user, and the one that ends plan mode. */

import { toolCall } from "../../../src/testing/index.js";
import { property } from "../../../src/util/json.js";
import { type Agent, type Scenario, scenario } from "../scenario.js";

const questions = [
  {
    question: "Which colour?",
    header: "Colour",
    options: [
      { label: "Red", description: "Like a rose" },
      { label: "Blue", description: "Like the sea" },
    ],
    multiple: true,
  },
  { question: "How many?", header: "Number", options: [{ label: "One", description: "1" }] },
];

/** The id of the question; the text in front of it has ended, which under load is told after an answer that comes at once. */
async function asked(agent: Agent, text = "I ask."): Promise<string> {
  const { id } = await agent.event("question.asked");
  if (text !== "") await agent.event("message.part.updated", ({ part }) => property(part, "text") === text);
  return String(id);
}

const script = (): ReturnType<typeof toolCall>[] => [
  toolCall("question", { questions }, { text: "I ask." }),
  { text: "thank you" },
];

export const questionScenarios: readonly Scenario[] = [
  scenario("a question is answered", () => ({
    script: script(),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "ask");
      const id = await asked(agent);
      await agent.send("GET /question");
      await agent.send(`POST /question/${id}/reply`, { answers: [["Red", "Blue"], ["One"]] });
      await answered;
      await agent.send("GET /question");
      await agent.send(`POST /question/${id}/reply`, { answers: [["Red"]] });
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a question with an empty reply lets the run go on", () => ({
    script: script(),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "ask");
      await agent.send(`POST /question/${await asked(agent)}/reply`, { answers: [] });
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a dismissed question ends the run", () => ({
    script: script(),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "ask");
      await agent.send(`POST /question/${await asked(agent)}/reject`);
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a question is dismissed after the abort of its run", () => ({
    script: script(),
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "ask");
      const id = await asked(agent);
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.send("GET /question");
      await agent.send(`POST /question/${id}/reject`);
      await agent.send("GET /question");
    },
  })),
  ...(["Yes", "No"] as const).map((reply) =>
    scenario(`the question at the end of plan mode is answered with ${reply}`, () => ({
      script: [toolCall("plan_exit", {}), "after the plan"],
      run: async (agent) => {
        const session = await agent.session();
        const answered = agent.prompt(session, "plan it", { agent: "plan" });
        const id = await asked(agent, "");
        await agent.send("GET /question");
        await agent.send(`POST /question/${id}/reply`, { answers: [[reply]] });
        await answered;
        await agent.send(`GET /session/${session}/message`);
      },
    })),
  ),
];
