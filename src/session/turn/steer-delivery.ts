/** Hands one steer to the server, behind the prompt that it steers and the steers before it. */
import { linkSignals } from "../../util/abort.js";
import { backoff } from "../../util/backoff.js";
import { monotonic } from "../../util/clock.js";
import { delay } from "../../util/delay.js";
import type { DirectoryContext, SessionContext } from "../context.js";
import type { PromptBody } from "./prompt.js";
import type { PromptRequest } from "./prompt-request.js";
import { steerMark } from "./steer-places.js";
import { type Submission, submit } from "./submit.js";
import type { Turn } from "./turn.js";

/** How long a prompt that was taken may take to be stored, and between two looks (ms). */
const longestStoring = 5_000;
const firstLook = 20;
const longestLook = 500;

/** A run that takes steers. */
export interface SteeredRun {
  readonly turn: Turn;
  /** The prompt of the run, with its settings: a steer has the same. `undefined`: the run takes none, they wait for its end. */
  readonly body: PromptBody | undefined;
  /** How prompts are handed over. */
  readonly submission: Omit<Submission, "turn" | "signal" | "over" | "onPost">;
}

/** Resolves when the server has it. Rejects with the server's refusal, and as `submit()`. The turn takes its answers for its own. */
export async function deliverSteer(
  { connection, sessionId }: SessionContext,
  { turn, submission }: SteeredRun,
  request: PromptRequest,
): Promise<void> {
  const { messageId } = request;
  const { scope } = submission;
  const stop = linkSignals(connection.lifetime);
  const { signal } = stop;
  const place = {
    sessionId,
    messageId,
    get isStored() {
      return turn.hasSteer(messageId);
    },
    steps: [],
    answerMessages: () => [],
  };
  const isInOrder = scope.api.capabilities.queuesPrompts; // they wait on the server, in their order
  try {
    if (!isInOrder) await whenStored(scope, turn, signal);
    turn.steer(messageId);
    await submit({ ...submission, turn: place, signal, over: signal, onPost: () => {} }, request);
    if (!isInOrder) await whenStored(scope, place, signal);
  } finally {
    stop.release();
  }
}

/** A prompt is stored after it was taken (1.18.33): the next one could overtake it. Never rejects. */
async function whenStored(
  { api }: DirectoryContext,
  place: { readonly sessionId: string; readonly messageId: string; readonly isStored: boolean },
  signal: AbortSignal,
): Promise<void> {
  const since = monotonic();
  const nextWait = backoff(firstLook, longestLook);
  try {
    while (!place.isStored && monotonic() - since < longestStoring) {
      await delay(nextWait(), signal);
      if (place.isStored || (await api.messages.find(place.sessionId, place.messageId, { signal })) !== undefined)
        return;
    }
  } catch {
    // What cannot be read now is found at the end of the run.
  }
}

/** With the mark that other clients know a steer by. */
export function markedSteer(body: PromptBody): PromptBody {
  let isMarked = false;
  const parts = body.parts.map((part) => {
    if (part.type !== "text" || isMarked) return part;
    isMarked = true;
    return { ...part, metadata: { ...part.metadata, ...steerMark } };
  });
  return { ...body, parts };
}
