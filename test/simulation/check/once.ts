/** Nothing is run twice, and prompts of a session are stored in the order of their calls. */
import type { ReadableMessage } from "../../../src/client.js";
import { tokenIn, turnsIn } from "../workload/plan.js";
import { mayBeMerged, type PromptRecord } from "../workload/record.js";
import type { Complain, Judged } from "./check-world.js";
import { nameOf } from "./check-world.js";

export async function checkOnce({ ledger, model, truth, world }: Judged, complain: Complain): Promise<void> {
  const canCrash = "crash" in world.calamities.kinds;
  const stored = new Map<string, ReadableMessage[]>();
  for (const { id } of await truth.sessions()) {
    for (const message of await truth.messages(id)) {
      const token = message.info.role === "user" ? tokenOf(message) : undefined;
      if (token !== undefined) stored.set(token, [...(stored.get(token) ?? []), message]);
    }
  }
  const forked = new Set(ledger.deeds.filter(({ what }) => what === "fork").map(({ flow }) => flow));
  for (const record of ledger.prompts) {
    const { prompt, flow } = record;
    if (mayBeMerged(record, canCrash)) continue;
    const most = (prompt.turn.overflows === true ? 2 : 1) * (forked.has(flow) ? 2 : 1);
    const own = stored.get(prompt.turn.token) ?? [];
    if (own.length > most) complain(`${nameOf(record)}: the prompt is stored ${own.length} times`);
    for (const { parts } of own) {
      const texts = parts.filter((part) => part.type === "text" && part.synthetic !== true).length;
      if (texts > 1) complain(`${nameOf(record)}: the text of the prompt is stored ${texts} times`);
    }
    for (const turn of turnsIn(prompt.turn)) {
      const steps = Math.max(turn.steps.length, turn.values?.length ?? 0);
      for (let step = 0; step < steps; step += 1) {
        const calls = model.calls.filter((call) => call.token === turn.token && call.step === step);
        const runs = calls.filter(({ isStumble }) => !isStumble).length;
        const crashes = canCrash ? world.calamities.most : 0;
        if (turn.refusal !== undefined && calls.length > 1 + crashes)
          complain(`${nameOf(record)}: the model was asked ${calls.length} times for what it refuses`);
        if (runs > 1 + crashes) complain(`${nameOf(record)}: step ${step} of ${turn.token} was run ${runs} times`);
      }
    }
  }
}

function tokenOf({ parts }: ReadableMessage): string | undefined {
  const text = parts.find((part) => part.type === "text" && part.synthetic !== true);
  return text?.type === "text" ? tokenIn(text.text) : undefined;
}

export async function checkOrder({ ledger, truth }: Judged, complain: Complain): Promise<void> {
  const bySession = new Map<string, PromptRecord[]>();
  for (const record of ledger.prompts) {
    if (record.flow.kind !== "queue" || record.sessionId === undefined) continue;
    bySession.set(record.sessionId, [...(bySession.get(record.sessionId) ?? []), record]);
  }
  for (const [id, records] of bySession) {
    const tokens = (await truth.messages(id)).flatMap((message) => {
      const token = message.info.role === "user" ? tokenOf(message) : undefined;
      return token === undefined ? [] : [token];
    });
    const expected = records.map(({ prompt }) => prompt.turn.token).filter((token) => tokens.includes(token));
    const found = [...new Set(tokens)];
    if (JSON.stringify(found) !== JSON.stringify(expected))
      complain(`queue ${records[0]?.flow.index}: asked ${expected.join(" ")}, stored ${found.join(" ")}`);
  }
}
