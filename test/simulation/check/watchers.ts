/** Hooks, reviewer and account see what there is to see, once, and what they refuse has not run. */
import type { PromptRecord } from "../workload/record.js";
import type { Complain, Judged } from "./check-world.js";

export function checkWatchers(record: PromptRecord, { world, model }: Judged, complain: Complain): void {
  const { prompt, watched, answer, error, isOrphan } = record;
  const { watchers } = prompt;
  if (watchers === undefined || isOrphan) return;
  const { stops, errors, prompts, before, after, reviewed, audit } = watched;
  if (stops !== (answer === undefined ? 0 : 1)) complain(`${stops} stop hooks were called`);
  if (errors !== (error === undefined ? 0 : 1)) complain(`${errors} error hooks were called`);
  if (prompts !== 1) complain(`the hook before the prompt was called ${prompts} times`);
  if (watchers.prompt === "refuses" && model.calls.some(({ token }) => token === prompt.turn.token))
    complain("a prompt that was refused was asked");
  if (watchers.reviewer !== undefined && watchers.reviewer !== "leaves") {
    const asked = record.asked.filter(({ about }) => reviewed.includes(about));
    if (asked.length > 0) complain(`the handler was asked about ${asked[0]?.about}, which the reviewer has decided`);
  }
  const decided = audit.map(({ requestId }) => requestId);
  for (const id of new Set(decided))
    if (decided.filter((one) => one === id).length > 1) complain(`${id} was decided twice, says the account`);
  const canCrash = "crash" in world.calamities.kinds;
  // An ask that is gone with the agent is not decided any more.
  if (watchers.audit && answer !== undefined && !canCrash) {
    const missing = record.asked.find(({ id, type }) => type === "permission" && !decided.includes(id));
    if (missing !== undefined) complain(`the account lacks ${missing.id}`);
  }
  // What ran when the agent died is called again, and told again.
  if (canCrash || answer === undefined) return;
  for (const { id, tool, status } of answer.toolCalls) {
    if (!prompt.turn.steps.some(({ calls }) => calls.some((call) => call.id === id))) continue;
    const ends = after.filter((one) => one === id).length;
    if (ends !== 1) complain(`the hook after ${id} was called ${ends} times`);
    if (watchers.tools === undefined || tool !== "bash") continue;
    const starts = before.filter((one) => one === id).length;
    if (starts > 1) complain(`the hook before ${id} was called ${starts} times`);
    if (starts === 0 && status === "completed") complain(`${id} has run, and the hook before it was not called`);
    if (watchers.tools === "refuses" && status === "completed") complain(`${id} was refused by a hook and has run`);
  }
}
