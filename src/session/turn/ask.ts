/** One prompt on one session: its options are resolved, it waits for its turn, is sent once and followed, and its output is read. */
import type { Answer } from "../../types/answer.js";
import type { SessionTurnOptions } from "../../types/options.js";
import type { Prompt } from "../../types/prompt.js";
import type { TurnReport } from "../answer-stream.js";
import type { SessionContext } from "../context.js";
import { runStructured } from "../output/structured.js";
import { type ResolvedTurnOptions, resolveTurnOptions } from "../turn-options.js";
import { askBySteer } from "./ask-by-steer.js";
import { type PromptPlan, planPrompt } from "./prompt-plan.js";
import { PromptRequest } from "./prompt-request.js";
import { runRequest } from "./run-request.js";
import { withTurnHooks } from "./turn-hooks.js";
import { steerSession, withTurn } from "./with-turn.js";

/** Asks in a session that exists; joins the turn that runs under the same `messageId`. */
export async function askSession<T>(
  session: SessionContext,
  prompt: Prompt,
  given: SessionTurnOptions<T>,
  report: TurnReport,
): Promise<Answer<T>> {
  const { connection, sessionId, defaults } = session;
  const options = resolveTurnOptions(given, defaults);
  const steered = options.whenBusy === "steer" ? askBySteer(session, prompt, options, report) : undefined;
  if (steered !== undefined) return steered as Promise<Answer<T>>; // with a schema it is refused
  const plan = planPrompt(prompt, options, sessionId);
  const running = connection.running.join(sessionId, options, plan, report);
  if (running !== undefined) {
    report.steers?.attach((text) => steerSession(session, text, options));
    return running;
  }
  return connection.running.notices.tell(options, sessionId, report, (watched) => {
    const shared = connection.running.share(sessionId, options, plan, watched);
    const answer = answerPrompt(session, options, plan, shared.report);
    return shared.settle(withTurnHooks(options, connection.client.logger, answer));
  });
}

/**
 * Resolves to the answer. It takes its place in line at once, while `plan` is still being made: prompts are asked in the order of their
 * calls. A plan that fails rejects at once.
 */
export function answerPrompt<T>(
  session: SessionContext,
  options: ResolvedTurnOptions<T>,
  plan: PromptPlan<T> | Promise<PromptPlan<T>>,
  report: TurnReport,
): Promise<Answer<T>> {
  const answer = withTurn(session, options, report, async (context) => {
    const { body, format } = await plan;
    if (format !== undefined) return runStructured(context, { ...options, body, format });
    const request = new PromptRequest(session, body, options.messageId !== undefined);
    return (await runRequest(context, request)).answer as Answer<T>; // T is undefined
  });
  return plan instanceof Promise ? Promise.race([answer, plan.then(() => answer)]) : answer;
}
