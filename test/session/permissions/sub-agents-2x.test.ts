/** The rules of a turn in its sub-agents on a server that gives a child its parent's rules once: the stand-in of 2.1. */
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpencode, type Opencode, type Session, type TurnOptions } from "../../../src/index.js";
import { hold, type Reply, toolCall } from "../../../src/testing/index.js";
import { type Stage, startStage } from "../../api/v2/stand-in/stage.js";
import { eventually } from "../../support/slowness.js";

let stage: Stage;
let oc: Opencode;
beforeAll(async () => {
  stage = await startStage(
    {},
    { agent: { watcher: { mode: "subagent", permission: { "*": "deny", bash: "deny", read: "allow" } } } },
  );
  const { url, password } = stage.standIn;
  oc = await createOpencode({ baseUrl: url, password, directory: stage.directory });
});
afterAll(async () => {
  await oc?.close();
  expect(stage?.standIn.readViolations()).toEqual([]);
  await stage?.[Symbol.asyncDispose]();
});

let count = 0;
const touch = (name: string): Reply => toolCall("shell", { command: `touch ${name}`, description: "d" });

/** The session asks its sub-agent, new or called again, to make the file. Resolves to whether there is one, and the answer. */
async function delegate(session: Session, options: TurnOptions = {}, more: object = {}) {
  count += 1;
  const name = `file-${count}`;
  const call = { agent: "general", description: "d", prompt: `make ${name}`, ...more };
  stage.answer(`delegate ${name}`, toolCall("subagent", call), "delegated");
  stage.answer(`make ${name}`, touch(name), ({ toolResults }) => String(toolResults[0]?.content));
  const answer = await session.ask(`delegate ${name}`, options);
  return { answer, isMade: (await readdir(stage.directory)).includes(name) };
}

const rulesOf = async ({ id }: { readonly id: string }) =>
  (await stage.client.data("GET", `/api/session/${id}`))["permissions"] ?? [];

async function onlyChild(session: Session): Promise<{ readonly id: string }> {
  const [child, ...others] = await session.children();
  if (child === undefined || others.length > 0) throw new Error("expected one sub-agent");
  return child;
}

test("a sub-agent that is called again keeps to the stricter rules of the later turn", async () => {
  const session = await oc.createSession();
  expect((await delegate(session)).isMade).toBe(true);
  const child = await onlyChild(session);
  const denied = await delegate(session, { permission: { bash: "deny" } }, { sessionID: child.id });
  expect(denied).toMatchObject({ isMade: false, answer: { text: "delegated" } });
  const asked = await delegate(session, { permission: { bash: "ask" } }, { sessionID: child.id });
  expect(asked).toMatchObject({ isMade: false, answer: { denials: [{ permission: "bash", sessionId: child.id }] } });
  expect(await rulesOf(child)).toEqual([]);
  expect(await rulesOf(session)).toEqual([]);
  expect((await delegate(session, {}, { sessionID: child.id })).isMade).toBe(true);
  expect(await session.children()).toHaveLength(1);
});

test("a sub-agent of a turn with rules has them in this turn, and those of its session afterwards", async () => {
  const session = await oc.createSession({ permission: { bash: "ask" } });
  const before = await rulesOf(session);
  expect((await delegate(session, { permission: { bash: "deny" } })).isMade).toBe(false);
  const child = await onlyChild(session);
  expect(await rulesOf(child)).toEqual(before);
  const asked: string[] = [];
  const loose = await delegate(
    session,
    {
      permission: { bash: "allow" },
      onPermission: ({ sessionId }) => {
        asked.push(sessionId);
        return "once";
      },
    },
    { sessionID: child.id },
  );
  expect(loose.isMade).toBe(true);
  expect(asked).toEqual([]); // the rules of the turn have answered
  expect(await rulesOf(child)).toEqual(before);
  expect((await delegate(session, {}, { sessionID: child.id })).isMade).toBe(false);
});

test("a hook before tools is asked about the tools of a sub-agent", async () => {
  const session = await oc.createSession();
  const tools: string[] = [];
  const { isMade } = await delegate(session, {
    hooks: {
      preToolUse: ({ tool }) => {
        tools.push(tool ?? "");
        return tool === "bash" ? { reject: "no shell here" } : undefined;
      },
    },
  });
  expect(isMade).toBe(false);
  expect(tools).toEqual(["task", "bash"]);
  expect(await rulesOf(await onlyChild(session))).toEqual([]);
});

test("a filter of tools opens nothing to an agent whose own rules deny it", async () => {
  const session = await oc.createSession();
  const options: TurnOptions = { tools: { only: ["bash", "task"] } };
  expect((await delegate(session, options, { agent: "watcher" })).isMade).toBe(false);
  expect(await session.children()).toEqual([]);
  expect((await delegate(session, options)).isMade).toBe(true);
});

test("rules that are said to a session reach a sub-agent that is called again", async () => {
  const session = await oc.createSession();
  expect((await delegate(session)).isMade).toBe(true);
  const child = await onlyChild(session);
  await session.setPermissions({ bash: "deny" });
  expect((await delegate(session, {}, { sessionID: child.id })).isMade).toBe(false);
  await session.setPermissions("default");
  expect(await rulesOf(child)).toEqual(await rulesOf(session));
  expect((await delegate(session, {}, { sessionID: child.id })).isMade).toBe(true);
});

test("a sub-agent that works in the background keeps the rules of its turn until it has ended", async () => {
  const session = await oc.createSession();
  const held = hold("worked behind");
  stage.answer("work behind", touch("behind"), { text: [held] });
  const call = { agent: "general", description: "d", prompt: "work behind", background: true };
  stage.answer("begin it", toolCall("subagent", call), "begun");
  await session.ask("begin it", { permission: { bash: "deny" } });
  const child = await onlyChild(session);
  expect(await rulesOf(session)).toEqual([]);
  expect(await rulesOf(child)).toContainEqual({ action: "shell", resource: "*", effect: "deny" });
  held.release();
  await eventually("the end of the sub-agent", async () =>
    (await stage.client.items(`/api/session/${child.id}/message`)).some(({ type }) => type === "idle"),
  );
  expect(await readdir(stage.directory)).not.toContain("behind");
  await session.waitUntilIdle();
  await session.ask("and now");
  expect(await rulesOf(child)).toEqual([]);
});
