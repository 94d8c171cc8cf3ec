/** The rules of a turn on a server whose sessions have none, over the agent in memory with that capability switched off. */
import { afterEach, expect, test } from "vitest";
import type { AgentApi } from "../../src/api/agent-api.js";
import type { TurnOptions } from "../../src/index.js";
import type { Opencode } from "../../src/opencode.js";
import { toolCall } from "../../src/testing/index.js";
import type { Script } from "../../src/testing/script.js";
import { createMemoryOpencode } from "../support/memory-api.js";

const opened: Opencode[] = [];
afterEach(() => Promise.all(opened.splice(0).map((opencode) => opencode.close())));

const change = (api: AgentApi): AgentApi => ({ ...api, capabilities: { ...api.capabilities, hasSessionRules: false } });
const script: Script = ({ stepIndex, toolResults }) =>
  stepIndex === 0 ? toolCall("bash", { command: "git push" }) : String(toolResults[0]?.content);

function fixture(permission: Readonly<Record<string, "ask" | "allow">>): ReturnType<typeof createMemoryOpencode> {
  const made = createMemoryOpencode(script, { config: { permission }, change });
  opened.push(made.opencode);
  return made;
}

const restricting: readonly (readonly [string, TurnOptions])[] = [
  ["a denial", { permission: { bash: "deny" } }],
  ["a mode that only reads", { permissionMode: "readOnly" }],
  ["a filter of tools", { tools: { only: ["read"] } }],
  ["a hook before tools", { hooks: { preToolUse: () => undefined } }],
  ["a confinement", { confineTo: "/" }],
];

test.each(restricting)("%s rejects on a server that does not ask, and no prompt is sent", async (_name, options) => {
  const { opencode, server } = fixture({ bash: "allow" });
  await expect(opencode.ask("push", options)).rejects.toMatchObject({ name: "UnsupportedEndpointError" });
  expect([...server.sessions.keys()].flatMap((id) => server.messages.get(id) ?? [])).toEqual([]);
});

test("a denial is held by the answer to the server, which is told no rules", async () => {
  const { opencode, server } = fixture({ "?*": "ask" });
  const answer = await opencode.ask("push", { permission: { bash: "deny" } });
  expect(answer.denials).toMatchObject([{ permission: "bash", by: "rules" }]);
  expect(server.sessions.get(answer.sessionId)?.permission ?? []).toEqual([]);
});

test("a filter of tools is held by the answer to the server", async () => {
  const { opencode } = fixture({ "?*": "ask" });
  const answer = await opencode.ask("push", { tools: { only: ["read"] } });
  expect(answer.denials).toMatchObject([{ permission: "bash", by: "rules" }]);
  expect((await opencode.ask("push", { tools: { deny: ["read"] } })).denials).toEqual([]);
});

test("a turn without rules runs the tools of the agent on a server that asks about everything", async () => {
  const { opencode } = fixture({ "?*": "ask" });
  expect((await opencode.ask("push")).denials).toEqual([]);
});

test.each(["permission", "permissionMode"])("createSession({ %s }) is refused by name", async (name) => {
  const { opencode } = fixture({ "?*": "ask" });
  const options =
    name === "permission" ? { permission: { bash: "deny" as const } } : { permissionMode: "plan" as const };
  await expect(opencode.createSession(options)).rejects.toThrow(`createSession({ ${name} })`);
});
