/** The data that a caller gives to `AgentApi`, and how a call is made. */
import type { PermissionRule, ReadableMessage, Schemas } from "../types/answer.js";

/** How one call is made. Absent fields are the client's own. */
export interface ApiCall {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Of one try, in ms; 0 means no limit. */
  readonly timeout?: number | undefined;
  /** How often the call is repeated after a failure that passes. */
  readonly maxRetries?: number | undefined;
  /** Another directory than that of the `AgentApi`. */
  readonly directory?: string | undefined;
}

/** A model of a provider. */
export interface ModelRef {
  readonly providerID: string;
  readonly modelID: string;
}

/** A compaction with the model that makes the summary, where the server lets it be chosen. */
export interface CompactionInput extends ModelRef {
  /** Where the server takes an id, the same one makes no second summary. */
  readonly messageId: string;
}

/** A session that is to be made. */
export interface SessionDraft {
  /** The id, where the server takes one. */
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly agent?: string | undefined;
  readonly model?: ModelRef | undefined;
  /** Of the model. */
  readonly variant?: string | undefined;
  /** Rules behind the agent's own, in order: the last that matches wins. */
  readonly permission?: readonly PermissionRule[] | undefined;
  readonly parentId?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** A conversation that another server had. */
export interface StoredConversation {
  readonly title: string;
  readonly agent?: string | undefined;
  readonly model?: ModelRef | undefined;
  readonly variant?: string | undefined;
  /** Rules behind the agent's own, in order: the last that matches wins. */
  readonly permission: readonly PermissionRule[];
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** When the session was made, in ms since 1970. */
  readonly created: number;
  /** Oldest first, all of them over, each step with the id of a prompt before it. Their ids count among themselves only. */
  readonly messages: readonly ReadableMessage[];
}

/** Which sessions are listed. */
export interface SessionFilter {
  /** How many at most. */
  readonly limit?: number | undefined;
  /** Text in the title. */
  readonly search?: string | undefined;
  /** Changed since, in ms since 1970. */
  readonly start?: number | undefined;
}

/** What is changed in a session. */
export interface SessionChanges {
  readonly title?: string | undefined;
  /** When it was archived, in ms since 1970; 0 takes it out of the archive. */
  readonly archivedAt?: number | undefined;
  /** All of it: what is not named is gone. Only where the server `changesMetadata`. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Rules behind those that the session has. */
  readonly addedRules?: readonly PermissionRule[] | undefined;
  /** Taken out before that, wherever they stand in a row; `"all"`: whatever it has. Only where the server `handsOnRules`. */
  readonly removedRules?: readonly PermissionRule[] | "all" | undefined;
}

/** A part of a prompt. */
export type PartInput = Schemas["TextPartInput" | "FilePartInput" | "AgentPartInput" | "SubtaskPartInput"];

/** A prompt with every id fixed. Its fields have the names of the stored message. */
export interface PromptInput {
  messageID: string;
  parts: PartInput[];
  model?: { providerID: string; modelID: string };
  agent?: string;
  /** Appended to the agent's own system prompt. */
  system?: string;
  variant?: string;
  /** Which form the answer has. */
  format?: Schemas["OutputFormat"];
  /** Tools that are switched on or off by name. */
  tools?: Record<string, boolean>;
}

/** What a turn may choose: model, agent and variant. */
export type TurnSettings = Pick<PromptInput, "model" | "agent" | "variant">;

/** A command of the server's configuration, with its arguments. */
export interface CommandInput {
  readonly messageId: string;
  readonly name: string;
  readonly arguments: string;
  /** `"provider/model"`. */
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  readonly variant?: string | undefined;
}

/** A shell line that is run without a model. */
export interface ShellInput {
  readonly messageId: string;
  readonly command: string;
  /** The agent whose name the record has. */
  readonly agent: string;
}

/** The place in a session that it is reverted to: a message, or one part of it. */
export interface RevertPoint {
  readonly messageId: string;
  readonly partId?: string | undefined;
}

/** The answer to a permission request. */
export type PermissionAnswer =
  | { readonly reply: "once" | "always" }
  | { readonly reply: "reject"; readonly message?: string | undefined };

/** Where a walk through the messages of a session begins. */
export interface WalkOptions {
  /** Messages of the first page. @default 50 */
  readonly limit?: number | undefined;
  /** A cursor. @default The newest message is the first. */
  readonly before?: string | undefined;
  /** Ids of prompts whose answers are newer than `before`. */
  readonly asked?: readonly string[] | undefined;
  /** How the pages are read. */
  readonly call?: ApiCall | undefined;
}

/** A permission request that no list has: the tool call that waits for it is known, and not its id. */
export interface UnlistedPermission {
  readonly sessionId: string;
  readonly permission: string;
  readonly pattern: string;
}
