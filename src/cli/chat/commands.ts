/** The commands of a chat. */
import { ConflictError, type FileDiff, type Opencode, type SessionInfo } from "../../index.js";
import { budgetText } from "../budget-text.js";
import { table } from "../commands/with-server.js";
import type { Terminal } from "../terminal.js";
import type { ChatSession } from "./session.js";

/** The context of the commands. */
export interface Chat {
  readonly opencode: Opencode;
  readonly session: ChatSession;
  readonly terminal: Terminal;
  /** `"provider/model"` for the following prompts. */
  model: string | undefined;
}

interface ChatCommand {
  readonly usage: string;
  readonly help: string;
  readonly run: (chat: Chat, argument: string) => Promise<unknown>;
}

/** For the runs of other clients in the directory, in ms. */
const longestReload = 60_000;
/** Number of sessions that are listed and can be chosen by number. */
const mostSessions = 20;

const commands: Readonly<Record<string, ChatCommand>> = {
  model: { usage: "/model [provider/model]", help: "show or change the model", run: changeModel },
  new: { usage: "/new", help: "start a new session", run: ({ session }) => session.reset() },
  sessions: { usage: "/sessions [number or id]", help: "list sessions, or continue one", run: chooseSession },
  diff: { usage: "/diff", help: "show the changes of this session", run: showDiff },
  undo: { usage: "/undo [force]", help: "revert the last prompt and its changes", run: undo },
  compact: { usage: "/compact", help: "replace older messages with a summary", run: compact },
  context: { usage: "/context", help: "show how full the model's context is", run: showContext },
  reload: { usage: "/reload", help: "read changed agents and configuration files again", run: reload },
  cost: { usage: "/cost", help: "show tokens and cost of this session", run: showCost },
  budget: { usage: "/budget", help: "show what is left of the budget of this session", run: showBudget },
  subagents: { usage: "/subagents", help: "list the sub-agents of this session", run: showSubagents },
  help: { usage: "/help", help: "show this help", run: ({ terminal }) => terminal.detail(help()) },
  exit: { usage: "/exit", help: "leave the chat", run: async () => {} },
};

/** The help text. */
export function help(): string {
  const rows = Object.values(commands).map((command) => [`  ${command.usage}`, command.help]);
  return `${table(rows)}Several lines: end a line with \\, or write """ before and after. Enter while\nthe agent works steers it. Ctrl-C ends a run, not the chat.\n`;
}

/** Runs a command that begins with `/`. Resolves to false when the chat is over. */
export async function runCommand(chat: Chat, line: string): Promise<boolean> {
  const [name = "", ...rest] = line.slice(1).trim().split(/\s+/);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name === "exit" || name === "quit") return false;
  if (command === undefined) chat.terminal.note(`there is no command /${name}; /help lists them`);
  else await command.run(chat, rest.join(" "));
  return true;
}

async function changeModel(chat: Chat, name: string): Promise<void> {
  if (name === "") return chat.terminal.note(`model: ${chat.model ?? "the agent's own"}`);
  const all = await chat.opencode.models();
  const found = all.find(({ fullName }) => fullName === name) ?? all.find(({ fullName }) => fullName.includes(name));
  if (found === undefined) return chat.terminal.note(`there is no model ${name}; \`opencode-ts models\` lists them`);
  chat.model = found.fullName;
  chat.terminal.note(`model: ${found.fullName}`);
}

async function chooseSession({ opencode, session, terminal }: Chat, choice: string): Promise<void> {
  const found: SessionInfo[] = [];
  for await (const info of opencode.sessions({ limit: mostSessions })) {
    if (info.parentID === undefined) found.push(info);
  }
  if (choice === "") {
    const rows = found.map(({ id, title }, at) => [
      `${id === session.current?.id ? "*" : " "} ${at + 1}`,
      id,
      title.replace(/\p{Cc}/gu, " "),
    ]);
    await terminal.detail(table(rows));
    return;
  }
  const id = /^\d+$/.test(choice) ? found[Number(choice) - 1]?.id : choice;
  if (id === undefined) return terminal.note(`there is no session ${choice}`);
  await session.choose(id);
  terminal.note(`session ${id}`);
}

