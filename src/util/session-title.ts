/** A session's title from its first prompt: without one the server asks a model for it. */
import { cut } from "./truncate.js";

/** UTF-16 units. */
const longest = 60;

/** The first line that has something on it, at most 60 characters; empty for a text without any. */
export function titleOfText(text: string): string {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  return line.length > longest ? `${cut(line, longest - 1)}…` : line;
}
