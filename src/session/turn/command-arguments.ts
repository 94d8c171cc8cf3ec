/** How a command's arguments are sent so that they stay text. */
import type { AgentApi } from "../../api/agent-api.js";
import type { ReadOptions } from "../../client/retry-transient.js";
import { ConfigError } from "../../errors/index.js";
import type { CommandInfo } from "../../types/answer.js";
import { partId } from "../../util/ids.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { deliver, filledIn } from "./command-template.js";
import { type PromptBody, parseModel } from "./prompt.js";

/** What may stand in arguments of a template that cannot be seen. */
const harmless = /^[^`$@!"']*$/;

/**
 * The arguments to give to the server's command; or, where it would expand them, the prompt that it would have made of them.
 * @throws ConfigError when it can be neither: the template needs the server's expansion, too.
 */
export async function commandPlan(
  api: AgentApi,
  command: CommandInfo,
  args: string,
  options: ResolvedTurnOptions<unknown>,
  messageID: string,
  call: ReadOptions,
): Promise<string | PromptBody> {
  if (!api.capabilities.expandsCommands) return ownPlan(api, command, args, options, messageID, call);
  if (args.trim() === "") return "";
  const template: unknown = command.template; // that of an MCP server's prompt is fetched when it is run
  if (typeof template !== "string") {
    if (harmless.test(args)) return args;
    throw refused(command.name, /[`$@!"']/.exec(args)?.[0] ?? "");
  }
  const isSubtask = command.subtask ?? (await isSubAgent(api, command.agent ?? options.agent, call));
  const delivery = deliver(template, args, isSubtask);
  if (delivery.by === "server") return delivery.args;
  if (delivery.by === "nothing") throw refused(command.name, delivery.found);
  return promptOf(api, command, delivery.text, options, messageID, call);
}

/** For a server that takes no id for a command's prompt: the template is filled in here. */
async function ownPlan(
  api: AgentApi,
  command: CommandInfo,
  args: string,
  options: ResolvedTurnOptions<unknown>,
  messageID: string,
  call: ReadOptions,
): Promise<string | PromptBody> {
  const template: unknown = command.template; // it is not always told
  if (typeof template !== "string") return args;
  const { text, shellLine } = filledIn(template, args);
  if (shellLine === undefined) return promptOf(api, command, text, options, messageID, call);
  throw new ConfigError(
    `the template of /${command.name} has the shell line ${JSON.stringify(shellLine)}, which this server does not run`,
    {
      hint: "Take the line out of the template, or give what it prints as an argument.",
    },
  );
}

/** A command of a sub-agent's is a sub-task, unless it says otherwise. */
async function isSubAgent(api: AgentApi, name: string | undefined, call: ReadOptions): Promise<boolean> {
  if (name === undefined) return false;
  const agents = await api.catalog.agents(call);
  return agents.find((agent) => agent.name === name)?.mode === "subagent";
}

/** The prompt that the server makes of a command. */
async function promptOf(
  api: AgentApi,
  command: CommandInfo,
  text: string,
  { model, agent, variant }: ResolvedTurnOptions<unknown>,
  messageID: string,
  call: ReadOptions,
): Promise<PromptBody> {
  const agents = await api.catalog.agents(call);
  const config = await api.catalog.config(call);
  const first = agents.find(({ mode, hidden }) => mode !== "subagent" && hidden !== true)?.name;
  const standard = config.default_agent ?? first ?? "build";
  const name = command.agent ?? agent;
  const used = agents.find((one) => one.name === (name ?? standard));
  const ofAgent = command.agent === undefined ? undefined : used?.model;
  const chosen = command.model ?? (ofAgent && `${ofAgent.providerID}/${ofAgent.modelID}`) ?? model;
  const id = partId(messageID, 0);
  const isSubtask = command.subtask ?? (name !== undefined && used?.mode === "subagent");
  if (!isSubtask) {
    const body: PromptBody = { messageID, parts: [{ id, type: "text", text }] };
    return { ...body, ...optional({ agent: name, model: chosen && parseModel(chosen), variant }) };
  }
  const about = { agent: name ?? standard, description: command.description ?? "", command: command.name };
  const part = { id, type: "subtask" as const, ...about, prompt: text };
  const body: PromptBody = { messageID, parts: [{ ...part, ...optional({ model: chosen && parseModel(chosen) }) }] };
  return { ...body, ...optional({ agent, model: model && parseModel(model), variant }) };
}

/** Without what is not given. */
function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined | ""> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined | ""> }; // what is left is given
}

function refused(command: string, found: string): ConfigError {
  return new ConfigError(
    `the arguments of /${command} hold ${JSON.stringify(found.slice(0, 200))}, which opencode would run, read or replace`,
    {
      hint: "Take it out, or ask with the text as a prompt. In a program, if it is yours and meant like that: { expandArguments: true }.",
    },
  );
}
