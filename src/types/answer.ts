/** The result of a turn, and the server's own objects under short names. */
import type { Schemas } from "../generated/schema.js";
import type { DecidedBy } from "./decision.js";

export type { Schemas };

/** One piece of a message, as the server stores it: text, reasoning, tool call, file, step marks … */
export type Part = Schemas["Part"];
/** A tool call, with its state. */
export type ToolPart = Schemas["ToolPart"];
/** The head of a user message. */
export type UserMessage = Schemas["UserMessage"];
/** The head of an assistant message. Each model step has one. */
export type AssistantMessage = Schemas["AssistantMessage"];
/** A session as the server describes it. */
export type SessionInfo = Schemas["Session"];
/** One entry of the agent's todo list. */
export type Todo = Schemas["Todo"];
/** The changes of one file. */
export type FileDiff = Schemas["SnapshotFileDiff"];
/** One permission rule of the server. The last rule that matches wins. */
export type PermissionRule = Schemas["PermissionRule"];

/** A stored message with its parts. */
export interface ReadableMessage {
  /** The head of the message: id, role, time, and for the assistant also model, tokens and cost. */
  readonly info: UserMessage | AssistantMessage;
  /** The pieces of the message, in order. */
  readonly parts: Part[];
  /** The message as a 2.x server stores it. Absent on 1.x, where {@link info} and {@link parts} are the stored message. */
  readonly raw?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A stored message that the server cannot read: the first prompt of a session, if it asked for structured output in the
 * server's native form (1.18.33).
 */
export interface UnreadableMessage {
  /** The known part of the head. */
  readonly info: {
    /** Replaces the message's own role, which is unknown. No check for `"user"` or `"assistant"` matches it. */
    readonly role: "unreadable";
    /** Id of the message. `undefined` if no stored message answers it. */
    readonly id: string | undefined;
    /** Id of the session that has the message. */
    readonly sessionID: string;
  };
  /** Always empty. */
  readonly parts: Part[];
}

/** One entry of a session's history. `info.role` tells the kinds apart: `"user"`, `"assistant"` or `"unreadable"`. */
export type Message = ReadableMessage | UnreadableMessage;

/** Tokens of all model steps of a turn and of its sub-agents. */
export interface Usage {
  /** Prompt tokens that the provider's cache neither held nor stored. */
  readonly input: number;
  /** Tokens of the answer, without the reasoning. */
  readonly output: number;
  /** Tokens of the reasoning. */
  readonly reasoning: number;
  /** Prompt tokens that the provider read from its cache. */
  readonly cacheRead: number;
  /** Prompt tokens that the provider stored in its cache. */
  readonly cacheWrite: number;
  /** Sum of all tokens. */
  readonly total: number;
}

/** Usage of one model. */
export interface ModelUsage extends Usage {
  /** USD, by the server's price list. */
  readonly cost: number;
  /**
   * False if {@link cost} is incomplete: the model has no price, or a step has not ended. The server stores the usage of a step
   * when the step ends, so a server crash loses the usage of the interrupted step (1.18.33). The server does not distinguish a
   * free model from a model without a price.
   */
  readonly costKnown: boolean;
}

/** Tokens of a session tree: the session's own steps and those of its sub-agents. */
export interface TreeUsage extends Usage {
  /** Usage by `"provider/model"`. Sub-agents and compactions may use other models than the turn. */
  readonly byModel: Readonly<Record<string, ModelUsage>>;
}

/** Usage of a session so far. */
export interface SessionUsage extends TreeUsage {
  /** USD, by the server's price list. */
  readonly cost: number;
  /** False if a model of the tree has no price, or if a step was interrupted or is still running. */
  readonly costKnown: boolean;
}

/** Tokens of a context by kind. Only their sum is known: tools, messages and files are estimated by their characters. */
export interface ContextKinds {
  /** The rest: system prompt and descriptions of the tools. */
  readonly system: number;
  /** Calls of tools and their results. */
  readonly tools: number;
  /** Prompts and answers. */
  readonly messages: number;
  /** Text of attached files. */
  readonly files: number;
}

/** How full the model's context is. All sizes are tokens. */
export interface ContextUsage {
  /** What the last model step has used: the next one begins with it. Before the first step it is estimated. */
  readonly used: number;
  /** What the model takes: the last one, or before the first step the one of the next turn. `undefined` if it is not known. */
  readonly limit: number | undefined;
  /** Kept free for the answer: the server compacts when the rest is used. `undefined` if it does not compact, and on 2.x. */
  readonly reserved: number | undefined;
  /** `used / limit` */
  readonly share: number | undefined;
  /** `used` by kind, estimated. */
  readonly byKind: ContextKinds;
  /** How many turns fit in before a compaction if they grow as before. `undefined` before the second turn, and if `reserved` is. */
  readonly turnsLeft: number | undefined;
}

/** A tool call of the agent. */
export interface ToolCall {
  /** Id of the call. The tool events have it as `callId`. */
  readonly id: string;
  /** Name of the tool, for example `"bash"`. */
  readonly tool: string;
  /** Arguments of the call, as the model wrote them. */
  readonly input: Readonly<Record<string, unknown>>;
  /** State of the call at the end of the turn. */
  readonly status: "pending" | "running" | "completed" | "error";
  /** Result of a completed call, as the model reads it. */
  readonly output?: string | undefined;
  /** Error message of a failed call. */
  readonly error?: string | undefined;
  /** Duration in ms, once the call has ended. */
  readonly durationMs?: number | undefined;
}

/** A permission that was refused during the turn. */
export interface Denial {
  /** Name of the permission, for example `"bash"`. */
  readonly permission: string;
  /** The refused subjects: command lines, paths … */
  readonly patterns: readonly string[];
  /** The reason that the agent received. The server's own rules give "The user has specified a rule which prevents you …". */
  readonly reason: string;
  /** The decider. Absent if the server itself refused. */
  readonly by?: DecidedBy | undefined;
  /** The session that asked: the turn's own, or a sub-agent's. */
  readonly sessionId: string;
}

/** One model that a turn has asked. With `fallbackModels` there may be several. */
export interface Attempt {
  /** The model, as `"provider/model"`; `""` if the server failed before it named one. */
  readonly model: string;
  /** The failure, an {@link OpencodeError}; `undefined` for the model that answered. */
  readonly error?: Error | undefined;
}

/** The answer of one turn. */
export interface Answer<T = undefined> {
  /** Text of the last model step. */
  readonly text: string;
  /** The validated output if a `schema` was given, otherwise `undefined`. */
  readonly output: T;
  /** The session that ran the turn. */
  readonly sessionId: string;
  /** Id of the user message, the prompt. */
  readonly messageId: string;
  /** All parts of all assistant messages of the turn, in order. */
  readonly parts: readonly Part[];
  /** The model that answered, as `"provider/model"`. */
  readonly model: string;
  /** The models that were asked, in order. The last one answered; the others have failed. One without `fallbackModels`. */
  readonly attempts: readonly Attempt[];
  /** The tool calls of the turn's own session, in order. */
  readonly toolCalls: readonly ToolCall[];
  /** Usage of all model steps, including sub-agents and compactions. */
  readonly usage: TreeUsage;
  /** USD, by the server's price list. A model without a price counts as 0: see {@link costKnown}. */
  readonly cost: number;
  /** False if a model of the turn has no price, or if a server crash interrupted a step. Then {@link cost} is incomplete. */
  readonly costKnown: boolean;
  /** Why the model stopped: `"stop"`, `"length"`, `"tool-calls"`, `"content-filter"` … */
  readonly finishReason: string;
  /** Every refused permission of the turn and its sub-agents: requests that were refused, and denials by the server's own rules. */
  readonly denials: readonly Denial[];
  /** How often the server ended during the turn, so that the interrupted step ran again. Usually 0. */
  readonly interruptions: number;
  /** Returns {@link text}. */
  toString(): string;
}

/** A model that the server can use. */
export type ModelInfo = Schemas["Model"] & {
  /** `"provider/model"`, the form that the option `model` takes. */
  readonly fullName: string;
};
/** A provider of models, with its models by id. It may hold keys: do not log it. */
export type ProviderInfo = Schemas["Provider"];
/** An agent of the server: `build`, `plan` … */
export type AgentInfo = Schemas["Agent"];
/** A command of the server, for `Session.command()`. */
export type CommandInfo = Schemas["Command"];
