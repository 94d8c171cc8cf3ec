/** The instructions of a session: told at its first step, and again when an entry has changed. */
import { newId } from "../ids.js";
import type { SessionRecord } from "../types.js";
import type { World } from "../world.js";

/** Tells the model what has changed since it was last told, as a system message that stays. */
export function tellInstructions(world: World, record: SessionRecord): void {
  const delta: Record<string, string> = {};
  const now = Object.fromEntries(Object.entries(record.entries).map(([key, value]) => [key, textOf(value)]));
  for (const [key, text] of Object.entries(now)) if (record.told[key] !== text) delta[key] = text;
  const removed = Object.keys(record.told).filter((key) => now[key] === undefined && key !== "core");
  for (const key of removed) delta[key] = "removed";
  const lines = Object.entries(delta).map(([key, text]) => (text === "removed" ? `${key}: no longer counts` : text));
  if (record.told["core"] === undefined) delta["core"] = "environment";
  if (Object.keys(delta).length === 0) return;
  record.told = { ...now, core: "environment" };
  const text = lines.join("\n");
  if (text !== "") record.messages.push({ id: newId("msg"), type: "system", text, time: { created: Date.now() } });
  world.hub.durable(record, "session.instructions.updated", { delta, ...(text === "" ? {} : { text }) });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
