/** Requests that are refused. */
import { type Scenario, scenario } from "../scenario.js";
import { byPrompt } from "../tools.js";

export const errors: readonly Scenario[] = [
  scenario("requests to an unknown session are refused", () => ({
    script: "never",
    run: async (agent) => {
      for (const route of ["GET", "PATCH", "DELETE"]) {
        await agent.send(`${route} /session/ses_nope`, route === "PATCH" ? {} : undefined);
      }
      for (const path of ["message", "children", "todo"]) await agent.send(`GET /session/ses_nope/${path}`);
      await agent.prompt("ses_nope", "one");
      await agent.submit("ses_nope", "one");
      await agent.send("POST /session/ses_nope/fork", {});
      await agent.send("POST /session/ses_nope/summarize", { providerID: "scripted", modelID: "model" });
      await agent.send("POST /session/ses_nope/command", { command: "greet", arguments: "" });
      await agent.send("POST /session/ses_nope/shell", { agent: "build", command: "echo hi" });
      await agent.send("POST /session/ses_nope/revert", { messageID: "msg_nope" });
      await agent.send("GET /session/nope");
      await agent.send("GET /session/%E0%A4%A/message");
    },
  })),
  scenario("malformed bodies are refused", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      await agent.send(`POST /session/${session}/message`, {});
      await agent.send(`POST /session/${session}/prompt_async`, {});
      await agent.send(`POST /session/${session}/message`, undefined, { raw: "{broken" });
      await agent.send(`POST /session/${session}/message`, undefined, {
        raw: "text",
        headers: { "content-type": "text/plain" },
      });
      await agent.send(`POST /session/${session}/message`, { parts: [{ type: "nosuch" }] });
      await agent.send("POST /session", { title: 5 });
      await agent.send("POST /session", { permission: [{ permission: "bash", pattern: "*", action: "perhaps" }] });
      await agent.send("POST /session", { parentID: "nope" });
      await agent.send(`PATCH /session/${session}`, { title: 5 });
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("prompts for an unknown model fail", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      const model = { providerID: "scripted", modelID: "nosuch" };
      await agent.prompt(session, "one", { model });
      await agent.submit(session, "two", { model });
      await agent.event("session.error", undefined, 3);
      await agent.send(`GET /session/${session}/message`);
      await agent.send("GET /session/status");
    },
  })),
  scenario("prompts for an unknown agent fail", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "one", { agent: "nosuch" });
      await agent.submit(session, "two", { agent: "nosuch" });
      await agent.event("session.error", undefined, 3);
      await agent.send(`GET /session/${session}/message`);
      await agent.prompt(session, "three");
    },
  })),
  scenario("missing or wrong credentials are refused", () => ({
    script: "never",
    run: async (agent) => {
      const wrong = { authorization: `Basic ${Buffer.from("opencode:wrong").toString("base64")}` };
      for (const route of ["GET /global/health", "GET /session", "GET /event", "POST /session"]) {
        await agent.send(route, undefined, { anonymous: true });
        await agent.send(route, undefined, { headers: wrong });
      }
      await agent.send("GET /global/health");
    },
  })),
];
