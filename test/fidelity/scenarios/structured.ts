/** Structured output. */
import { mintId } from "../../../src/util/ids.js";
import { type Scenario, scenario } from "../scenario.js";
import { bash } from "../tools.js";

const person = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
const format = (schema: object): object => ({ format: { type: "json_schema", schema } });

export const structured: readonly Scenario[] = [
  scenario("structured output follows a tool call", () => ({
    script: [bash("echo ada"), { structured: { name: "Ada" } }],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "who", format(person));
    },
  })),
  scenario("the schema of structured output has a list at its root", () => ({
    script: [{ structured: [1, 2] }, { structured: { value: [1, 2] } }],
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "which", format({ type: "array", items: { type: "number" } }));
      await agent.prompt(session, "which", format({ type: "array", items: { type: "number" } }));
    },
  })),
  scenario("the model gives text instead of structured output", () => ({
    script: "Ada",
    run: async (agent) => {
      const session = await agent.session();
      await agent.submit(session, "who", format(person));
      await agent.idle(session);
    },
  })),
  scenario("a session with structured output cannot be read back", () => ({
    script: [{ structured: { name: 1, more: true } }, "plain"],
    run: async (agent) => {
      const session = await agent.session();
      const messageID = mintId("msg");
      const { body } = await agent.prompt(session, "who", { messageID, ...format(person) });
      const { id } = (body as { info: { id: string } }).info; // the documented answer
      await agent.send(`GET /session/${session}/message`);
      await agent.send(`GET /session/${session}/message/${messageID}`);
      await agent.send(`GET /session/${session}/message/${id}`);
      await agent.send(`GET /session/${session}/message?limit=1`);
      await agent.send(`POST /session/${session}/fork`);
      await agent.prompt(session, "next");
      await agent.send(`DELETE /session/${session}/message/${messageID}`);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a session with the format text cannot be read back, and an unknown format is refused", () => ({
    script: "plain",
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "who", { format: { type: "text" } });
      await agent.send(`GET /session/${session}/message`);
      await agent.prompt(session, "who", { format: { type: "yaml" } });
    },
  })),
];
