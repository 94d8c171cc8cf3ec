/** Commands and shell lines as turns: in line with the session's prompts, followed by the same events. */
import type { ReadOptions } from "../../client/retry-transient.js";
import { ConfigError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import { optionNames, placesOfOptions } from "../../types/option-names.js";
import type { CommandOptions, ShellOptions } from "../../types/session-options.js";
import { checkOptions } from "../../util/check-options.js";
import { mintId } from "../../util/ids.js";
import type { TurnReport } from "../answer-stream.js";
import type { DirectoryContext, SessionContext } from "../context.js";
import { type ResolvedTurnOptions, resolveTurnOptions, type TurnDefaults } from "../turn-options.js";
import { commandPlan } from "./command-arguments.js";
import { type PromptBody, settingsOf, type TurnSettings } from "./prompt.js";
import { runRequest } from "./run-request.js";
import type { TurnRequest } from "./turn-request.js";
import { withTurn } from "./with-turn.js";

/** After this time (ms) without an answer it is looked whether the server has stored it: the answer comes with the end. */
const lateAnswer = 50;

/**
 * Runs a command of the server. Throws `ConfigError` for one that it does not have, and for arguments that it would expand and
 * that cannot be given to it in another way.
 */
export async function runCommand(
  session: SessionContext,
  name: string,
  args: string,
  options: CommandOptions,
  report: TurnReport,
): Promise<Answer> {
  checkOptions(options, optionNames.command, "command()", placesOfOptions);
  const { expandArguments = false, ...given } = options;
  if (typeof args !== "string") throw new ConfigError(`the arguments of a command are one text; got ${typeof args}`);
  const resolved = resolveTurnOptions(given, withoutFallback(session));
  return runLine(session, resolved, new CommandRequest(session, resolved, name, args, expandArguments), report);
}

/** Runs a shell line, without a model. */
export async function runShell(
  session: SessionContext,
  command: string,
  given: ShellOptions,
  report: TurnReport,
): Promise<Answer> {
  checkOptions(given, optionNames.shell, "shell()", placesOfOptions);
  const resolved = resolveTurnOptions(given, withoutFallback(session));
  return runLine(session, resolved, new ShellRequest(session, resolved, command), report);
}

/** A line that has failed is not sent again: its text would be stored twice. */
function withoutFallback({ defaults }: SessionContext): TurnDefaults {
  return { ...defaults, fallbackModels: undefined };
}

function runLine(
  session: SessionContext,
  options: ResolvedTurnOptions<unknown>,
  request: TurnRequest,
  report: TurnReport,
): Promise<Answer> {
  return session.connection.running.notices.tell(options, session.sessionId, report, (watched) =>
    withTurn(session, options, watched, async (context) => (await runRequest(context, request)).answer),
  );
}

/** What commands and shell lines have in common. */
abstract class LineRequest implements TurnRequest {
  readonly messageId: string;
  readonly body = undefined;
  readonly canRepeat = false;
  readonly lateAfter: number = lateAnswer;
  protected readonly sessionId: string;
  readonly #options: ResolvedTurnOptions<unknown>;
  readonly #ownAgent: SessionContext["ownAgent"];

  constructor({ sessionId, ownAgent }: SessionContext, options: ResolvedTurnOptions<unknown>) {
    this.sessionId = sessionId;
    this.#options = options;
    this.#ownAgent = ownAgent;
    this.messageId = options.messageId ?? mintId("msg");
  }

  /** With the session's own agent, which is known when the line is prepared and sent. */
  protected get options(): ResolvedTurnOptions<unknown> {
    const agent = this.#options.agent ?? this.#ownAgent?.();
    return agent === undefined ? this.#options : { ...this.#options, agent };
  }

  async isStored({ api }: DirectoryContext, call: ReadOptions): Promise<boolean> {
    if (this.#options.messageId === undefined) return false;
    return (await api.messages.find(this.sessionId, this.messageId, call)) !== undefined;
  }

  abstract post(scope: DirectoryContext, over: AbortSignal): Promise<unknown>;
}

class CommandRequest extends LineRequest {
  readonly #name: string;
  readonly #args: string;
  readonly #isExpanded: boolean;
  /** The arguments, or the prompt that the server would make of the command. */
  #plan: string | PromptBody;
  #settings: TurnSettings;
  /** What a session has that was given nothing. */
  readonly #usual: TurnSettings;

  constructor(
    session: SessionContext,
    options: ResolvedTurnOptions<unknown>,
    name: string,
    args: string,
    isExpanded: boolean,
  ) {
    super(session, options);
    this.#name = name;
    this.#args = args;
    this.#isExpanded = isExpanded;
    this.#plan = args;
    this.#settings = settingsOf(options);
    this.#usual = settingsOf(session.defaults);
  }

  async prepare({ api }: DirectoryContext, call: ReadOptions): Promise<void> {
    this.#settings = await api.prompts.settings(this.sessionId, settingsOf(this.options), this.#usual, call);
    const commands = await api.catalog.commands(call);
    const command = commands.find((one) => one.name === this.#name);
    if (command === undefined) {
      const names = commands.map((one) => one.name).join(", ");
      throw new ConfigError(`the server has no command "${this.#name}"`, { hint: `It has: ${names}.` });
    }
    if (!this.#isExpanded || !api.capabilities.expandsCommands)
      this.#plan = await commandPlan(api, command, this.#args, this.options, this.messageId, call);
  }

  post({ api }: DirectoryContext, over: AbortSignal): Promise<unknown> {
    const plan = this.#plan;
    if (typeof plan !== "string") {
      const prompt = { ...this.#settings, ...plan };
      return api.prompts.submit(this.sessionId, prompt, { maxRetries: 0, signal: over });
    }
    const { model, agent, variant } = this.#settings;
    const names = { model: model && `${model.providerID}/${model.modelID}`, agent, variant };
    const given = { messageId: this.messageId, name: this.#name, arguments: plan, ...names };
    return api.prompts.command(this.sessionId, given, { signal: over });
  }
}

class ShellRequest extends LineRequest {
  readonly isFree = true;
  readonly #command: string;

  constructor(session: SessionContext, options: ResolvedTurnOptions<unknown>, command: string) {
    super(session, options);
    this.#command = command;
  }

  post({ api }: DirectoryContext, over: AbortSignal): Promise<unknown> {
    const { messageId } = this;
    const { agent = "build" } = this.options;
    return api.prompts.shell(this.sessionId, { messageId, command: this.#command, agent }, { signal: over });
  }
}
