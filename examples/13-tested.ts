/** A small application and its test with the memory agent: no installed agent, no process, no key. */
import assert from "node:assert/strict";
import { createOpencode, type Opencode } from "opencode-ts/client";
import { createMemoryAgent, hold, toolCall } from "opencode-ts/testing";

/** The application: writes release notes and lists the rejected commands. */
async function releaseNotes(opencode: Opencode): Promise<string> {
  const { text, denials } = await opencode.ask("Write the notes of this release.", {
    onPermission: ({ patterns }) => (patterns.every((line) => line.startsWith("git log")) ? "once" : "reject"),
  });
  return denials.length === 0 ? text : `${text} (refused: ${denials.flatMap(({ patterns }) => patterns).join(", ")})`;
}

async function connect(agent: ReturnType<typeof createMemoryAgent>): Promise<Opencode> {
  return createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch });
}

const config = { permission: { bash: "ask" } } as const;

{
  await using agent = createMemoryAgent(
    ({ toolResults: [log] }) =>
      log === undefined
        ? toolCall("bash", { command: "git log -1" }, { output: "fix: a typo" })
        : `Notes: ${log.content}`,
    { config },
  );
  await using opencode = await connect(agent);
  assert.equal(await releaseNotes(opencode), "Notes: fix: a typo");
}

{
  await using agent = createMemoryAgent(
    ({ stepIndex }) => (stepIndex === 0 ? toolCall("bash", { command: "git push" }) : "No notes."),
    { config },
  );
  await using opencode = await connect(agent);
  assert.match(await releaseNotes(opencode), /refused: git push/);
}

{
  // The agent crashes in the middle of a sentence and restarts: the application does not notice.
  await using agent = createMemoryAgent(({ index }) => (index === 0 ? { text: ["No", hold(" end")] } : "Notes: none"));
  await using opencode = await connect(agent);
  const stream = opencode.askStream("Write the notes of this release.");
  for await (const text of stream) if (text === "No") agent.crash({ downFor: 20 });
  assert.equal((await stream.answer).text, "Notes: none");
}

console.log("3 tests passed");
