/** A file's text before and after a recorded change, and now. */
import type { AgentApi } from "../../api/agent-api.js";
import { APIStatusError } from "../../errors/index.js";
import type { FileDiff } from "../../types/answer.js";

/** The two sides of a change; `undefined` for one that is no text. A file that was not there is `""`. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/** From the patch, which has all lines of the file (1.18.33). */
export function sidesOf({ patch = "", additions, deletions }: FileDiff): Sides | undefined {
  const hunks = patch.split(/^@@ .*$/m);
  const [, lines] = hunks;
  if (hunks.length > 2) return undefined; // not all of the file
  if (lines === undefined) return patch !== "" && additions + deletions === 0 ? { before: "", after: "" } : undefined;
  const side = (mark: string): string =>
    lines
      .slice(1)
      .split("\n")
      .filter((line) => line.startsWith(" ") || line.startsWith(mark))
      .map((line) => line.slice(1))
      .join("\n");
  return { before: side("-"), after: side("+") };
}

/** Are they the same? White space around the text does not count: the server does not tell it. */
export function isSameText(one: string, other: string): boolean {
  return one.trim() === other.trim();
}

/** What the file has now, without white space around it; `""` when it is not there, `undefined` for what is no text. */
export async function textNow({ files }: AgentApi, path: string): Promise<string | undefined> {
  try {
    return await files.text(path);
  } catch (error) {
    if (error instanceof APIStatusError && error.status >= 400 && error.status !== 401) return undefined;
    throw error;
  }
}