async function showDiff({ session, terminal }: Chat): Promise<void> {
  const diffs = (await session.current?.diff()) ?? [];
  for (const diff of diffs) await terminal.detail(diffText(diff, terminal.color));
  if (diffs.length === 0) terminal.note("this session has changed nothing");
}

function diffText({ file, additions, deletions, patch }: FileDiff, color: boolean): string {
  const lines = (patch ?? "")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .split("\n")
    .filter((line) => line !== "" && !/^(Index: |=====|--- |\+\+\+ )/.test(line))
    .map((line) => (color && /^[+-]/.test(line) ? `\u001b[${line.startsWith("+") ? 32 : 31}m${line}\u001b[39m` : line));
  return [`${file} (+${additions} -${deletions})`, ...lines].map((line) => `${line}\n`).join("");
}

async function undo({ session, terminal }: Chat, how: string): Promise<void> {
  const { current } = session;
  const info = await current?.info();
  let last: string | undefined;
  // Reverted messages stay in the list until the next prompt.
  for await (const { info: message } of current?.history() ?? []) {
    if (message.role !== "user") continue;
    if (info?.revert !== undefined && message.id >= info.revert.messageID) continue;
    last = message.id;
    break;
  }
  if (current === undefined || last === undefined) return terminal.note("there is nothing to revert");
  try {
    const { kept, unrestorable } = await current.revert(last, { force: how === "force" });
    terminal.note("the last question was taken back");
    if (kept.length > 0) terminal.note(`changed by others, left as they are: ${named(kept)}`);
    if (unrestorable.length > 0) terminal.note(`could not be restored: ${named(unrestorable)}`);
  } catch (error) {
    if (!(error instanceof ConflictError) || error.files === undefined) throw error;
    terminal.note(`${error.message.replace(/\p{Cc}/gu, " ")}; nothing was changed. To revert anyway: /undo force`);
  }
}

/** File names in one line, without control characters: their names come from others. */
function named(files: readonly string[]): string {
  const shown = files
    .slice(0, 10)
    .join(", ")
    .replace(/\p{Cc}/gu, " ");
  return files.length > 10 ? `${shown} and ${files.length - 10} more` : shown;
}

async function compact({ session, terminal, model }: Chat): Promise<void> {
  if (session.current === undefined) return terminal.note("there is nothing to summarize");
  await session.current.compact({ model });
  terminal.note("the conversation was summarized");
}

async function showContext({ session, terminal }: Chat): Promise<void> {
  const { current } = session;
  if (current === undefined) return terminal.note("the context is empty");
  const { used, limit, share = 0, byKind, turnsLeft } = await current.contextUsage();
  const of = limit === undefined ? "" : ` of ${limit} (${Math.round(100 * share)} %)`;
  const kinds = Object.entries(byKind).map(([kind, tokens]) => `${kind} ${tokens}`);
  const left = turnsLeft === undefined ? "" : `; compacted after ${turnsLeft} more turns, at this rate`;
  terminal.note(`${used}${of} tokens, about: ${kinds.join(", ")}${left}`);
}

async function reload({ opencode, terminal }: Chat): Promise<void> {
  await opencode.reload({ signal: AbortSignal.timeout(longestReload) });
  terminal.note("agents, MCP servers and configuration files were read again");
}

async function showCost({ session, terminal }: Chat): Promise<void> {
  const usage = await session.current?.usage();
  terminal.note(`${usage?.total ?? 0} tokens, $${(usage?.cost ?? 0).toFixed(4)}`);
}

async function showBudget({ session, terminal }: Chat): Promise<void> {
  const { current } = session;
  terminal.note(current === undefined ? "nothing is used yet" : budgetText(await current.budget()));
}

async function showSubagents({ session, terminal, opencode }: Chat): Promise<void> {
  const found = (await session.current?.children()) ?? [];
  if (found.length === 0) return terminal.note("this session has called no sub-agents");
  const rows = found.map(async ({ id, title }) => {
    const { total, cost } = await opencode.session(id).usage();
    return [`  ${id}`, title.replace(/\p{Cc}/gu, " "), `${total} tokens`, `$${cost.toFixed(4)}`];
  });
  await terminal.detail(table(await Promise.all(rows)));
}
