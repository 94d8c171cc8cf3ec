/** The work of one busy time: what is in the inbox, and the steps that it takes. */
import { newId } from "../ids.js";
import type { InboxItem, SessionRecord, WireError } from "../types.js";
import type { World } from "../world.js";
import { compact } from "./compaction.js";
import { interruptedTool } from "./endings.js";
import { deliver } from "./inbox.js";
import { runStep } from "./step.js";

/** Steps that may be cut in a row before the run gives up. */
const maxCuts = 3;

/** Works until nothing is left. Returns the error that ended it, if one did. `parked` are queued items that stay. */
export async function drain(
  world: World,
  record: SessionRecord,
  parked: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<WireError | undefined> {
  let isStepDue = isUnanswered(record);
  let steps = 0;
  let cuts = 0;
  for (;;) {
    const steers = record.inbox.filter(({ delivery }) => delivery === "steer");
    if ((await take(world, record, steers, signal)) > 0) isStepDue = true;
    if (!isStepDue) {
      const queued = record.inbox.filter(({ id }) => !parked.has(id)).slice(0, 1);
      if (queued.length === 0) return undefined;
      isStepDue = (await take(world, record, queued, signal)) > 0;
      steps = 0;
      continue;
    }
    const end = await runStep(world, record, steps, signal);
    steps += 1;
    if (end.type === "failed") return end.error;
    cuts = end.type === "cut" ? cuts + 1 : 0;
    if (cuts > maxCuts) return { type: "provider.transport", message: "Provider stream failed again and again" };
    isStepDue = end.type !== "done";
  }
}

/** Whether there is something that the next run would take. */
export function hasWork(record: SessionRecord, parked: ReadonlySet<string>): boolean {
  return record.inbox.some(({ id }) => !parked.has(id));
}

/**
 * Closes what a killed server left open: running tools fail, and the cut message gets its time. Only a run does this, never the
 * start of the server.
 */
export function repair(world: World, record: SessionRecord): void {
  for (const message of record.messages) {
    if (message.type !== "assistant" || message.time.completed !== undefined) continue;
    for (const part of message.content) {
      if (part.type !== "tool" || part.state.status === "completed" || part.state.status === "error") continue;
      const input = typeof part.state.input === "string" ? {} : part.state.input;
      part.state = { status: "error", input, error: interruptedTool };
      part.time.completed = Date.now();
      const fields = { assistantMessageID: message.id, id: part.id, error: interruptedTool, executed: false };
      world.hub.durable(record, "session.tool.failed", fields);
    }
    message.time.completed = Date.now();
  }
}

/** Delivers in order. Returns how many of them want an answer of the model. */
async function take(
  world: World,
  record: SessionRecord,
  items: readonly InboxItem[],
  signal: AbortSignal,
): Promise<number> {
  let prompts = 0;
  for (const item of items) {
    deliver(world, record, item);
    if (item.type === "compaction") await compact(world, record, "manual", signal, item.id);
    else if (item.type === "move") move(world, record, item);
    else prompts += 1;
  }
  return prompts;
}

function move(world: World, record: SessionRecord, { payload }: InboxItem): void {
  const location = payload["location"] as { directory: string };
  record.info.location = location;
  record.info.projectID = String(payload["projectID"]);
  record.messages.push({ id: newId("msg"), type: "location-switched", location, time: { created: Date.now() } });
  world.hub.durable(record, "session.moved", { location, projectID: record.info.projectID });
}

/** True for a run that was cut: the last message that counts is a prompt, or a step that is not the last. */
function isUnanswered(record: SessionRecord): boolean {
  if (!record.wasCut) return false;
  delete record.wasCut;
  const last = record.messages.findLast(({ type }) => type === "user" || type === "assistant" || type === "synthetic");
  if (last === undefined) return false;
  return last.type !== "assistant" || last.finish === undefined || last.finish === "tool-calls";
}
