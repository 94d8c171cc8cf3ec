/**
 * Titles of sessions. The 2.0 preview names each after the time of its creation (1.18.18), so this browser remembers the first words of the
 * conversation.
 */
import type { SessionInfo } from "../../client.js";
import { isRecord, load, save } from "./storage.js";

const name = "titles";
/** Titles that are remembered; one more forgets the oldest. */
const most = 500;

/** The remembered title, or that of the agent. */
export function titleOf({ id, title }: Pick<SessionInfo, "id" | "title">): string {
  const kept = remembered()[id];
  return typeof kept === "string" ? kept : title;
}

/** Remembers the title of a session unless there is one. */
export function rememberTitle(id: string, title: string): void {
  const all = remembered();
  if (title === "" || all[id] !== undefined) return;
  save(name, Object.fromEntries([...Object.entries(all), [id, title]].slice(-most)));
}

/** The first line of a prompt, shortened. */
export function titleFrom(prompt: string): string {
  const line = prompt.split("\n", 1)[0]?.trim() ?? "";
  return line.length > 60 ? `${line.slice(0, 59).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}

function remembered(): Record<string, unknown> {
  return load(name, isRecord) ?? {};
}
