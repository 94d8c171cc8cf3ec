import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentBinary } from "../../scripts/agent.js";

/** Brings the agent if it is not there, tells the tests where it is, and gives them folders that are removed afterwards. */
export default async function setup(): Promise<() => Promise<void>> {
  process.env["OPENCODE_TEST_BINARY"] ??= await agentBinary();
  const root = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-test-")));
  // Also the folder in which the package remembers what `--version` said: the user's own stays as it is.
  process.env["XDG_STATE_HOME"] = root;
  process.env["TMPDIR"] = root;
  return () => rm(root, { recursive: true, force: true, maxRetries: 5 });
}
