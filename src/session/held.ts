/**
 * Commands and shell lines: requests that the server answers only when the run is over, which may be after the five
 * minutes that Node's `fetch` waits. They are posted under an id of ours and then followed like a prompt; their own answer
 * is not needed.
 */
import { delay } from "../internal/delay.js";
import type { Scope } from "./context.js";
import { readMessage } from "./messages.js";
import { isLost } from "./submit.js";
import type { Turn } from "./turn.js";

const firstWait = 50;
const longestWait = 1_000;

export interface HeldRequest {
  readonly scope: Scope;
  readonly turn: Turn;
  readonly messageId: string;
  readonly signal: AbortSignal;
  /** How long it is tried, in ms. */
  readonly patience: number;
  /** Sends it; must not repeat by itself. */
  readonly post: () => Promise<unknown>;
}

/** Resolves when the server has it; rejects with the server's refusal. Sent again only if the server does not have it. */
export async function submitHeld(request: HeldRequest): Promise<void> {
  const { scope, messageId, signal, turn } = request;
  const giveUpAt = Date.now() + request.patience;
  let outcome = settled(request.post());
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    const result = await Promise.race([outcome, delay(wait, signal).then(() => undefined)]);
    if (result?.ok === true || turn.isStored) return;
    if (result !== undefined && !isLost(result.error)) throw result.error;
    const stored = await readMessage(scope.client, turn.sessionId, messageId, { signal }).catch((error: unknown) => {
      if (isLost(error)) return undefined;
      throw error;
    });
    if (stored !== undefined) return;
    if (result === undefined) continue;
    if (Date.now() >= giveUpAt) throw result.error;
    await delay(wait, signal);
    outcome = settled(request.post());
  }
}

type Settled = { readonly ok: true } | { readonly ok: false; readonly error: unknown };

/** Never rejects: its failure may come when nobody waits any more. */
function settled(work: Promise<unknown>): Promise<Settled> {
  return work.then(
    () => ({ ok: true as const }),
    (error: unknown) => ({ ok: false as const, error }),
  );
}
