/** Hooks: your functions before and after the agent's actions. */
import assert from "node:assert/strict";
import { createOpencode, type Hooks } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

const log: string[] = [];
const hooks: Hooks = {
  userPromptSubmit: (prompt) => `${String(prompt)} Be brief.`,
  preToolUse: [
    {
      matcher: "bash",
      run: ({ input }) => (/\bgit push\b/.test(String(input["command"])) ? { reject: "CI pushes" } : undefined),
    },
    ({ tool }) => void log.push(`before ${tool}`),
  ],
  postToolUse: ({ tool, error }) => void log.push(`after ${tool}: ${error === undefined ? "ok" : "failed"}`),
  stop: ({ toolCalls }) => void log.push(`done after ${toolCalls.length} tools`),
};

await using setup = await setUp(pusher);
await using opencode = await createOpencode({ ...setup.options, hooks });

const answer = await opencode.ask("Look around, then push.");
console.log(answer.text);
console.log(log.join("\n"));

assert.deepEqual(
  answer.denials.map(({ by, reason }) => `${by}: ${reason}`),
  ["hook: CI pushes"],
);
if (setup.scripted) {
  assert.deepEqual(log, ["before bash", "after bash: ok", "after bash: failed", "done after 2 tools"]);
  assert.match(setup.scripted.requests.at(-1)?.lastUserText ?? "", /Be brief\.$/);
}

function pusher({ stepIndex }: ModelRequest): Reply {
  if (stepIndex === 0) return toolCall("bash", { command: "ls", description: "look" });
  if (stepIndex === 1) return toolCall("bash", { command: "git push", description: "push" });
  return "I was not allowed to push.";
}
