/**
 * Takes a prompt back, and brings it again. The server's own way restores every file that was changed while the prompt ran, and
 * undoing that sets all files of the repository back (1.18.33): work of others would be lost. So it is told of those files only that
 * are the session's own: its records of the steps are narrowed for the time of the request.
 */
import type { AgentApi } from "../../api/agent-api.js";
import { ConflictError, SessionBusyError } from "../../errors/index.js";
import type { Message, SessionInfo } from "../../types/answer.js";
import { optionNames } from "../../types/option-names.js";
import type { RevertOptions } from "../../types/session-options.js";
import { checkOptions } from "../../util/check-options.js";
import { recordProperty } from "../../util/json.js";
import type { SessionContext } from "../context.js";
import { isSameText, textNow } from "./file-text.js";
import { requireGit } from "./inspect.js";
import { requireMessage } from "./read-messages.js";
import { isQuoted, type PatchPart, relativePath } from "./recorded-diff.js";
import { planRevert, type RevertPlan, textsOf, whole } from "./revert-plan.js";

/** Result of `revert()` and `unrevert()`: the changed files, as paths relative to the root of the repository. */
export interface RevertResult {
  /** Files with their earlier content again. */
  readonly restored: readonly string[];
  /** Files that were not touched: others changed them while the prompt ran, or they already have the earlier content. */
  readonly kept: readonly string[];
  /** Files that the session changed and that cannot be restored: outside of the repository, ignored by git, or too large. */
  readonly unrestorable: readonly string[];
}

const nothing: RevertResult = { restored: [], kept: [], unrestorable: [] };

/** Takes a prompt back. Throws `ConflictError` with the files that others have changed since; nothing is done then. */
export async function revertSession(
  session: SessionContext,
  given: string,
  options: RevertOptions,
): Promise<RevertResult> {
  checkOptions(options, optionNames.revert, "revert()");
  const { sessionId } = session;
  const { api } = await session.scope();
  await requireGit(api, "revert");
  const message = await requireMessage(api, sessionId, given);
  // The server hides the whole turn of an answer, and would restore only what came after that.
  const prompt = message?.role === "assistant" ? message.parentID : given;
  return revertTo(api, sessionId, prompt, options);
}

/** Brings back what was taken back. Throws `ConflictError` with the files that others have changed since. */
export async function unrevertSession(session: SessionContext, options: RevertOptions): Promise<RevertResult> {
  checkOptions(options, optionNames.revert, "unrevert()");
  return unrevert((await session.scope()).api, session.sessionId, options);
}

async function revertTo(
  api: AgentApi,
  sessionId: string,
  messageId: string,
  { force = false }: RevertOptions,
): Promise<RevertResult> {
  const send = (): Promise<SessionInfo> => api.changes.revert(sessionId, { messageId });
  await requireIdle(api, sessionId);
  if (force) return forced(await send());
  const info = await api.sessions.get(sessionId);
  if (info.revert?.messageID === messageId && info.revert.partID === undefined) return nothing;
  // A second one begins for the server with undoing the first.
  if (info.revert !== undefined) await unrevert(api, sessionId, {});
  const plan = await planRevert(api, sessionId, await messagesFrom(api, sessionId, messageId));
  refuse("revert(messageId", plan.conflicts, sessionId);
  const narrowed = plan.patches.filter(({ files }) => files.some((file) => !isOwn(plan, file)));
  try {
    for (const part of narrowed)
      await api.messages.putPart({ ...part, files: part.files.filter((file) => isOwn(plan, file)) });
    await send();
  } finally {
    for (const part of narrowed) await api.messages.putPart(part);
  }
  return outcome(api, plan);
}

