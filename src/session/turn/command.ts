/** Commands and shell lines as turns: in line with the session's prompts, followed by the same events. */

import { type ReadOptions, retryTransient } from "../../client/retry-transient.js";
import { ConfigError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import { optionNames, placesOfOptions } from "../../types/option-names.js";
import type { CommandOptions, ShellOptions } from "../../types/session-options.js";
import { checkOptions } from "../../util/check-options.js";
import { mintId } from "../../util/ids.js";
import type { TurnReport } from "../answer-stream.js";
import type { DirectoryContext } from "../context.js";
import { type ResolvedTurnOptions, resolveTurnOptions } from "../turn-options.js";
import { commandPlan } from "./command-arguments.js";
import { submitOnce } from "./submit.js";
import { type TurnTarget, takeTurn } from "./take-turn.js";

/** After this time (ms) without an answer it is looked whether the server has stored it: the answer comes with the end. */
const lateAnswer = 50;

/** Makes the request; it may ask the server something first. `over` ends it. */
type Prepare = (
  scope: DirectoryContext,
  messageId: string,
  options: ResolvedTurnOptions<unknown>,
  over: AbortSignal,
  call: ReadOptions,
) => Promise<() => Promise<unknown>>;

/**
 * Runs a command of the server. Throws `ConfigError` for one that it does not have, and for arguments that it would expand and
 * that cannot be given to it in another way.
 */
export async function runCommand(
  target: TurnTarget,
  name: string,
  args: string,
  options: CommandOptions,
  report: TurnReport,
): Promise<Answer> {
  checkOptions(options, optionNames.command, "command()", placesOfOptions);
  const { expandArguments = false, ...given } = options;
  if (typeof args !== "string") throw new ConfigError(`the arguments of a command are one text; got ${typeof args}`);
  return runHeld(target, given, report, async (scope, messageID, options, over, call) => {
    const { api } = scope;
    const commands = await api.catalog.commands(call);
    const command = commands.find((one) => one.name === name);
    if (command === undefined) {
      const names = commands.map((one) => one.name).join(", ");
      throw new ConfigError(`the server has no command "${name}"`, { hint: `It has: ${names}.` });
    }
    const { sessionId } = target;
    const plan = expandArguments ? args : await commandPlan(api, command, args, options, messageID, call);
    if (typeof plan !== "string") {
      return () => api.prompts.submit(sessionId, plan, { maxRetries: 0, signal: over });
    }
    const { model, agent, variant } = options;
    const given = { messageId: messageID, name, arguments: plan, model, agent, variant };
    return () => api.prompts.command(sessionId, given, { signal: over });
  });
}

/** Runs a shell line, without a model. */
export async function runShell(
  target: TurnTarget,
  command: string,
  given: ShellOptions,
  report: TurnReport,
): Promise<Answer> {
  checkOptions(given, optionNames.shell, "shell()", placesOfOptions);
  return runHeld(target, given, report, async ({ api }, messageId, { agent = "build" }, over) => {
    return () => api.prompts.shell(target.sessionId, { messageId, command, agent }, { signal: over });
  });
}

async function runHeld(target: TurnTarget, given: ShellOptions, report: TurnReport, prepare: Prepare): Promise<Answer> {
  const { connection, sessionId, defaults } = target;
  const options = resolveTurnOptions(given, defaults);
  const messageId = options.messageId ?? mintId("msg");
  return takeTurn(target, options, report, async (run) => {
    const { answer } = await run({
      messageId,
      isStored: async ({ api }, call) =>
        options.messageId !== undefined && (await api.messages.find(sessionId, messageId, call)) !== undefined,
      send: async (scope, turn, { signal, over, isHeard }) => {
        const retryOptions = { signal, retryTimeout: connection.reconnectTimeout, liveness: scope.api.liveness };
        const post = await retryTransient((call) => prepare(scope, messageId, options, over, call), retryOptions);
        await submitOnce({ ...retryOptions, scope, turn, isHeard, late: lateAnswer, post, isLimited: false });
      },
      // A command's text would be stored twice, a shell line would run twice (1.18.33).
      canRepeat: false,
    });
    return answer;
  });
}
