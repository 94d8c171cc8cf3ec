/**
 * The output of a running command, told piece by piece. Pure. The server sends the whole output so far with each change, and its last
 * 30,000 characters behind a mark once it is longer (1.18.33).
 */
import type { ToolPart } from "../types/answer.js";
import { stringProperty } from "../util/json.js";

/** Characters that the server keeps of a running output. */
const kept = 30_000;
/** Characters that two outputs have in common by more than chance. */
const shortestOverlap = 32;
/** Places that are tried one by one: more of them are in texts that repeat themselves. */
const mostTries = 64;
/** In front of an output that the server has cut. */
const cutMark = "...\n\n";
/** The server stores these words for a command that has written nothing (1.18.33). */
const noOutput = "(no output)";
/** What the server adds for the model, for example after a time limit (1.18.33). */
const remark = /\n\n<(shell|bash)_metadata>[\s\S]*<\/\1_metadata>\s*$/;

/** The next piece of an output. */
export interface OutputPiece {
  readonly text: string;
  /** Characters of the output so far. More than all pieces together have: some of it was not heard. */
  readonly total: number;
}

/** The output of one call. */
export class LiveOutput {
  /** The end of what was told. */
  #end = "";
  #total = 0;

  /** What the state adds to what was told; `undefined` when it adds nothing. */
  next({ tool, state }: Pick<ToolPart, "tool" | "state">): OutputPiece | undefined {
    if (state.status === "pending") return undefined;
    const output = stringProperty(state.metadata, "output");
    if (state.status !== "completed") return output === undefined ? undefined : this.#grown(output);
    const isTold = this.#total > 0;
    if (!isTold && tool !== "bash") return undefined;
    if (!isTold && output?.replace(remark, "") === noOutput) return undefined;
    // Of a long output the stored result is a part only, with a note in front of it.
    if (output !== undefined && (output.length < kept || state.metadata["truncated"] === true))
      return this.#grown(output);
    return this.#whole(state.output.replace(remark, ""));
  }

  #grown(output: string): OutputPiece | undefined {
    const isCut = output.length > kept && output.startsWith(cutMark);
    return isCut ? this.#cut(output.slice(cutMark.length)) : this.#whole(output);
  }

  /** All of the output until now. */
  #whole(output: string): OutputPiece | undefined {
    if (this.#total === 0 || output.startsWith(this.#end, this.#total - this.#end.length))
      return this.#told(output.slice(this.#total), output.length);
    // A part was not heard: the rest begins behind the last of what was told.
    const at = this.#end === "" ? -1 : output.lastIndexOf(this.#end);
    return at < 0 ? undefined : this.#told(output.slice(at + this.#end.length), output.length);
  }

  /** The end of the output. */
  #cut(window: string): OutputPiece | undefined {
    const overlap = overlapOf(this.#end, window);
    // A read may have been overtaken by events. Equal lines have a little in common in both directions.
    if (overlap < window.length / 2 && overlapOf(window, this.#end) > overlap) return undefined;
    const text = window.slice(overlap);
    // How much is missing in front of it the server does not tell: at least one character.
    return this.#told(text, this.#total + text.length + (overlap === 0 ? 1 : 0));
  }

  #told(text: string, total: number): OutputPiece | undefined {
    if (text === "") return undefined;
    this.#end = (this.#end + text).slice(-kept);
    this.#total = total;
    return { text: copied(text), total };
  }
}

/** A slice of a state keeps the whole state in memory (V8). */
function copied(text: string): string {
  return ` ${text}`.slice(1);
}

/** How many of the first characters of `after` are the last of `before`; 0 for a few, which may be so by chance. */
function overlapOf(before: string, after: string): number {
  const probe = before.slice(-shortestOverlap);
  if (probe.length < shortestOverlap) return 0;
  let at = after.length;
  for (let tries = 0; tries < mostTries; tries += 1) {
    at = at < 0 ? -1 : after.lastIndexOf(probe, at);
    if (at < 0) return 0;
    const length = at + shortestOverlap;
    if (length <= before.length && before.endsWith(after.slice(0, length))) return length;
    at -= 1;
  }
  return overlapOfRepetitive(before, after);
}

/** The same for texts that repeat themselves, in one pass over both. */
function overlapOfRepetitive(before: string, after: string): number {
  const borders = new Int32Array(after.length + 1);
  for (let at = 1, length = 0; at < after.length; at += 1) {
    while (length > 0 && after[at] !== after[length]) length = borders[length] ?? 0;
    if (after[at] === after[length]) length += 1;
    borders[at + 1] = length;
  }
  let length = 0;
  for (const unit of before.split("")) {
    while (length > 0 && (length === after.length || unit !== after[length])) length = borders[length] ?? 0;
    if (unit === after[length]) length += 1;
  }
  return length < shortestOverlap ? 0 : length;
}
