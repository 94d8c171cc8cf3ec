/**
 * Hands a prompt to the server exactly once. `prompt_async` answers at once and holds nothing; every id is fixed before
 * the first attempt. After a lost answer the server is asked whether it has the message before anything is sent again;
 * the same ids sent twice at the same moment still make one message and one model call (1.18.33).
 */
import type { OpencodeClient } from "../client/client.js";
import { APIConnectionError, APIStatusError, APITimeoutError } from "../errors.js";
import { delay } from "../internal/delay.js";
import { readMessage } from "./messages.js";
import type { PromptBody } from "./prompt.js";

const firstWait = 100;
const longestWait = 2_000;

export interface SubmitOptions {
  readonly signal: AbortSignal;
  /** How long it is tried, in ms. */
  readonly patience: number;
}

/** Resolves when the server has taken the prompt; rejects with the error of the last try after `patience` ms. */
export async function submitPrompt(
  client: OpencodeClient,
  sessionId: string,
  body: PromptBody,
  { signal, patience }: SubmitOptions,
): Promise<void> {
  const giveUpAt = Date.now() + patience;
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      const path = { sessionID: sessionId };
      await client.POST("/session/{sessionID}/prompt_async", { params: { path }, body, signal });
      return;
    } catch (error) {
      if (!isLost(error)) throw error;
      await delay(wait, signal);
      if (await wasStored(client, sessionId, body.messageID, signal)) return;
      if (Date.now() >= giveUpAt) throw error;
    }
  }
}

/** The answer is unknown: the prompt may have arrived. Gateways answer 502 to 504 for a server that has it. */
export function isLost(error: unknown): boolean {
  if (error instanceof APIConnectionError || error instanceof APITimeoutError) return true;
  return error instanceof APIStatusError && [502, 503, 504].includes(error.status);
}

async function wasStored(
  client: OpencodeClient,
  sessionId: string,
  messageId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return (await readMessage(client, sessionId, messageId, { signal })) !== undefined;
  } catch (error) {
    if (isLost(error)) return false; // unknown: the next round sends the same ids, which is harmless
    throw error;
  }
}
