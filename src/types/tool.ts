/** Tools of the application that the agent can call, as callers see them. */
import type { JsonSchema, StandardSchema } from "./schema.js";

/** What `execute` is told about the call. */
export interface ToolContext {
  /** The session that calls: of a sub-agent its own. */
  readonly sessionId: string;
  /** The assistant message that the call is in. */
  readonly messageId: string;
  /** As in the events `tool-call`, `tool-result` and `tool-error`. */
  readonly callId: string;
  /** Where the session works. */
  readonly directory: string;
  /** Aborts when the turn is aborted, when the tool's `timeout` is over, and when the client is closed. */
  readonly signal: AbortSignal;
  /** Tells the server how far the tool is. It keeps it to itself (1.18.33), but knows that the tool is at work. */
  readonly progress: (update?: ToolProgress) => void;
}

/** How far a tool is. */
export interface ToolProgress {
  readonly message?: string | undefined;
  /** Of `total`. */
  readonly done?: number | undefined;
  readonly total?: number | undefined;
}

/** A piece of a result that is not just text or JSON. */
export type ToolContent =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "image";
      /** The file's bytes, or the same in base64. */
      readonly data: Uint8Array | string;
      /** For example `"image/png"`. */
      readonly mimeType: string;
    };

/** What `defineTool` takes, apart from the schema and the function. */
interface ToolDescription {
  /** A letter, then up to 47 letters, digits, `_` or `-`. The agent sees it with a prefix: `app_<name>`. */
  readonly name: string;
  /** Tells the agent what the tool does and when to use it. */
  readonly description: string;
  /** How long one call may take, in ms; then its signal aborts, and the agent is told. Default 600,000; `Infinity`: no limit. */
  readonly timeout?: number | undefined;
}

/** A tool whose arguments are described by a Standard Schema (zod 4, arktype, …), of type object. */
export interface ToolDefinition<Args> extends ToolDescription {
  readonly input: StandardSchema<Args>;
  /**
   * Its result goes to the agent: a text as it is, content (one piece or a list of them), nothing, or any other value as
   * JSON; at most 1,000,000 characters of text and 20 MB of images. What it throws goes to the agent, too: the message, as
   * an error of the tool.
   */
  readonly execute: (args: Args, context: ToolContext) => unknown;
}

/** A tool whose arguments are described by a JSON Schema of type object. */
export interface JsonToolDefinition<Args> extends ToolDescription {
  readonly input: JsonSchema;
  /**
   * Its result goes to the agent: a text as it is, content (one piece or a list of them), nothing, or any other value as
   * JSON; at most 1,000,000 characters of text and 20 MB of images. What it throws goes to the agent, too: the message, as
   * an error of the tool.
   */
  readonly execute: (args: Args, context: ToolContext) => unknown;
}

/** A tool that the agent can be given: `createOpencode({ tools })`, `createSession({ tools })`. Made by `defineTool()`. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** What the agent is told of the arguments. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** ms. */
  readonly timeout: number;
}
