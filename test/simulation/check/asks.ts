/** Asks are answered once, and only those of the prompt's own tree. */
import { asksOf } from "../workload/handlers.js";
import type { PromptRecord } from "../workload/record.js";
import type { Complain, Judged } from "./check-world.js";

export function checkAsks(record: PromptRecord, { network }: Judged, complain: Complain): void {
  const { asked, prompt, sessionId, process } = record;
  const plans = asksOf(prompt.turn);
  const seen = new Set<string>();
  for (const { id, chain, about } of asked) {
    if (seen.has(id)) complain(`the handler was asked twice about ${id}`);
    seen.add(id);
    if (chain.length > 0 && chain[0] !== sessionId)
      complain(`it was asked about ${chain.join(" > ")}, another's session`);
    if (chain.length > 0 && !plans.has(about)) complain(`it was asked about ${about}, which is not its own`);
  }
  if (network.faultsDone > 0) return; // a reply that was lost is sent again
  for (const { id } of asked) {
    const replies = network.sent.filter((sent) => sent.process === process && sent.path.includes(`/${id}/`)).length;
    if (replies > 1) complain(`${id} was answered ${replies} times`);
  }
}
