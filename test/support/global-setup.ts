import { agentBinary } from "../../scripts/agent.js";

/** Brings the agent if it is not there, and tells the tests where it is. */
export default async function setup(): Promise<void> {
  process.env["OPENCODE_TEST_BINARY"] ??= await agentBinary();
}
