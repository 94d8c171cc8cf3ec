/** Ends an agent and what it has started: politely, then not. */
import { spawn } from "node:child_process";
import { OpencodeError } from "../errors/index.js";
import { delay } from "../util/delay.js";
import { settlesWithin } from "../util/settled.js";
import type { AgentProcess } from "./spawn.js";

/** ms from the polite signal to SIGKILL. */
const grace = 3_000;
/** ms for children that outlive the agent, until they are killed too. */
const childGrace = 1_000;
/** ms until a process that does not even end by SIGKILL (the disk hangs) is given up. */
const killLimit = 5_000;

/**
 * Resolves when the process is gone, and with it everything that it has started, as far as the system tells. Ended
 * already, it still ends what is left.
 * @throws {OpencodeError} when the system does not end it within nine seconds.
 */
export async function terminate(agent: AgentProcess): Promise<void> {
  agent.ref(); // the waiting below must keep this process alive, also for a server that does not
  if (process.platform === "win32") {
    if (agent.exit === undefined) await killTree(agent.pid);
  } else {
    agent.kill("SIGTERM");
    if (await settlesWithin(agent.exited, grace)) await untilNothingLeft(agent);
    // A killed process takes a moment to go, too.
    if (agent.kill("SIGKILL")) await untilNothingLeft(agent);
  }
  if (!(await settlesWithin(agent.exited, killLimit))) {
    throw new OpencodeError(`The server process ${agent.pid} could not be ended.`, { hint: "End it by hand." });
  }
  await agent.drained();
  agent.release();
}

async function untilNothingLeft(agent: AgentProcess): Promise<void> {
  const end = Date.now() + childGrace;
  while (agent.hasSurvivors && Date.now() < end) await delay(20);
}

/** Windows knows no groups and no polite signal: the whole tree is ended by force (not tried on a real Windows yet). */
function killTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    const options = { stdio: "ignore", windowsHide: true, timeout: grace } as const;
    const child = spawn("taskkill", ["/PID", String(pid), "/T", "/F"], options);
    child.once("error", () => resolve()); // no taskkill: the caller notices that the process lives
    child.once("exit", () => resolve());
  });
}
