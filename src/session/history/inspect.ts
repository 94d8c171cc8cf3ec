/** What can be asked about a session's content: context, changes, usage. */
import type { AgentApi } from "../../api/agent-api.js";
import { ConfigError } from "../../errors/index.js";
import type { FileDiff, Message, SessionUsage } from "../../types/answer.js";
import { optionNames } from "../../types/option-names.js";
import type { DiffOptions } from "../../types/session-options.js";
import { checkOptions } from "../../util/check-options.js";
import type { SessionContext } from "../context.js";
import { patchesOf, recordedDiff } from "./recorded-diff.js";
import { treeMessages } from "./tree-messages.js";
import { expenseOf } from "./usage.js";

/**
 * The messages since the last compaction, oldest first: what the model still sees. Those that the compaction kept
 * (`tail_start_id`) are among them.
 */
export async function readContext({ sessionId, scope }: SessionContext): Promise<Message[]> {
  const { api } = await scope();
  const found: Message[] = [];
  let until: string | undefined;
  for await (const message of api.messages.newestFirst(sessionId)) {
    found.push(message);
    if (message.info.id === until) break;
    const compaction = message.parts.find((part) => part.type === "compaction");
    if (compaction === undefined || until !== undefined) continue;
    if (compaction.tail_start_id === undefined) break;
    until = compaction.tail_start_id;
  }
  return found.reverse();
}

/** The changes of one prompt, or of all: the server gives none without a message (1.18.33), so they are folded. */
export async function readDiff(session: SessionContext, options: DiffOptions): Promise<FileDiff[]> {
  checkOptions(options, optionNames.diff, "diff()");
  const { sessionId } = session;
  const { messageId } = options;
  const { api } = await session.scope();
  await requireGit(api, "diff");
  const messages: Message[] = [];
  for await (const message of api.messages.newestFirst(sessionId)) {
    messages.push(withoutText(message));
    const { info } = message;
    if (messageId !== undefined && !(info.role === "assistant" && info.parentID === messageId)) break;
  }
  messages.reverse();
  if (messageId !== undefined) return diffOf(api, sessionId, messageId, messages);
  const files = new Map<string, FileDiff>();
  for (const { info } of messages) {
    if (info.role === "assistant" || info.id === undefined) continue;
    for (const diff of await diffOf(api, sessionId, info.id, messages)) {
      const file = diff.file ?? "";
      const before = files.get(file);
      files.set(file, before === undefined ? diff : combined(before, diff));
    }
  }
  return [...files.values()];
}

/** Of a long session only what says what was changed is held. */
function withoutText({ info, parts }: Message): Message {
  return { info, parts: parts.filter(({ type }) => type === "patch") } as Message; // fewer of the same
}

/** `messages` are those from the prompt on, or more. */
export async function diffOf(
  api: AgentApi,
  sessionId: string,
  messageId: string,
  messages: readonly Message[],
): Promise<FileDiff[]> {
  const at = messages.findIndex(({ info }) => info.id === messageId);
  // Behind a later prompt's steps it is as complete as it will be.
  const isLast = !messages.slice(at + 1).some(({ info }) => info.role === "assistant" && info.parentID !== messageId);
  const step = messages.find(({ info }) => info.role === "assistant" && info.parentID === messageId)?.info;
  const patches = isLast ? patchesOf(messages, messageId) : [];
  const place = step?.role === "assistant" ? step.path : { root: "", cwd: "" };
  return recordedDiff(api, sessionId, messageId, { patches, ...place });
}

function combined(earlier: FileDiff, later: FileDiff): FileDiff {
  const diff: FileDiff = {
    ...later,
    additions: earlier.additions + later.additions,
    deletions: earlier.deletions + later.deletions,
  };
  const patch = [earlier.patch, later.patch].filter((text) => text !== undefined).join("\n");
  if (patch !== "") diff.patch = patch;
  if (earlier.status === "added" && later.status === "modified") diff.status = "added";
  return diff;
}

/** Changes are recorded, and files restored, by git: without it the server does nothing and says nothing. */
export async function requireGit(api: AgentApi, operation: string): Promise<void> {
  if (await api.catalog.hasVersionControl()) return;
  throw new ConfigError(
    `${operation} needs a git repository, and ${api.directory ?? "the server's directory"} is not in one`,
    {
      hint: "Run `git init` there and make a first commit; changes made from then on are recorded.",
    },
  );
}

/** Tokens and cost of all turns of the session and of the sessions that their sub-agents ran in. */
export async function readUsage({ sessionId, scope }: SessionContext): Promise<SessionUsage> {
  const { api } = await scope();
  const { usage, cost, costKnown } = expenseOf(await treeMessages(api, sessionId));
  return { ...usage, cost, costKnown };
}
