/** Sessions that become too long. */
import type { ModelRequest, Reply } from "../../../src/testing/index.js";
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
    "a summary that fails is tried again before the next prompt",
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
    "an answer near the context limit is followed by a summary and another answer",
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
    "a tool step near the context limit is followed by a summary, and the run goes on",
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
    "the context is too long, and the summary fails",
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
  scenario(
    "a server that is killed in a summary makes the summary before the next prompt",
    () => ({
      model: { summary: cutOnce() },
      script: byPrompt({}),
      run: async (agent) => {
        const session = await agent.session();
        await agent.prompt(session, "one");
        const lost = agent.send(`POST /session/${session}/summarize`, model).catch(() => {});
        await agent.said("Sum");
        await agent.crash();
        await lost;
        await agent.send(`GET /session/${session}/message`);
        await agent.prompt(session, "two");
        await agent.send(`GET /session/${session}/message`);
      },
    }),
    "mortal",
  ),
  cutInSummary(
    "after an answer",
    () =>
      ({ lastUserText }) =>
        lastUserText === "long" ? { text: "so long", usage: full } : "continued",
  ),
  cutInSummary(
    "after a tool",
    () =>
      ({ lastUserText, stepIndex }) =>
        lastUserText === "long" && stepIndex === 0
          ? { ...bash("echo long", { text: "so" }), usage: full }
          : "continued",
  ),
  cutInSummary("of the only prompt", refusesOnce),
  cutInSummary("of a prompt after others", refusesOnce, "one"),
];

/** Summaries of which the first one does not come to its end. */
function cutOnce(): Reply {
  let asked = 0;
  async function* text(): AsyncGenerator<string> {
    asked += 1;
    yield "Sum";
    if (asked === 1) await new Promise(() => {});
    yield "mary.";
  }
  return { text: { [Symbol.asyncIterator]: text } };
}

type Ask = (request: ModelRequest) => Reply;

function refusesOnce(): Ask {
  let refused = false;
  return ({ lastUserText }) => {
    if (lastUserText !== "long" || refused) return `fits: ${lastUserText}`;
    refused = true;
    return { status: 400, message: "maximum context length is 20000 tokens" };
  };
}

/** The server dies while it makes room by itself, and another prompt comes. */
function cutInSummary(when: string, script: () => Ask, before?: string): Scenario {
  return scenario(
    `a server that is killed in a compaction ${when} gets another prompt`,
    () => ({
      model: { summary: cutOnce(), model: { limit: { context: 20_000, output: 1_000 } } },
      script: script(),
      run: async (agent) => {
        const session = await agent.session();
        if (before !== undefined) await agent.prompt(session, before);
        const lost = agent.prompt(session, "long").catch(() => {});
        await agent.said("Sum");
        await agent.crash();
        await lost;
        await agent.send(`GET /session/${session}/message`);
        await agent.prompt(session, "two");
        await agent.send(`GET /session/${session}/message`);
        const asked = agent.requests.at(-1)?.messages.filter(({ role }) => role === "user");
        agent.note("what the model sees of the prompts", asked);
      },
    }),
    "mortal",
  );
}
