/** Runs one call of a tool and records how it ended. */
import { isRecord, type JsonRecord } from "../../../../src/util/json.js";
import { Declined, ToolFailure } from "../run/endings.js";
import type { StepWriter } from "../run/step-writer.js";
import type { SessionRecord, ToolPart } from "../types.js";
import type { World } from "../world.js";
import { toolsOf } from "./offered.js";
import type { ToolCall } from "./tool.js";

/** @throws The signal's reason, unrecorded; `Declined`, recorded. Other failures are the model's to see. */
export async function runTool(
  world: World,
  record: SessionRecord,
  writer: StepWriter,
  part: ToolPart,
  input: unknown,
  signal: AbortSignal,
): Promise<void> {
  const source = { type: "tool", messageID: writer.message.id, id: part.id } as const;
  const call: ToolCall = {
    world,
    record,
    directory: record.info.location.directory,
    source,
    signal,
    progress: (metadata) => writer.toolProgress(part, metadata),
    require: (need) => world.asks.require(record, { ...need, source }, signal),
  };
  try {
    const tool = toolsOf(world, record).find(({ name }) => name === part.name);
    if (tool === undefined) throw new ToolFailure(`Unknown tool: ${part.name}`, "tool.unknown");
    const problem = isRecord(input) ? tool.shape(input, "input") : "Expected an object";
    if (problem !== undefined) throw new ToolFailure(`Invalid input of ${part.name}: ${problem}`, "tool.invalid-input");
    const { content, metadata } = await tool.run(input as JsonRecord, call);
    signal.throwIfAborted();
    writer.toolSucceeded(part, content, metadata ?? {});
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolFailure) {
      return writer.toolFailed(part, { type: error.type, message: error.message }, error);
    }
    if (error instanceof Declined) {
      writer.toolFailed(part, { type: "aborted", message: error.message });
      throw error;
    }
    writer.toolFailed(part, { type: "tool.execution", message: String(error) });
  }
}
