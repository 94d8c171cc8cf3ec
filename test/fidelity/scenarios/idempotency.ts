/** The same prompt again: one scenario for each row of what was measured. */

import { hold } from "../../../src/testing/index.js";
import { mintId } from "../../../src/util/ids.js";
import { type Scenario, scenario } from "../scenario.js";
import { byPrompt } from "../tools.js";

function ids(): { messageID: string; part: string } {
  return { messageID: mintId("msg"), part: mintId("prt") };
}

export const idempotency: readonly Scenario[] = [
  scenario("a message that is sent twice doubles its part and does not run again", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      const { messageID } = ids();
      await agent.prompt(session, "one", { messageID });
      await agent.prompt(session, "one", { messageID });
      await agent.prompt(session, "other words", { messageID });
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a message that is sent twice with the same part id changes nothing", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      const { messageID, part } = ids();
      const body = { messageID, parts: [{ type: "text", text: "one", id: part }] };
      await agent.prompt(session, "", body);
      await agent.prompt(session, "", body);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a message that is sent again during its run waits for the answer", () => {
    const rest = hold("rest");
    return {
      script: { text: ["begin ", rest] },
      run: async (agent) => {
        const session = await agent.session();
        const { messageID, part } = ids();
        const body = { messageID, parts: [{ type: "text", text: "one", id: part }] };
        const first = agent.prompt(session, "", body);
        await agent.said("begin ");
        const again = (nth: number): Promise<unknown> =>
          agent.event("message.part.updated", ({ part }) => (part as { id: string }).id === body.parts[0]?.id, nth);
        const second = agent.prompt(session, "", body);
        await again(2);
        await agent.submit(session, "", body);
        await again(3);
        rest.release();
        await Promise.all([first, second]);
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("a client that disconnects does not end the run, and can send the prompt again", () => {
    const rest = hold("rest");
    return {
      script: { text: ["begin ", rest] },
      run: async (agent) => {
        const session = await agent.session();
        const { messageID, part } = ids();
        const body = { messageID, parts: [{ type: "text", text: "one", id: part }] };
        const leaving = new AbortController();
        const first = agent.prompt(session, "", body, { signal: leaving.signal }).catch(() => {});
        await agent.said("begin ");
        leaving.abort();
        await first;
        rest.release();
        await agent.idle(session);
        await agent.prompt(session, "", body);
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("a prompt is sent by prompt_async three times", () => {
    const rest = hold("rest");
    return {
      script: { text: ["begin ", rest] },
      run: async (agent) => {
        const session = await agent.session();
        const { messageID, part } = ids();
        const body = { messageID, parts: [{ type: "text", text: "one", id: part }] };
        await agent.submit(session, "", body);
        await agent.said("begin ");
        await agent.submit(session, "", body);
        await agent.event("message.part.updated", ({ part: stored }) => (stored as { id: string }).id === part, 2);
        rest.release();
        await agent.idle(session);
        await agent.submit(session, "", body);
        await agent.idle(session, 2);
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("a message that is sent again after a failure runs again", () => ({
    script: [{ status: 401 }, "now it works"],
    run: async (agent) => {
      const session = await agent.session();
      const { messageID, part } = ids();
      const body = { messageID, parts: [{ type: "text", text: "one", id: part }] };
      await agent.prompt(session, "", body);
      await agent.prompt(session, "", body);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a message that is sent again after an abort runs again", () => ({
    script: [{ text: "part", end: "hang" }, "now it works"],
    run: async (agent) => {
      const session = await agent.session();
      const { messageID, part } = ids();
      const first = agent.prompt(session, "", { messageID, parts: [{ type: "text", text: "one", id: part }] });
      await agent.said("part");
      await agent.send(`POST /session/${session}/abort`);
      await first;
      await agent.prompt(session, "", { messageID, parts: [{ type: "text", text: "one again", id: part }] });
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a message that is sent again after another turn runs again", () => ({
    script: ["first", "second", "third"],
    run: async (agent) => {
      const session = await agent.session();
      const { messageID, part } = ids();
      const body = { messageID, parts: [{ type: "text", text: "one", id: part }] };
      await agent.prompt(session, "", body);
      await agent.prompt(session, "two");
      await agent.prompt(session, "", body);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a message id of another session is refused, and the message's part is misplaced", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      const other = await agent.session();
      const { messageID } = ids();
      await agent.prompt(session, "one", { messageID });
      await agent.prompt(other, "two", { messageID });
      await agent.send(`GET /session/${session}/message`);
      await agent.send(`GET /session/${other}/message`);
    },
  })),
  scenario("message ids and part ids have unusual forms", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      for (const messageID of ["", "foo_1", "prt_1"]) await agent.prompt(session, "one", { messageID });
      await agent.prompt(session, "", { parts: [{ type: "text", text: "one", id: "foo_1" }] });
      const odd = `${mintId("msg")} with spaces`;
      await agent.prompt(session, "odd", { messageID: odd });
      await agent.send(`GET /session/${session}/message/${encodeURIComponent(odd)}`);
    },
  })),
];
