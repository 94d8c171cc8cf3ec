/** Commands and shell lines as turns: in line with the session's prompts, followed by the same events. */
import { ConfigError } from "../errors.js";
import type { paths } from "../generated/schema.js";
import { mintId } from "../internal/ids.js";
import type { Answer } from "../types/answer.js";
import type { SessionTurnOptions } from "../types/options.js";
import type { TurnReport } from "./answer-stream.js";
import type { Scope } from "./context.js";
import { readMessage } from "./messages.js";
import { persist, type ReadOptions } from "./patience.js";
import { submitOnce } from "./submit.js";
import { type AskTarget, takeTurn } from "./take-turn.js";
import { type ResolvedTurnOptions, resolveTurnOptions } from "./turn-options.js";

/** Options of a command or a shell line: those of a turn that make sense without a prompt. */
export type CommandOptions = Omit<SessionTurnOptions, "schema" | "structured" | "maxRepairs" | "system" | "files">;

/** After this time (ms) without an answer it is looked whether the server has stored it: the answer comes with the end. */
const lateAnswer = 50;

/** Makes the request; it may ask the server something first. `over` ends it. */
type Prepare = (
  scope: Scope,
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

/** Runs a command of the server. Throws `ConfigError` for one that it does not have. */
export function runCommand(
  target: AskTarget,
  name: string,
  args: string,
  given: CommandOptions,
  report: TurnReport,
): Promise<Answer> {
  return runHeld(target, given, report, async ({ client }, messageID, { model, agent, variant }, over, call) => {
    const { data: commands } = await client.GET("/command", call);
    if (!commands.some((command) => command.name === name)) {
      const names = commands.map((command) => command.name).join(", ");
      throw new ConfigError(`the server has no command "${name}"`, { hint: `It has: ${names}.` });
    }
    const body: Body<"/session/{sessionID}/command"> = { messageID, command: name, arguments: args };
    if (model !== undefined) body.model = model;
    if (agent !== undefined) body.agent = agent;
    if (variant !== undefined) body.variant = variant;
    const params = { path: { sessionID: target.sessionId } };
    return () => client.POST("/session/{sessionID}/command", { params, body, timeout: 0, signal: over });
  });
}

/** Runs a shell line, without a model. */
export function runShell(
  target: AskTarget,
  command: string,
  given: CommandOptions,
  report: TurnReport,
): Promise<Answer> {
  return runHeld(target, given, report, async ({ client }, messageID, { agent = "build" }, over) => {
    const body: Body<"/session/{sessionID}/shell"> = { messageID, command, agent };
    const params = { path: { sessionID: target.sessionId } };
    return () => client.POST("/session/{sessionID}/shell", { params, body, timeout: 0, signal: over });
  });
}

async function runHeld(
  target: AskTarget,
  given: CommandOptions,
  report: TurnReport,
  prepare: Prepare,
): Promise<Answer> {
  const { connection, sessionId, defaults } = target;
  const options = resolveTurnOptions(given, defaults);
  const messageId = options.messageId ?? mintId("msg");
  return takeTurn(target, options, report, async (run) => {
    const { answer } = await run({
      messageId,
      isStored: async ({ client }, call) =>
        options.messageId !== undefined && (await readMessage(client, sessionId, messageId, call)) !== undefined,
      send: async (scope, turn, { signal, over, isHeard }) => {
        const patience = { signal, patience: connection.reconnectTimeout, pulse: scope.client.pulse };
        const post = await persist((call) => prepare(scope, messageId, options, over, call), patience);
        await submitOnce({ ...patience, scope, turn, isHeard, late: lateAnswer, post, isLimited: false });
      },
      // A command's text would be stored twice, a shell line would run twice (1.18.33).
      canRepeat: false,
    });
    return answer;
  });
}
