/** A person approves a command later: the turn ends meanwhile, and the same prompt continues it. */
import assert from "node:assert/strict";
import { ApprovalPendingError, createOpencode } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(release);
await using opencode = await createOpencode({
  ...setup.options,
  permission: { bash: "ask" },
  onPermission: "park", // a request waits in a store: files of the user, or an `approvalStore`
  approvalTimeout: 24 * 3_600_000, // nobody decides within a day: refused
});
const session = await opencode.createSession({ title: "Release" });

/** May be called by another process, days later. */
async function ask(prompt: string, messageId: string): Promise<string> {
  try {
    return (await session.ask(prompt, { messageId })).text;
  } catch (error) {
    if (!(error instanceof ApprovalPendingError)) throw error;
    return `waits for ${error.request.permission}: ${error.request.patterns.join(", ")}`;
  }
}

/** The person, in a terminal: opencode-ts approvals list | approve <id> | deny <id> --reason … */
async function waiting(): Promise<string> {
  const entries = await opencode.approvals.list();
  const entry = entries.find(({ request }) => request.sessionId === session.id);
  assert.ok(entry !== undefined, "the agent has asked for nothing");
  return entry.id;
}

const publish = "Run `echo published` in bash, and tell me what it printed.";
console.log(await ask(publish, "msg_publish"));
await opencode.approvals.approve(await waiting(), "anna");
const published = await ask(publish, "msg_publish");
console.log(published);

const erase = "Run `echo erased` in bash. If you may not, tell me why.";
console.log(await ask(erase, "msg_erase"));
await opencode.approvals.deny(await waiting(), "not on a Friday", "anna");
const erased = await ask(erase, "msg_erase");
console.log(erased);

if (setup.scripted) {
  assert.equal(published, "It printed: published");
  assert.match(erased, /not on a Friday/);
}

function release({ lastUserText, toolResults: [result] }: ModelRequest): Reply {
  if (result !== undefined) return `It printed: ${result.content.trim()}`;
  const [, command = ""] = /`(.*?)`/.exec(lastUserText) ?? [];
  return toolCall("bash", { command, description: "prints" });
}
