/** A session that is written by its events, as an import does. */
import { mintId, mintSessionId, olderIds } from "../../../src/util/ids.js";
import { type Scenario, scenario } from "../scenario.js";
import { byPrompt } from "../tools.js";

export const replays: readonly Scenario[] = [
  scenario("a session is written by replayed events, read, forked and gone on with", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const { directory } = agent;
      const sessionID = mintSessionId();
      const now = Date.now();
      const project = (await agent.read("GET /project/current")).body as { id: string };
      const mint = olderIds(now);
      const [user, answer] = [mint("msg"), mint("msg")];
      let seq = 0;
      const event = (type: string, data: object): object => {
        const number = seq;
        seq += 1;
        return {
          id: `evt_${mintId("msg").slice(4)}`,
          aggregateID: sessionID,
          seq: number,
          type,
          data: { sessionID, ...data },
        };
      };
      const time = { created: now - 9_000, updated: now };
      const base = {
        id: sessionID,
        slug: "replayed",
        projectID: project.id,
        directory,
        version: "1",
        agent: "build",
        time,
      };
      const saved = (info: object): object => event("message.updated.1", { info: { sessionID, ...info } });
      const part = (messageID: string, rest: object): object =>
        event("message.part.updated.1", { part: { id: mint("prt"), sessionID, messageID, ...rest }, time: now });
      const model = { providerID: "scripted", modelID: "model" };
      const tokens = { input: 7, output: 3, reasoning: 0, cache: { read: 0, write: 0 } };
      const list = [
        event("session.created.1", { info: { ...base, title: "not whole" } }),
        saved({ id: user, role: "user", time: { created: now - 8_000 }, agent: "build", model }),
        part(user, { type: "text", text: "old prompt" }),
        saved({
          id: answer,
          role: "assistant",
          parentID: user,
          ...model,
          mode: "build",
          agent: "build",
          path: { cwd: directory, root: "/" },
          cost: 0.5,
          tokens,
          time: { created: now - 7_000, completed: now - 6_000 },
          finish: "stop",
        }),
        part(answer, { type: "text", text: "old answer" }),
        part(answer, { type: "step-finish", reason: "stop", cost: 0.5, tokens }),
        event("session.updated.1", { info: { ...base, title: "whole" } }),
      ];
      const replay = (...events: object[]) => agent.send("POST /sync/replay", { directory, events });
      await replay(...list.slice(0, 3));
      await agent.send(`GET /session/${sessionID}`);
      await replay(...list); // the first three are there
      await replay(...list);
      await replay(event("no.such.event.1", {}));
      await replay({ ...event("session.updated.1", { info: base }), seq: 40 });
      await replay();
      await agent.send("POST /sync/replay", {});
      await agent.send("POST /sync/replay", { directory });
      await agent.send(`GET /session/${sessionID}`);
      await agent.send(`GET /session/${sessionID}/message`);
      const fork = (await agent.send(`POST /session/${sessionID}/fork`, {})).body as { id: string };
      await agent.prompt(fork.id, "go on");
      await agent.send(`GET /session/${fork.id}/message`);
      await agent.send(`DELETE /session/${sessionID}`);
      await agent.send(`GET /session/${sessionID}`);
    },
  })),
  scenario("an agent without terminals lists none", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      await agent.send("GET /pty");
    },
  })),
];
