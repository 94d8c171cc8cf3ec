/** Sums up a session, on request or when its context is full. */
import { newId } from "../ids.js";
import type { CompactionMessage, SessionRecord } from "../types.js";
import type { World } from "../world.js";
import { completeText, isError, sessionModel, wireError } from "./session-model.js";
import { conversation } from "./transcript.js";

const system = "You are an assistant that summarizes conversations.";

/** Returns whether it was done. A failure is an event and a message; the signal's reason is thrown. */
export async function compact(
  world: World,
  record: SessionRecord,
  reason: "auto" | "manual",
  signal: AbortSignal,
  inputID?: string,
): Promise<boolean> {
  const input = inputID === undefined ? {} : { inputID };
  const recent = JSON.stringify(conversation(record).slice(-1));
  const messages = [
    { role: "system", content: system },
    ...conversation(record),
    { role: "user", content: "Summarize." },
  ];
  const message: CompactionMessage = {
    id: inputID ?? newId("msg"),
    type: "compaction",
    status: "running",
    reason,
    summary: "",
    recent,
    time: { created: Date.now() },
  };
  record.messages.push(message);
  world.hub.durable(record, "session.compaction.started", { reason, recent, ...input });
  try {
    const model = sessionModel(world, record);
    if (isError(model)) throw model;
    const onDelta = (text: string): void => world.hub.passing(record, "session.compaction.delta", { text });
    const { text, cost, tokens } = await completeText(record, model, messages, signal, onDelta);
    Object.assign(message, { status: "completed", summary: text, model: model.ref, cost, tokens });
    record.info.cost += cost;
    world.hub.hole(record); // session.usage.recorded
    const fields = { reason, model: model.ref, text, recent, cost, tokens, ...input };
    world.hub.durable(record, "session.compaction.ended", fields);
    return true;
  } catch (error) {
    const failure = signal.aborted ? { type: "aborted", message: "Compaction interrupted" } : wireError(error);
    Object.assign(message, { status: "failed", error: failure });
    world.hub.durable(record, "session.compaction.failed", { reason, error: failure, ...input });
    signal.throwIfAborted();
    return false;
  }
}

/** True when the next step would not fit into the model's context. */
export function isFull(world: World, record: SessionRecord): boolean {
  const model = sessionModel(world, record);
  if (isError(model) || model.model.limit.context === 0) return false;
  const { context, input, output } = model.model.limit;
  const room = input ?? context - output;
  const messages = conversation(record);
  const last = record.messages.at(-1);
  if (messages.length < 2 || last?.type === "compaction") return false;
  const since = record.messages.findLastIndex(({ type }) => type === "compaction");
  const step = record.messages.slice(since + 1).findLast((message) => message.type === "assistant");
  const used = step?.type === "assistant" && step.tokens !== undefined ? step.tokens : undefined;
  const counted = used === undefined ? 0 : used.input + used.output + used.cache.read;
  return Math.max(counted, JSON.stringify(messages).length / 4) >= room;
}
