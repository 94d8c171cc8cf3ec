/** Sessions that become too long. */
import { type Scenario, scenario } from "../scenario.js";
import { bash, byPrompt } from "../tools.js";

const model = { providerID: "scripted", modelID: "model" };
const full = { input: 19_500, output: 300 };

export const compaction: readonly Scenario[] = [
  scenario("a session is summarized", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "one");
      await agent.send(`POST /session/${session}/summarize`, model);
      await agent.send(`GET /session/${session}/message`);
      await agent.prompt(session, "two");
      await agent.send(`GET /session/${session}`);
    },
  })),
  scenario(
    "a summary fails, and is tried again before the next prompt",
    () => ({
      script: byPrompt({}),
      run: async (agent) => {
        const session = await agent.session();
        await agent.prompt(session, "one");
        await agent.send(`POST /session/${session}/summarize`, model);
        await agent.send(`GET /session/${session}/message`);
        await agent.prompt(session, "two");
        await agent.send(`GET /session/${session}/message`);
      },
    }),
    "failing",
  ),
  scenario(
    "an answer near the limit is followed by a summary and one more",
    () => ({
      script: ({ lastUserText }) => (lastUserText === "long" ? { text: "so long", usage: full } : "continued"),
      run: async (agent) => {
        const session = await agent.session();
        await agent.prompt(session, "long");
        await agent.send(`GET /session/${session}/message`);
        await agent.prompt(session, "next");
        await agent.send(`GET /session/${session}`);
      },
    }),
    "small",
  ),
  scenario(
    "a tool step near the limit is followed by a summary, and the run goes on",
    () => ({
      script: ({ lastUserText, stepIndex }) =>
        lastUserText === "long" && stepIndex === 0
          ? { ...bash("echo long", { text: "so" }), usage: full }
          : "continued",
      run: async (agent) => {
        const session = await agent.session();
        await agent.prompt(session, "long");
        await agent.send(`GET /session/${session}/message`);
      },
    }),
    "small",
  ),
  scenario(
    "the context is too long, and its summary fails",
    () => ({
      script: { status: 400, message: "maximum context length is 20000 tokens" },
      run: async (agent) => {
        const session = await agent.session();
        await agent.prompt(session, "too long");
        await agent.send(`GET /session/${session}/message`);
      },
    }),
    "failing",
  ),
  scenario("the context is too long after one turn, and fits after a summary", () => {
    let refused = false;
    return {
      script: ({ lastUserText }) => {
        if (lastUserText !== "too long" || refused) return "fits";
        refused = true;
        return { status: 400, message: "maximum context length is 20000 tokens" };
      },
      run: async (agent) => {
        const session = await agent.session();
        await agent.prompt(session, "one");
        await agent.prompt(session, "too long");
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
];