async function unrevert(api: AgentApi, sessionId: string, { force = false }: RevertOptions): Promise<RevertResult> {
  await requireIdle(api, sessionId);
  const { revert } = await api.sessions.get(sessionId);
  if (revert === undefined) return nothing;
  const changed = changedFiles(revert.diff ?? "");
  if (force) {
    await api.changes.unrevert(sessionId);
    return { ...nothing, restored: changed };
  }
  const messages = await messagesFrom(api, sessionId, revert.messageID);
  const texts = whole(await textsOf(api, sessionId, messages));
  const step = messages.find(({ info }) => info.role === "assistant")?.info;
  const { root, cwd } = step?.role === "assistant" ? step.path : { root: "", cwd: "" };
  const conflicts = new Map<string, string>();
  const files: string[] = [];
  const unrestorable = changed.filter(isQuoted);
  for (const file of changed) {
    if (isQuoted(file)) continue;
    const sides = texts.get(file);
    const now = await textNow(api, below(file, root, cwd));
    if (sides === undefined || now === undefined) conflicts.set(file, "it is no text, and cannot be compared");
    else if (isSameText(now, sides.after))
      continue; // it has been brought back already
    else if (isSameText(now, sides.before)) files.push(file);
    else conflicts.set(file, "changed since");
  }
  refuse("unrevert(", conflicts, sessionId);
  if (api.capabilities.restoresWithRevert) {
    await api.changes.unrevert(sessionId);
    return { ...nothing, restored: files, unrestorable };
  }
  await api.changes.clearRevert(sessionId);
  if (files.length > 0 && revert.snapshot !== undefined) {
    await restore(api, sessionId, { hash: revert.snapshot, files: files.map((file) => `${root}/${file}`) });
  }
  return { ...nothing, restored: files, unrestorable };
}

/** Restores some files: the server does that for a record behind the place that is reverted to. */
async function restore(api: AgentApi, sessionId: string, record: Pick<PatchPart, "hash" | "files">): Promise<void> {
  let last: Message | undefined;
  for await (const message of api.messages.newestFirst(sessionId)) {
    last = message;
    if (message.parts.length > 0) break;
  }
  const place = last?.parts.at(-1);
  if (place === undefined) return;
  const { sessionID, messageID } = place;
  const part: PatchPart = { ...record, id: `${place.id}z`, sessionID, messageID, type: "patch" };
  await api.messages.putPart(part);
  try {
    await api.changes.revert(sessionID, { messageId: messageID, partId: place.id });
    await api.changes.clearRevert(sessionId);
  } finally {
    await api.messages.deletePart(part);
  }
}

/** Oldest first. */
async function messagesFrom(api: AgentApi, sessionId: string, messageId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of api.messages.newestFirst(sessionId)) {
    messages.push(message);
    if (message.info.id === messageId) break;
  }
  return messages.reverse();
}

/** The server looks, too, but the records must not be changed before. */
async function requireIdle(api: AgentApi, sessionId: string): Promise<void> {
  const type = recordProperty(await api.sessions.statuses(), sessionId)?.["type"];
  if (type === undefined || type === "idle") return;
  throw new SessionBusyError("the session is running a turn", { status: 409, sessionId, hint: "Wait for its end." });
}

function isOwn(plan: RevertPlan, file: string): boolean {
  return plan.own.has(relativePath(file, plan.root));
}

/** What has come of it: what is not as before was not restored. */
async function outcome(api: AgentApi, plan: RevertPlan): Promise<RevertResult> {
  const restored: string[] = [];
  const unrestorable = [...plan.unrecorded];
  for (const file of plan.own) {
    const before = plan.texts.get(file)?.before;
    const now = await textNow(api, below(file, plan.root, plan.cwd));
    const isRestored = before === undefined || now === undefined || isSameText(before, now);
    (isRestored ? restored : unrestorable).push(file);
  }
  return { restored, kept: plan.others, unrestorable };
}

function forced({ revert }: SessionInfo): RevertResult {
  return { ...nothing, restored: changedFiles(revert?.diff ?? "") };
}

/** As the server reads paths: from its directory on. */
function below(file: string, root: string, cwd: string): string {
  return relativePath(file, relativePath(cwd, root));
}

/** The files of a diff as git writes it. */
function changedFiles(diff: string): string[] {
  return [...diff.matchAll(/^diff --git (?:a\/(.+) b\/\1|("a\/.*))$/gm)].map((match) => match[1] ?? match[2] ?? "");
}

/** `call` is the beginning of the call that was made. */
function refuse(call: string, conflicts: ReadonlyMap<string, string>, sessionId: string): void {
  if (conflicts.size === 0) return;
  const shown = [...conflicts].slice(0, 10).map(([file, reason]) => `${file} (${reason})`);
  const more = conflicts.size > shown.length ? ` and ${conflicts.size - shown.length} more` : "";
  const options = `${call.endsWith("(") ? "" : ", "}{ force: true }`;
  throw new ConflictError(`what may be the work of others would be overwritten: ${shown.join(", ")}${more}`, {
    status: 409,
    sessionId,
    files: [...conflicts.keys()],
    hint: `Nothing was changed. To do it all the same: ${call}${options}).`,
  });
}
