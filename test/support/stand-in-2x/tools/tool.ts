/** A tool of the stand-in. */
import type { JsonRecord } from "../../../../src/util/json.js";
import type { Shape } from "../http/shape.js";
import type { Content, SessionRecord } from "../types.js";
import type { World } from "../world.js";

/** What a call has to work with. */
export interface ToolCall {
  readonly world: World;
  readonly record: SessionRecord;
  /** The session's directory. */
  readonly directory: string;
  /** Where the call stands, for asks. */
  readonly source: { readonly type: "tool"; readonly messageID: string; readonly id: string };
  readonly signal: AbortSignal;
  readonly progress: (metadata: JsonRecord) => void;
  /** Asks the rules, and then the user. Rejects when it is not allowed. */
  readonly require: (need: {
    readonly action: string;
    readonly resources: readonly string[];
    readonly save?: readonly string[];
    readonly metadata?: JsonRecord;
  }) => Promise<void>;
}

export interface ToolResult {
  readonly content: Content[];
  readonly metadata?: JsonRecord;
}

export interface Tool {
  readonly name: string;
  /** The action that rules name. */
  readonly action: string;
  readonly description: string;
  readonly parameters: JsonRecord;
  readonly shape: Shape;
  readonly run: (input: JsonRecord, call: ToolCall) => Promise<ToolResult>;
}

/** A JSON schema of an object; names with `?` may be left out. */
export function parameters(fields: Readonly<Record<string, JsonRecord>>): JsonRecord {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [name.replace("?", ""), schema]),
  );
  return { type: "object", properties, required: Object.keys(fields).filter((name) => !name.endsWith("?")) };
}

export function textResult(text: string, metadata: JsonRecord = {}): ToolResult {
  return { content: [{ type: "text", text }], metadata };
}
