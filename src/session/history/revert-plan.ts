/** What is taken back with a prompt: looked at before anything is done. */
import type { AgentApi } from "../../api/agent-api.js";
import type { Message } from "../../types/answer.js";
import { sessionsCalled } from "../turn/sessions-called.js";
import { isNamed, othersSince, type Use, usesOfMessage, usesOfSessions } from "./changed-files.js";
import { isSameText, sidesOf, textNow } from "./file-text.js";
import { diffOf } from "./inspect.js";
import { isQuoted, type PatchPart, relativePath } from "./recorded-diff.js";

/** A run of another session may have begun this long (ms) before, and its session be told of only when it ends. */
const longestRun = 600_000;

/** What is known of the files that were changed while the prompts ran. Paths from the root of the repository on. */
export interface RevertPlan {
  /** The records of the steps. */
  readonly patches: readonly PatchPart[];
  /** The session's own, that nobody has changed since. */
  readonly own: ReadonlySet<string>;
  /** Changed by others: they stay. */
  readonly others: readonly string[];
  /** What the session's tools have written and the server has not recorded, or cannot name: they stay, too. */
  readonly unrecorded: readonly string[];
  /** The session's own that were changed since, and those of which it is not known. With the reason. */
  readonly conflicts: ReadonlyMap<string, string>;
  /** Before and after, for those that are text. */
  readonly texts: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
  /** The root of the repository, and the directory in it. */
  readonly root: string;
  readonly cwd: string;
}

/** Looks at the messages from the prompt on, oldest first. */
export async function planRevert(api: AgentApi, sessionId: string, messages: readonly Message[]): Promise<RevertPlan> {
  const steps = messages.flatMap(({ info, parts }) => (info.role === "assistant" ? [{ info, parts }] : []));
  const { root, cwd } = steps[0]?.info.path ?? { root: "", cwd: "" };
  const recorded: { patch: PatchPart; uses: Use[] }[] = [];
  const ownUses: Use[] = [];
  const tree = new Set([sessionId]);
  const since = messages[0]?.info.role === "unreadable" ? 0 : (messages[0]?.info.time.created ?? 0);
  for (const step of steps) {
    const called = sessionsCalled(step);
    const { uses: below, ids } = await usesOfSessions(api, called, since);
    for (const id of ids) tree.add(id);
    const uses = [...usesOfMessage(step), ...below];
    ownUses.push(...uses);
    for (const part of step.parts) if (part.type === "patch") recorded.push({ patch: part, uses });
  }
  const patches = recorded.map(({ patch }) => patch);
  const files = new Set(patches.flatMap((patch) => patch.files));
  const texts = await textsOf(api, sessionId, messages);
  const isTouched = (file: string): boolean =>
    recorded.some(({ patch, uses }) => patch.files.includes(file) && uses.some(({ isOpen }) => isOpen));
  // Where nothing was done that changes files, nobody needs to be asked who has.
  const others = ownUses.length > 0 && files.size > 0 ? await othersSince(api, tree, since - longestRun) : [];
  const { uses: theirs } = await usesOfSessions(api, others, since - longestRun);
  // What a copy of the session has of it was done once, here.
  const ours = new Set(ownUses.map(({ id }) => id));
  const otherUses = theirs.filter(({ id, end }) => end >= since && !ours.has(id));
  const own = new Set<string>();
  const left: string[] = [];
  const unrecorded = unrecordedOf(ownUses, files, root);
  const conflicts = new Map<string, string>();
  for (const file of files) {
    const path = relativePath(file, root);
    const records = recorded.filter(({ patch }) => patch.files.includes(file));
    const named = records.filter(({ uses }) => isNamed(file, uses));
    const isOwn = named.length > 0;
    const isOthers = isNamed(file, otherUses);
    if (isQuoted(path)) unrecorded.push(path);
    else if (!texts.has(path))
      left.push(path); // it is again as it was
    else if (!isOwn && (isOthers || !isTouched(file))) left.push(path);
    else if (!isOwn) conflicts.set(path, "changed while a tool ran that does not name it");
    else if (isOthers) conflicts.set(path, "another session has changed it, too");
    else if (named.length < records.length) conflicts.set(path, "changed again by a step that does not name it");
    else {
      const reason = await changedSince(api, relativePath(file, cwd), texts.get(path) ?? []);
      if (reason === undefined) own.add(path);
      else conflicts.set(path, reason);
    }
  }
  return { patches, own, others: left, unrecorded, conflicts, texts: whole(texts), root, cwd };
}

/** A file's changes, prompt by prompt; `undefined` stands for one that is no text. */
type Chain = ({ readonly before: string; readonly after: string } | undefined)[];

/** The changes of each file, oldest first. */
export async function textsOf(
  api: AgentApi,
  sessionId: string,
  messages: readonly Message[],
): Promise<Map<string, Chain>> {
  const texts = new Map<string, Chain>();
  for (const { info } of messages) {
    if (info.role !== "user") continue;
    for (const diff of await diffOf(api, sessionId, info.id, messages)) {
      if (diff.file !== undefined) texts.set(diff.file, [...(texts.get(diff.file) ?? []), sidesOf(diff)]);
    }
  }
  return texts;
}

/** Before the first and after the last change. */
export function whole(texts: ReadonlyMap<string, Chain>): RevertPlan["texts"] {
  const found = new Map<string, { before: string; after: string }>();
  for (const [file, chain] of texts) {
    const [first, last] = [chain[0], chain.at(-1)];
    if (first !== undefined && last !== undefined) found.set(file, { before: first.before, after: last.after });
  }
  return found;
}

/** Why the file is not as the session has left it; `undefined` when it is. */
async function changedSince(api: AgentApi, path: string, chain: Chain): Promise<string | undefined> {
  const now = await textNow(api, path);
  for (const [at, sides] of chain.entries()) {
    const next = at + 1 < chain.length ? chain[at + 1]?.before : now;
    if (sides === undefined || next === undefined) return "it is no text, and cannot be compared";
    if (!isSameText(sides.after, next)) return "changed since";
  }
  return undefined;
}

/** What was written where the server records nothing: outside of the repository, ignored by git, or too large. */
function unrecordedOf(uses: readonly Use[], files: ReadonlySet<string>, root: string): string[] {
  const known = new Set([...files].map((file) => file.replaceAll("\\", "/")));
  const written = uses.flatMap(({ file }) => (file === undefined || known.has(file) ? [] : [relativePath(file, root)]));
  return [...new Set(written)];
}
