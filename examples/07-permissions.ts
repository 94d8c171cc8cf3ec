/** Permissions: a mode, rules that understand shell commands, and a handler for all other requests. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createOpencode, policy } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { setUp } from "./setup.js";

await using setup = await setUp(busy);
const directory = setup.options.directory ?? "";

const rules = policy(
  [
    { permission: "bash", pattern: "echo *", action: "allow" },
    { permission: "bash", pattern: "rm *", action: "deny", reason: "nothing is deleted here" },
  ],
  {
    default: "ask",
    onAsk: ({ permission, patterns }) => {
      console.log(`asked: ${permission} ${patterns.join(" ")}`);
      return { reject: "not without a person" };
    },
  },
);

// The server asks before every command, also for sub-agents.
await using opencode = await createOpencode({ ...setup.options, permission: { bash: "ask" }, onPermission: rules });

const harmless = await opencode.ask("Run: echo hello");
console.log(harmless.text);
assert.deepEqual(harmless.denials, []);

// Each command in a line must be allowed.
const hidden = await opencode.ask("Run: echo hello; rm -rf keep.txt");
console.log(hidden.denials.map(({ permission, reason, by }) => `${permission} (${by}): ${reason}`).join("\n"));
assert.match(hidden.denials[0]?.reason ?? "", /nothing is deleted/);

// If no rule matches, `onAsk` decides.
const unknown = await opencode.ask("Run: curl https://example.org");
assert.match(unknown.denials[0]?.reason ?? "", /not without a person/);

// A mode for one turn: read only.
await opencode.ask("Write new.txt", { permissionMode: "readOnly" });
const isWritten = existsSync(join(directory, "new.txt"));
console.log(`new.txt was written: ${isWritten}`);
assert.equal(isWritten, false);

// Explains a decision without a request.
const { action, reason } = await rules.explain({
  id: "",
  sessionId: "",
  chain: [],
  permission: "bash",
  patterns: ["git push"],
  metadata: { command: "git push" },
});
console.log(action, reason);

/** The scripted model follows the prompt and reports the result. */
function busy({ lastUserText, toolResults: [result] }: ModelRequest): Reply {
  if (result !== undefined) return `The tool says: ${result.content}`;
  const command = /^Run: (.*)$/.exec(lastUserText)?.[1];
  if (command !== undefined) return toolCall("bash", { command, description: "run it" });
  return toolCall("write", { filePath: join(directory, "new.txt"), content: "new" });
}
