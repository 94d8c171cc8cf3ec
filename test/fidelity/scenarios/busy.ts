/** Requests to a session that is busy. */
import { hold } from "../../../src/testing/index.js";
import { type Agent, type Scenario, scenario } from "../scenario.js";
import { asking, bash, byPrompt } from "../tools.js";

/** Both are stored when this has come. */
async function stored(agent: Agent, count: number): Promise<void> {
  const own = (): number =>
    new Set(
      agent.events.flatMap(({ type, properties }) => {
        const info = properties["info"] as { role?: string; id?: string } | undefined;
        return type === "message.updated" && info?.role === "user" ? [info.id] : [];
      }),
    ).size;
  await agent.eventually(`${count} user messages are stored`, () => own() >= count);
}

export const busy: readonly Scenario[] = [
  scenario("a second prompt during the last text joins the run", () => {
    const rest = hold("rest");
    return {
      script: byPrompt({ one: { text: ["begin ", rest] }, two: "second" }),
      run: async (agent) => {
        const session = await agent.session();
        const first = agent.prompt(session, "one");
        await agent.said("begin ");
        const second = agent.prompt(session, "two");
        await stored(agent, 2);
        rest.release();
        await Promise.all([first, second]);
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("prompts during a tool step join the run, and only the last prompt is answered", () => ({
    script: byPrompt({ one: [bash("echo one"), "one is done"], two: "two", three: "three" }),
    run: async (agent) => {
      const session = await agent.session(asking);
      const first = agent.prompt(session, "one");
      const ask = await agent.event("permission.asked");
      await agent.event("message.part.updated", ({ part }) => JSON.stringify(part).includes('"status":"running"'));
      const second = agent.prompt(session, "two");
      await stored(agent, 2);
      const third = agent.prompt(session, "three");
      await stored(agent, 3);
      await agent.send(`POST /permission/${ask["id"]}/reply`, { reply: "once" });
      await Promise.all([first, second, third]);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("an abort leaves a queued prompt unanswered", () => ({
    script: byPrompt({ one: { text: "begin", end: "hang" } }),
    run: async (agent) => {
      const session = await agent.session();
      const first = agent.prompt(session, "one");
      await agent.said("begin");
      const second = agent.prompt(session, "two");
      await stored(agent, 2);
      await agent.send(`POST /session/${session}/abort`);
      await Promise.all([first, second]);
      await agent.send(`GET /session/${session}/message`);
      await agent.send("GET /session/status");
    },
  })),
  scenario("a busy session gets a shell line, a revert, a deletion, a stored prompt, a title and a fork", () => {
    const rest = hold("rest");
    return {
      script: byPrompt({ one: { text: ["begin ", rest] } }),
      run: async (agent) => {
        const session = await agent.session();
        const first = agent.prompt(session, "one");
        await agent.said("begin ");
        const { body } = await agent.send(`GET /session/${session}/message`);
        const messageID = (body as { info: { id: string } }[])[0]?.info.id;
        await agent.send(`POST /session/${session}/shell`, { agent: "build", command: "echo no" });
        await agent.send(`POST /session/${session}/revert`, { messageID });
        await agent.send(`POST /session/${session}/unrevert`);
        await agent.send(`DELETE /session/${session}/message/${messageID}`);
        await agent.prompt(session, "noted", { noReply: true });
        await agent.send(`PATCH /session/${session}`, { title: "renamed" });
        const fork = await agent.send(`POST /session/${session}/fork`, {});
        await agent.send(`GET /session/${(fork.body as { id: string }).id}/message`);
        rest.release();
        await first;
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("a run goes on after the deletion of its session", () => {
    const rest = hold("rest");
    return {
      script: byPrompt({ one: { text: ["begin ", rest] } }),
      run: async (agent) => {
        const session = await agent.session();
        agent.prompt(session, "one").catch(() => {});
        await agent.said("begin ");
        await agent.counted(); // as far as the run has come
        await agent.send(`DELETE /session/${session}`);
        await agent.event("session.deleted");
        await agent.send("GET /session/status");
        await agent.send(`GET /session/${session}`);
        await agent.send(`POST /session/${session}/abort`);
        await agent.until("GET /session/status", (body) => !JSON.stringify(body).includes(session));
      },
    };
  }),
  scenario("a command to a busy session waits for the run's end", () => {
    const rest = hold("rest");
    return {
      script: byPrompt({ one: { text: ["begin ", rest] } }),
      run: async (agent) => {
        const session = await agent.session();
        const first = agent.prompt(session, "one");
        await agent.said("begin ");
        const command = agent.send(`POST /session/${session}/command`, { command: "greet", arguments: "Ada" });
        await stored(agent, 2);
        rest.release();
        await Promise.all([first, command]);
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
];
