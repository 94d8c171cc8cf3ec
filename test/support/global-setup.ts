import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentBinary } from "../../scripts/agent.js";

/** Brings the agent if it is not there, tells the tests where it is, and keeps the user's state folder out of it. */
export default async function setup(): Promise<() => Promise<void>> {
  process.env["OPENCODE_TEST_BINARY"] ??= await agentBinary();
  const state = await mkdtemp(join(tmpdir(), "opencode-ts-state-"));
  process.env["XDG_STATE_HOME"] = state;
  return () => rm(state, { recursive: true, force: true });
}
