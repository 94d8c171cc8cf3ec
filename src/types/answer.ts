/** What a turn gives back, and the server's own objects under short names. */
import type { components } from "../generated/schema.js";
import type { DecidedBy } from "./decision.js";

/**
 * Every object of the agent's API by its name in the agent's document, for example `Schemas["Pty"]`; the union of all events is
 * `Schemas["Event"]`. Generated from 1.18.33: the names are the agent's, and may change with it.
 */
export type Schemas = components["schemas"];

/** One piece of a message, as the server stores it: text, reasoning, tool call, file, step marks … */
export type Part = Schemas["Part"];
/** A tool call, with its state. */
export type ToolPart = Schemas["ToolPart"];
/** The head of a user message. */
export type UserMessage = Schemas["UserMessage"];
/** The head of an assistant message: one per model step. */
export type AssistantMessage = Schemas["AssistantMessage"];
/** A session as the server describes it. */
export type SessionInfo = Schemas["Session"];
/** One entry of the agent's todo list. */
export type Todo = Schemas["Todo"];
/** What changed in one file. */
export type FileDiff = Schemas["SnapshotFileDiff"];
/** One permission rule of the server; the last that matches wins. */
export type PermissionRule = Schemas["PermissionRule"];

/** A stored message with its parts. */
export interface ReadableMessage {
  readonly info: UserMessage | AssistantMessage;
  readonly parts: Part[];
}

/**
 * A message that is stored but that the server cannot read: the first prompt of a session, if it asked for structured output
 * in the server's own way (1.18.33).
 */
export interface UnreadableMessage {
  readonly info: {
    /** Stands for the message's own role, which is not known, so that no check for `"user"` or `"assistant"` takes it for one. */
    readonly role: "unreadable";
    /** Known when a message that is stored answers it. */
    readonly id: string | undefined;
    readonly sessionID: string;
  };
  /** None. */
  readonly parts: Part[];
}

/** One entry of a session's history. `info.role` tells what it is: `"user"`, `"assistant"` or `"unreadable"`. */
export type Message = ReadableMessage | UnreadableMessage;

/** Tokens, over all model steps of a turn and of its sub-agents. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly total: number;
}

/** What one model has used. */
export interface ModelUsage extends Usage {
  /** USD by the server's price list. */
  readonly cost: number;
  /**
   * False when the model has no price, so that {@link cost} says nothing, or when a step has not ended: the server notes what
   * it has used then, so of a step that the server's death has cut it is lost (1.18.33). A free model cannot be told from one without a price.
   */
  readonly costKnown: boolean;
}

/** Tokens of a whole tree: the session's own steps and its sub-agents'. */
export interface TreeUsage extends Usage {
  /** The same for each model, by `"provider/model"`: sub-agents and compactions may use others than the turn. */
  readonly byModel: Readonly<Record<string, ModelUsage>>;
}

/** What a session has used until now. */
export interface SessionUsage extends TreeUsage {
  /** USD by the server's price list. */
  readonly cost: number;
  /** False when a model of the tree has no price, and when a step was cut or is still running. */
  readonly costKnown: boolean;
}

/** A tool call of the agent. */
export interface ToolCall {
  readonly id: string;
  /** Name of the tool, for example `"bash"`. */
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly status: "pending" | "running" | "completed" | "error";
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  /** Milliseconds from start to end, once it has ended. */
  readonly durationMs?: number | undefined;
}

/** A permission that was refused during the turn. */
export interface Denial {
  readonly permission: string;
  readonly patterns: readonly string[];
  /** What the agent was told. Of the server's own rules it begins with "The user has specified a rule which prevents you". */
  readonly reason: string;
  /** Who refused it. Absent when it was the server itself. */
  readonly by?: DecidedBy | undefined;
  readonly sessionId: string;
}

/** The answer of one turn. */
export interface Answer<T = undefined> {
  /** Text of the last model step. */
  readonly text: string;
  /** The validated output when a `schema` was given, otherwise `undefined`. */
  readonly output: T;
  readonly sessionId: string;
  /** Id of the user message that asked. */
  readonly messageId: string;
  /** All parts of all assistant messages of the turn, in order. */
  readonly parts: readonly Part[];
  /** The model that answered, as `"provider/model"`. */
  readonly model: string;
  readonly toolCalls: readonly ToolCall[];
  /** Of all model steps, those of sub-agents and compactions included. */
  readonly usage: TreeUsage;
  /** USD by the server's price list. It is 0 for a model without a price: see {@link costKnown}. */
  readonly cost: number;
  /** False when a model of the turn has no price, so that {@link cost} says nothing, and when a step was cut by the server's death. */
  readonly costKnown: boolean;
  /** Why the model stopped: `"stop"`, `"length"`, `"tool-calls"`, `"content-filter"` … */
  readonly finishReason: string;
  /** What the agent wanted and was refused: what it asked for, and what the server's own rules deny. Sub-agents' too. */
  readonly denials: readonly Denial[];
  /** How often the server ended in the middle of the turn, so that the interrupted step was run again. Mostly 0. */
  readonly interruptions: number;
  /** The text. */
  toString(): string;
}

/** A model that the server can use. */
export type ModelInfo = Schemas["Model"] & {
  /** `"provider/model"`, as the option `model` takes it. */
  readonly fullName: string;
};
/** A provider of models, with its models by id. It may hold keys: do not log it. */
export type ProviderInfo = Schemas["Provider"];
/** An agent of the server: `build`, `plan` … */
export type AgentInfo = Schemas["Agent"];
/** A command of the server, as `Session.command` runs it. */
export type CommandInfo = Schemas["Command"];
