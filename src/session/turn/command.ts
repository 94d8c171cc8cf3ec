/** Commands and shell lines as turns: in line with the session's prompts, followed by the same events. */

import { type ReadOptions, retryTransient } from "../../client/retry-transient.js";
import { ConfigError } from "../../errors/index.js";
import type { paths } from "../../generated/schema.js";
import type { Answer } from "../../types/answer.js";
import { optionNames, placesOfOptions } from "../../types/option-names.js";
import type { CommandOptions, ShellOptions } from "../../types/session-options.js";
import { checkOptions } from "../../util/check-options.js";
import { mintId } from "../../util/ids.js";
import type { TurnReport } from "../answer-stream.js";
import type { DirectoryContext } from "../context.js";
import { readMessage } from "../history/messages.js";
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

type Body<P extends keyof paths> = paths[P]["post"] extends {
  requestBody?: { content: { "application/json": infer B } };
}
  ? B
  : never;

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
    const { client } = scope;
    const { data: commands } = await client.GET("/command", call);
    const command = commands.find((one) => one.name === name);
    if (command === undefined) {
      const names = commands.map((one) => one.name).join(", ");
      throw new ConfigError(`the server has no command "${name}"`, { hint: `It has: ${names}.` });
    }
    const params = { path: { sessionID: target.sessionId } };
    const plan = expandArguments ? args : await commandPlan(client, command, args, options, messageID, call);
    if (typeof plan !== "string") {
      return () =>
        client.POST("/session/{sessionID}/prompt_async", { params, body: plan, maxRetries: 0, signal: over });
    }
    const { model, agent, variant } = options;
    const body: Body<"/session/{sessionID}/command"> = { messageID, command: name, arguments: plan };
    if (model !== undefined) body.model = model;
    if (agent !== undefined) body.agent = agent;
    if (variant !== undefined) body.variant = variant;
    return () => client.POST("/session/{sessionID}/command", { params, body, timeout: 0, signal: over });
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
  return runHeld(target, given, report, async ({ client }, messageID, { agent = "build" }, over) => {
    const body: Body<"/session/{sessionID}/shell"> = { messageID, command, agent };
    const params = { path: { sessionID: target.sessionId } };
    return () => client.POST("/session/{sessionID}/shell", { params, body, timeout: 0, signal: over });
  });
}

async function runHeld(target: TurnTarget, given: ShellOptions, report: TurnReport, prepare: Prepare): Promise<Answer> {
  const { connection, sessionId, defaults } = target;
  const options = resolveTurnOptions(given, defaults);
  const messageId = options.messageId ?? mintId("msg");
  return takeTurn(target, options, report, async (run) => {
    const { answer } = await run({
      messageId,
      isStored: async ({ client }, call) =>
        options.messageId !== undefined && (await readMessage(client, sessionId, messageId, call)) !== undefined,
      send: async (scope, turn, { signal, over, isHeard }) => {
        const retryOptions = { signal, retryTimeout: connection.reconnectTimeout, liveness: scope.client.liveness };
        const post = await retryTransient((call) => prepare(scope, messageId, options, over, call), retryOptions);
        await submitOnce({ ...retryOptions, scope, turn, isHeard, late: lateAnswer, post, isLimited: false });
      },
      // A command's text would be stored twice, a shell line would run twice (1.18.33).
      canRepeat: false,
    });
    return answer;
  });
}
