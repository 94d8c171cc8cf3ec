/**
 * The changes of a prompt as the server has recorded them. It does that after each step, beside the run, and the run may be over
 * before it has (1.18.33): until what the steps have changed is there, it is waited for.
 */
import type { AgentApi } from "../../api/agent-api.js";
import type { FileDiff, Message, Part } from "../../types/answer.js";
import { backoff } from "../../util/backoff.js";
import { delay } from "../../util/delay.js";
import { isSameText, sidesOf, textNow } from "./file-text.js";

/** Between looks, in ms. */
const firstWait = 50;
const longestWait = 1_000;
/** A record that does not come has failed: the server only logs that. In ms. */
const longestRecord = 60_000;
/** For a change that may be there already: a file that two steps have changed. In ms. */
const longestDoubt = 3_000;

export type PatchPart = Extract<Part, { readonly type: "patch" }>;

/** What the steps of a prompt have changed, from its messages and those after it. */
export function patchesOf(messages: readonly Message[], messageId: string): PatchPart[] {
  return messages.flatMap(({ info, parts }) => {
    if (info.role !== "assistant" || info.parentID !== messageId) return [];
    return parts.flatMap((part) => (part.type === "patch" ? [part] : []));
  });
}

/** What the steps of a prompt have changed, and where: the root of the repository, and the directory in it. */
export interface RecordedSteps {
  readonly patches: readonly PatchPart[];
  readonly root: string;
  readonly cwd: string;
}

/** The recorded changes of one prompt. */
export async function recordedDiff(
  api: AgentApi,
  sessionId: string,
  messageId: string,
  { patches, root, cwd }: RecordedSteps,
): Promise<FileDiff[]> {
  const files = patches.flatMap((patch) => patch.files.map((file) => relativePath(file, root)));
  // What several steps have changed may be again as it was.
  const once = files.filter((file) => files.indexOf(file) === files.lastIndexOf(file) && !isQuoted(file));
  const last = (patches.at(-1)?.files ?? []).map((file) => relativePath(file, root));
  const isSure = last.some((file) => once.includes(file));
  const begin = Date.now();
  const nextWait = backoff(firstWait, longestWait);
  for (;;) {
    const recorded = await api.changes.diff(sessionId, messageId);
    const known = new Map(recorded.map((diff) => [diff.file, diff]));
    const isThere = once.every((file) => known.has(file));
    const waited = Date.now() - begin;
    if (files.length === 0 || (isThere && isSure) || waited > longestRecord) return recorded;
    if (isThere && (waited > longestDoubt || (await isNow(api, last, known, relativePath(cwd, root))))) return recorded;
    await delay(nextWait());
  }
}

/** Is the record what the files have? */
async function isNow(
  api: AgentApi,
  files: readonly string[],
  known: ReadonlyMap<string | undefined, FileDiff>,
  below: string,
): Promise<boolean> {
  for (const file of files) {
    const diff = known.get(file);
    const sides = diff && sidesOf(diff);
    const now = sides && (await textNow(api, relativePath(file, below)));
    if (sides === undefined || now === undefined || !isSameText(sides.after, now)) return false;
  }
  return true;
}

/** As in a diff: from the root of the repository on, with slashes. */
export function relativePath(file: string, root: string): string {
  const [path, from] = [file, root].map((text) => text.replaceAll("\\", "/")) as [string, string];
  const base = from.endsWith("/") ? from : `${from}/`;
  return path.startsWith(base) ? path.slice(base.length) : path;
}

/** Git writes names with quotes, line breaks and the like so; the server takes that for the name (1.18.33). */
export function isQuoted(file: string): boolean {
  return file.startsWith('"');
}
