/** The title of a root session without one, made after its first run. */
import type { SessionRecord } from "../types.js";
import type { World } from "../world.js";
import { completeText, isError, sessionModel } from "./session-model.js";

export async function makeTitle(world: World, record: SessionRecord, signal: AbortSignal): Promise<void> {
  const { title, parentID } = record.info;
  const prompt = record.messages.find((message) => message.type === "user");
  if (title !== undefined || parentID !== undefined || prompt?.type !== "user") return;
  const model = sessionModel(world, record);
  if (isError(model)) return;
  const messages = [
    { role: "system", content: "You are a title generator." },
    { role: "user", content: prompt.text },
  ];
  try {
    const { text, cost } = await completeText(record, model, messages, signal);
    record.info.cost += cost;
    world.hub.hole(record); // session.usage.recorded
    if (record.info.title !== undefined) return; // the user was faster
    record.info.title = text.trim();
    world.hub.durable(record, "session.renamed", { title: record.info.title });
  } catch {
    // a session without a title
  }
}
