/** What a step and its tool calls are made of. */
import type { JsonRecord } from "../../util/json.js";
import type { PlannedCall } from "../plan.js";
import type { Agent } from "./agents.js";
import type { AskOrigin } from "./asks.js";
import type { Info, Message, Rule, Session } from "./records.js";
import type { Run } from "./run-handle.js";

/** What a step is made of. */
export interface Step {
  readonly run: Run;
  readonly session: Session;
  /** The assistant message that is filled. */
  readonly message: Message;
  readonly user: Info;
  readonly agent: Agent;
  /** The agent's rules and the session's. */
  readonly rules: readonly Rule[];
  /** Names of the tools that are offered. */
  readonly tools: readonly string[];
  /** The request's body: messages, tools. */
  readonly body: JsonRecord;
}

/** How the run goes on after a step. */
export type StepEnd = "continue" | "stop" | "compact";

/** A call as its tool is given it. */
export interface ToolCall {
  readonly step: Step;
  readonly input: JsonRecord;
  readonly planned: PlannedCall;
  readonly origin: AskOrigin;
  /** Tells what the call has come to so far. */
  readonly progress: (title: string | undefined, metadata: JsonRecord) => void;
}

/** What a tool gives back. */
export interface ToolResult {
  readonly title: string;
  readonly output: string;
  readonly metadata: JsonRecord;
}
