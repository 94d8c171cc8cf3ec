/** A prompt in a new session: everything is checked before the session is made. */
import type { Answer, Prompt, SessionInfo, TurnOptions } from "../../types/index.js";
import type { TurnReport } from "../answer-stream.js";
import type { Connection } from "../context.js";
import { newSession } from "../new-session.js";
import { inForceAfter } from "../permissions/turn-rules.js";
import { enterTurn } from "../session-lock.js";
import { type ResolvedTurnOptions, resolveTurnOptions } from "../turn-options.js";
import { whileResponsive } from "../while-responsive.js";
import { toAbortError } from "./abort-error.js";
import { answerPrompt } from "./ask.js";
import { mentionedAgents, titleOf } from "./prompt.js";
import { type PromptPlan, planPrompt } from "./prompt-plan.js";
import { clockOf, replaceLimits, turnSignal } from "./turn-clock.js";
import { withTurnHooks } from "./turn-hooks.js";

/** Makes a session, and asks in it. With a title no model is asked for one. */
export async function askNewSession<T>(
  connection: Connection,
  prompt: Prompt,
  given: TurnOptions<T>,
  report: TurnReport,
): Promise<Answer<T>> {
  const options = resolveTurnOptions(given, connection.defaults);
  return connection.running.notices.tell(options, undefined, report, (watched) =>
    withTurnHooks(options, connection.client.logger, askPlanned(connection, prompt, options, watched)),
  );
}

async function askPlanned<T>(
  connection: Connection,
  prompt: Prompt,
  given: ResolvedTurnOptions<T>,
  report: TurnReport,
): Promise<Answer<T>> {
  const plan = await planPrompt(prompt, given); // a wrong prompt must not leave an empty session behind
  const { timeout, signal, ...options } = given;
  const stop = turnSignal(timeout, clockOf(signal), report.signal, signal); // for all of it, the new session included
  replaceLimits(given, stop.signal);
  const limited: ResolvedTurnOptions<T> = { ...options, signal: stop.signal };
  try {
    const { id: sessionId, directory } = await create(connection, prompt, plan, limited).catch((error: unknown) => {
      throw stop.signal.aborted ? toAbortError(stop.signal.reason, {}) : error;
    });
    const session = {
      connection,
      sessionId,
      defaults: connection.defaults,
      scope: async () => connection.scope(directory),
      isFresh: true,
      inForce: inForceAfter(options, connection.permissionContext.inForce, connection.api.capabilities),
    };
    const shared = connection.running.share(sessionId, limited, Promise.resolve(plan), report);
    return await shared.settle(answerPrompt(session, limited, plan, shared.report));
  } finally {
    stop.release();
  }
}

/** The names are looked up first: an unknown one must not leave an empty session behind. */
async function create(
  connection: Connection,
  prompt: Prompt,
  { body }: PromptPlan<unknown>,
  options: ResolvedTurnOptions<unknown> & { readonly signal?: AbortSignal | undefined },
): Promise<SessionInfo> {
  const { model, agent, fallbackModels, signal = connection.lifetime } = options;
  const { api, names } = connection.scope(undefined);
  // A reload that waits may bring the agent. The turn itself enters once more.
  const leave = await enterTurn(api.address, api.directory ?? "", signal, async () => false);
  leave();
  const needed = { model, agent, fallbackModels, mentioned: mentionedAgents(body) };
  const listening = openEvents(connection);
  try {
    await whileResponsive(connection.responsiveness, signal, (patient) => names.validate(needed, patient));
    return await newSession(connection, { title: titleOf(prompt) }, options, signal);
  } finally {
    listening?.close(); // the connection stays open for the turn
  }
}

/** The events are connected while the session is made. Without a directory, that of the session is not known yet. */
function openEvents(connection: Connection): { close(): void } | undefined {
  if (connection.client.directory === undefined || connection.lifetime.aborted) return undefined;
  return connection.scope(undefined).hub.subscribe({ onEvent: () => {} }, []);
}
