/** Everything that must hold when a world has come to its end. What does not is written into the ledger as a breach. */

import type { Workload } from "../workload/plan.js";
import type { Ledger, PromptRecord } from "../workload/record.js";
import type { PlannedModel } from "../workload/script.js";
import type { Truth } from "../workload/truth.js";
import type { VirtualClock } from "../world/clock.js";
import type { Network } from "../world/network.js";
import type { World } from "../world/worlds.js";
import { checkAnswer } from "./answer.js";
import { checkAsks } from "./asks.js";
import { checkEnd } from "./end.js";
import { checkEvents } from "./events.js";
import { checkListeners } from "./listeners.js";
import { checkOnce, checkOrder } from "./once.js";
import { checkLeftovers, checkRequests } from "./rest.js";
import { checkStrangers } from "./strangers.js";
import { checkText } from "./text.js";
import { checkWatchers } from "./watchers.js";

export interface Judged {
  readonly world: World;
  readonly workload: Workload;
  readonly ledger: Ledger;
  readonly model: PlannedModel;
  readonly truth: Truth;
  readonly network: Network;
  readonly clock: VirtualClock;
}

/** Says what is wrong with one prompt, or with the world. */
export type Complain = (what: string) => void;

export async function checkWorld(judged: Judged): Promise<void> {
  const { ledger } = judged;
  for (const record of ledger.prompts) {
    const complain: Complain = (what) => ledger.breaches.push(`${nameOf(record)}: ${what}`);
    checkEnd(record, judged, complain);
    checkAsks(record, judged, complain);
    checkEvents(record, complain);
    await checkText(record, judged, complain);
    checkWatchers(record, judged, complain);
    await checkAnswer(record, judged, complain);
  }
  const complain: Complain = (what) => ledger.breaches.push(what);
  await checkOnce(judged, complain);
  await checkOrder(judged, complain);
  await checkListeners(judged, complain);
  await checkStrangers(judged, complain);
  await checkLeftovers(judged, complain);
  checkRequests(judged, complain);
}

export function nameOf({ flow, nth, prompt }: PromptRecord): string {
  return `${flow.kind} ${flow.index}.${nth} ${prompt.turn.token}`;
}
