/** The hooks around a turn: those before the prompt may change or refuse it, those after it only see. */
import { AbortedError } from "../../errors/index.js";
import { hooksFor, refusalIn } from "../../hooks/hooks.js";
import { callHooks, type HookFailure } from "../../hooks/tool-hooks.js";
import type { Answer } from "../../types/answer.js";
import type { Prompt } from "../../types/prompt.js";
import { messageOf } from "../../util/error-message.js";
import type { LevelLogger } from "../../util/logger.js";
import { withTimeout } from "../../util/with-timeout.js";
import type { ResolvedTurnOptions } from "../turn-options.js";

/** The prompt as it is to be sent. Rejects with `AbortedError` when a hook refuses it, and when one throws or is late. */
export async function submittedPrompt(
  prompt: Prompt,
  { hooks, callbackTimeout: timeout, signal: given }: ResolvedTurnOptions<unknown>,
  sessionId: string | undefined,
): Promise<Prompt> {
  if (hooks?.userPromptSubmit === undefined) return prompt;
  const signal = given ?? new AbortController().signal;
  let current = prompt;
  for (const hook of hooksFor(hooks.userPromptSubmit)) {
    const result = await withTimeout(async (context) => hook(current, { ...context, sessionId }), {
      timeout,
      signal,
    }).catch((cause: unknown) => {
      if (signal.aborted) throw cause;
      const why = messageOf(cause);
      throw new AbortedError(`a hook before the prompt failed, so it was not sent: ${why}`, { sessionId, cause });
    });
    const refusal = refusalIn(result);
    if (refusal !== undefined) {
      throw new AbortedError(`a hook refused the prompt, so it was not sent: ${refusal}`, { sessionId });
    }
    if (typeof result === "string" || Array.isArray(result)) current = result as Prompt; // checked like the caller's
  }
  return current;
}

/** Calls the hooks `stop` or `error` when the work has ended, and gives what it gave. */
export async function withTurnHooks<T>(
  { hooks, callbackTimeout: timeout }: ResolvedTurnOptions<unknown>,
  logger: LevelLogger,
  work: Promise<Answer<T>>,
): Promise<Answer<T>> {
  if (hooks?.stop === undefined && hooks?.error === undefined) return work;
  const options = { timeout, onFailure: failureTo(logger) };
  try {
    const answer = await work;
    await callHooks("stop", hooksFor(hooks.stop), [answer as Answer<unknown>] as const, options); // any T is unknown
    return answer;
  } catch (error) {
    await callHooks("error", hooksFor(hooks.error), [error] as const, options);
    throw error;
  }
}

/** Tells the hooks of a session that this client has made. */
export function tellSessionStart(
  { hooks, callbackTimeout: timeout }: Pick<ResolvedTurnOptions<unknown>, "hooks" | "callbackTimeout">,
  logger: LevelLogger,
  session: { readonly sessionId: string; readonly directory: string },
): Promise<void> {
  const options = { timeout, onFailure: failureTo(logger) };
  return callHooks("sessionStart", hooksFor(hooks?.sessionStart), [session] as const, options);
}

function failureTo(logger: LevelLogger): HookFailure {
  return (name, error) => {
    logger.warn(`a hook ${name} failed: ${messageOf(error)}`);
  };
}
