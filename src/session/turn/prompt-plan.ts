/** Everything about a prompt that is known before a request is made. */
import type { Prompt } from "../../types/prompt.js";
import { mintId } from "../../util/ids.js";
import { type OutputFormat, outputFormat } from "../output/output-format.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { type PromptBody, promptBody } from "./prompt.js";
import { submittedPrompt } from "./turn-hooks.js";

/** A prompt that is ready to be sent. */
export interface PromptPlan<T> {
  readonly body: PromptBody;
  /** The output's schema; `undefined` without one. */
  readonly format: OutputFormat<T> | undefined;
}

/** Calls the hooks before a prompt. Throws `ConfigError` for a wrong prompt or schema, `AbortedError` when a hook refuses. */
export async function planPrompt<T>(
  prompt: Prompt,
  options: ResolvedTurnOptions<T>,
  sessionId?: string,
): Promise<PromptPlan<T>> {
  const asked = await submittedPrompt(prompt, options, sessionId);
  const body = await promptBody(asked, options, options.messageId ?? mintId("msg"));
  return { body, format: options.schema === undefined ? undefined : await outputFormat(options.schema) };
}
