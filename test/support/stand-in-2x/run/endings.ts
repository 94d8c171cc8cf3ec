/** How a tool call can end other than well. */

import type { JsonRecord } from "../../../../src/util/json.js";
import type { Content, WireError } from "../types.js";

/** The call fails, and the model is told. */
export class ToolFailure extends Error {
  readonly type: string;
  readonly content: Content[] | undefined;
  readonly metadata: JsonRecord | undefined;

  constructor(message: string, type = "tool.execution", more: { content?: Content[]; metadata?: JsonRecord } = {}) {
    super(message);
    this.type = type;
    this.content = more.content;
    this.metadata = more.metadata;
  }
}

/** The user declined without a word: the call fails, and so does the step, and the run ends. */
export class Declined extends Error {
  constructor() {
    super("The user declined this tool call");
  }
}

export const interruptedTool: WireError = { type: "aborted", message: "Tool execution interrupted" };

export const interruptedStep: WireError = { type: "aborted", message: "Step interrupted" };
