/** What is left when all is over: runs that nobody waits for; and what it has cost in requests. */
import { turnsIn } from "../workload/plan.js";
import type { Complain, Judged } from "./check-world.js";
import { nameOf } from "./check-world.js";

export async function checkLeftovers({ ledger, truth, world, network }: Judged, complain: Complain): Promise<void> {
  for (const record of ledger.prompts) {
    const { wasBusyAfter, flow, error, answer } = record;
    // An abort that does not come through while its caller waits is repeated behind the caller's back.
    if (!wasBusyAfter || network.faultsDone > 0 || world.faults.service[1] > 1_000 || record.isOrphan) continue;
    if (flow.kind !== "single" && flow.kind !== "conversation") continue; // others use the session at once
    const name = error instanceof Error ? error.name : "an answer";
    if (answer !== undefined || record.prompt.expect.errors.includes(name))
      complain(`${nameOf(record)}: ended with ${name}, and the session was still running`);
  }
  if (network.fellSilent > 0 && world.faults.streams === 0 && world.calamities.most === 0)
    complain(`${network.fellSilent} event streams were given up, and nothing was wrong with them`);
  if (network.malformed > 0 && world.faults.streams === 0 && world.calamities.most === 0)
    complain(`${network.malformed} events could not be read, and nothing was wrong with them`);
  if (network.ofTheDead > 0) complain(`the simulation is wrong: ${network.ofTheDead} requests of dead processes`);
  const busy = new Set(await truth.busy());
  for (const record of ledger.prompts) {
    if (record.sessionId === undefined || !busy.delete(record.sessionId)) continue;
    complain(`${nameOf(record)}: its session is still running half a minute after close()`);
  }
  for (const id of busy) complain(`the session ${id} is still running half a minute after close()`);
}

/** Requests that do not belong to a prompt. */
const setUp = /^(?:\/global\/health|\/event|readEvents$)/;

/** Looked at where every prompt is a plain one: no asks, no limits, no sub-agents, no values. */
export function checkRequests({ world, workload, ledger, network }: Judged, complain: Complain): void {
  if (world.requests === undefined || !workload.flows.every(isPlain)) return;
  const sent = network.sent.filter(({ path }) => !setUp.test(path)).length;
  const { length } = ledger.prompts;
  if (sent > length * world.requests)
    complain(`${sent} requests for ${length} prompts, at most ${world.requests} each`);
}

function isPlain({ kind, prompts, deeds }: Judged["workload"]["flows"][number]): boolean {
  if (kind === "shared" || kind === "foreign" || kind === "busy" || kind === "resumed" || Object.keys(deeds).length > 0)
    return false;
  return prompts.every(({ turn, limit, watchers }) => {
    if (watchers !== undefined || limit !== undefined || turn.values !== undefined || turn.overflows === true)
      return false;
    return [...turnsIn(turn)].every(({ steps }) =>
      steps.every(
        ({ calls, usage }) =>
          usage.input < 1_000 && calls.every(({ ask, child }) => ask === undefined && child === undefined),
      ),
    );
  });
}
