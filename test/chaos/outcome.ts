/** What came of one prompt, as its caller saw it. */
import { type Answer, isOpencodeError, type OpencodeError } from "../../src/index.js";
import type { PlannedPrompt } from "./plan.js";

/** What a caller was given. */
export interface Observed {
  /** `undefined` when it was stopped, as planned. */
  readonly answer: Answer<unknown> | undefined;
  /** The text as it was streamed, where it was. */
  readonly streamed?: string | undefined;
  /** The reasoning as it was streamed, where it was. */
  readonly reasoning?: string | undefined;
  /** How often the tool call of the prompt was approved. */
  readonly approved?: number | undefined;
  /** How many sub-agents the prompt had. */
  readonly subagents?: number | undefined;
  /** Other things that were seen to be wrong. */
  readonly wrong?: readonly string[] | undefined;
}

/** One prompt's end. */
export interface Outcome {
  readonly prompt: PlannedPrompt;
  /** `Date.now()`. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sessionId: string | undefined;
  readonly result:
    | { readonly type: "answer"; readonly observed: Observed }
    | { readonly type: "typed error"; readonly error: OpencodeError }
    | { readonly type: "untyped error"; readonly error: unknown }
    | { readonly type: "hung" };
}

/** What a prompt's caller tells of it while it runs. */
export interface Notes {
  sessionId: string | undefined;
}

/** Runs one prompt to its end, whatever that is, and no longer than `patience` ms. Never rejects. */
export async function observe(
  prompt: PlannedPrompt,
  patience: number,
  work: (notes: Notes, signal: AbortSignal) => Promise<Observed>,
): Promise<Outcome> {
  const startedAt = Date.now();
  const notes: Notes = { sessionId: undefined };
  const tooLate = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hung = new Promise<Outcome["result"]>((resolve) => {
    timer = setTimeout(() => {
      resolve({ type: "hung" });
      tooLate.abort(new Error(`not within ${patience} ms`));
    }, patience);
  });
  const done = work(notes, tooLate.signal).then(
    (observed): Outcome["result"] => ({ type: "answer", observed }),
    (error: unknown): Outcome["result"] =>
      isOpencodeError(error) ? { type: "typed error", error } : { type: "untyped error", error },
  );
  const result = await Promise.race([done, hung]);
  clearTimeout(timer);
  const sessionId = notes.sessionId ?? (result.type === "typed error" ? result.error.sessionId : undefined);
  return { prompt, startedAt, endedAt: Date.now(), sessionId, result };
}

/** A prompt of the session has ended with a fault, and its run waits for an approval: whoever asks again goes on there. */
export function isParked(session: string, outcomes: readonly Outcome[]): boolean {
  return outcomes.some(
    ({ sessionId, prompt, result }) =>
      sessionId === session && prompt.kind === "approval" && result.type === "typed error",
  );
}
