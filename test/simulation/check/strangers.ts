/** A prompt waits until the session is idle: it does not come into the run of somebody else. */
import { tokenIn } from "../workload/plan.js";
import type { Complain, Judged } from "./check-world.js";
import { nameOf } from "./check-world.js";

export async function checkStrangers({ ledger, truth, world }: Judged, complain: Complain): Promise<void> {
  if ("crash" in world.calamities.kinds) return;
  for (const record of ledger.prompts) {
    const { flow, nth, sessionId, prompt, foundBusy } = record;
    if (flow.kind !== "busy" || nth > 0 || !foundBusy || sessionId === undefined) continue;
    const messages = await truth.messages(sessionId);
    const textOf = (index: number): string => JSON.stringify(messages[index]?.parts ?? []);
    const ours = messages.findIndex(
      ({ info }, at) => info.role === "user" && tokenIn(textOf(at)) === prompt.turn.token,
    );
    if (ours < 0) continue;
    const stranger = messages[0]?.info;
    const answer = messages.find(({ info }) => info.role === "assistant" && info.parentID === stranger?.id)?.info;
    const ended = answer?.role === "assistant" ? answer.time.completed : undefined;
    const stored = messages[ours]?.info.time.created ?? 0;
    if (ended === undefined || stored < ended)
      complain(`${nameOf(record)}: was stored while the session answered somebody else`);
  }
}
