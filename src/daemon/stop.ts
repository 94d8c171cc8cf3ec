/** Ends a kept server and removes what is written down about it. */

import { OpencodeError } from "../errors/index.js";
import { signalTagged } from "../process/process-tag.js";
import { killTree, signalProcess } from "../process/process-tree.js";
import { disposeTurns } from "../server/dispose.js";
import { removeRecord } from "../server/pid-record.js";
import { delay } from "../util/delay.js";
import { type KeptEntry, type KeptPlace, removeEntry, writeEnd } from "./registry.js";
import { hasSupervisor, isKnownToRun, processProblem } from "./verify.js";

/** ms for the supervisor to end its server: it waits for three seconds, and looks for what is left for two. */
const supervisorLimit = 10_000;
/** ms for what is killed. */
const killLimit = 3_000;

/**
 * Ends it, politely as far as it can be reached, and with it what it has started. Resolves when all that is gone; processes
 * that are not ours are left alone. Throws `OpencodeError` when something does not go.
 */
export async function stopDaemon(place: KeptPlace, entry: KeptEntry): Promise<void> {
  if ((await processProblem(entry)) === undefined) {
    writeEnd(place, entry);
    await disposeTurns(entry).catch(() => {}); // it hangs, or is just going: it is ended all the same
  }
  if (await hasSupervisor(entry)) {
    signalProcess(entry.supervisor.pid, "SIGTERM");
    await until(async () => !(await isKnownToRun(entry.supervisor)), supervisorLimit);
  }
  await killRest(entry);
  removeEntry(place, entry.mark);
}

/** Without its supervisor: the server, if it is that process, and what carries its mark. */
async function killRest({ server, mark }: KeptEntry): Promise<void> {
  const isLeft = async (): Promise<boolean> => {
    if (process.platform !== "linux" && (await isKnownToRun(server))) return killTree(server.pid);
    return signalTagged(mark, "SIGKILL");
  };
  const hadRest = await isLeft();
  if (!(await until(async () => !(await isLeft()), killLimit))) {
    throw new OpencodeError(`the kept server (process ${server.pid}) could not be ended`, { hint: "End it by hand." });
  }
  if (hadRest) removeRecord(mark); // its supervisor would have done that
}

async function until(condition: () => Promise<boolean>, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await delay(20);
  }
  return true;
}
