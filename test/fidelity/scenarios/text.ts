/** Runs that only speak. */

import { hold } from "../../../src/testing/index.js";
import { mintId } from "../../../src/util/ids.js";
import { type Scenario, scenario } from "../scenario.js";
import { bash, byPrompt } from "../tools.js";

export const text: readonly Scenario[] = [
  scenario("the model answers with text", () => ({
    script: { text: ["hello ", "world"] },
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "hi");
      await agent.send(`GET /session/${session}/message`);
      await agent.idle(session);
      await agent.send(`GET /session/${session}`);
    },
  })),
  scenario("a run has reasoning, a tool call and text", () => ({
    script: [bash("echo hi", { reasoning: ["so ", "it is"], text: ["I ", "look."] }), "done"],
    run: async (agent) => {
      const session = await agent.session();
      await agent.submit(session, "look");
      await agent.idle(session);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("text that the model still streams is not stored yet", () => {
    const rest = hold("rest");
    return {
      script: { text: ["begin ", rest] },
      run: async (agent) => {
        const session = await agent.session();
        await agent.submit(session, "speak");
        await agent.said("begin ");
        await agent.send(`GET /session/${session}/message`);
        await agent.send("GET /session/status");
        rest.release();
        await agent.idle(session);
        await agent.send("GET /session/status");
      },
    };
  }),
  scenario("the model gives an empty, a truncated and a filtered answer", () => ({
    script: byPrompt({
      empty: {},
      long: { text: "as far as", end: "length" },
      filtered: { text: "not this", end: "content_filter" },
    }),
    run: async (agent) => {
      for (const prompt of ["empty", "long", "filtered"]) {
        const session = await agent.session();
        await agent.prompt(session, prompt);
        await agent.send(`GET /session/${session}/message`);
      }
    },
  })),
  scenario("tokens and cost are counted", () => ({
    script: { text: "counted", usage: { input: 100, output: 20, reasoning: 7, cacheRead: 50 } },
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "count");
      await agent.prompt(session, "again");
      await agent.until(`GET /session/${session}`, (body) => JSON.stringify(body).includes('"input":200'));
    },
  })),
  scenario("a prompt with `noReply` is stored and does not run", () => ({
    script: "never",
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "for later", { noReply: true });
      await agent.send(`GET /session/${session}/message`);
      await agent.send("GET /session/status");
      await agent.prompt(session, "now");
    },
  })),
  scenario("a prompt's model stays for the next prompt, and a prompt's agent does not", () => ({
    script: "yes",
    run: async (agent) => {
      const session = await agent.session();
      const model = { providerID: "scripted", modelID: "model" };
      await agent.prompt(session, "one", { model, variant: "high", agent: "plan" });
      await agent.prompt(session, "two");
      await agent.prompt(session, "three", { variant: "unknown" });
      await agent.send(`GET /session/${session}`);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a session without a title gets a generated title", () => ({
    script: "yes",
    run: async (agent) => {
      const session = await agent.session({ title: undefined });
      await agent.prompt(session, "what a subject");
      await agent.event("session.updated", ({ info }) => JSON.stringify(info).includes("Scripted session"));
      await agent.send(`GET /session/${session}`);
    },
  })),
  scenario("a prompt has several texts, synthetic and ignored parts, and ids of the client", () => ({
    script: "yes",
    run: async (agent) => {
      const session = await agent.session();
      const messageID = mintId("msg");
      const parts = [
        { type: "text", id: mintId("prt"), text: "first" },
        { type: "text", text: "made", synthetic: true },
        { type: "text", text: "unseen", ignored: true },
        { type: "text", text: "second", metadata: { from: "client" } },
      ];
      await agent.send(`POST /session/${session}/message`, { messageID, parts, system: "Be kind.", unknown: 1 });
      await agent.send(`GET /session/${session}/message/${messageID}`);
      await agent.send(`POST /session/${session}/message`, { parts: [] });
    },
  })),
];
