/** Tools of the application that the agent can call, as callers see them. */
import type { JsonSchema, StandardSchema } from "./schema.js";

/** The second argument of `execute`. */
export interface ToolContext {
  /** The session that calls the tool: the turn's own, or a sub-agent's. */
  readonly sessionId: string;
  /** Id of the assistant message that has the call. */
  readonly messageId: string;
  /** Id of the call. The events `tool-call`, `tool-result` and `tool-error` have the same. */
  readonly callId: string;
  /** Directory of the session. */
  readonly directory: string;
  /** Aborts when the turn is aborted, when the tool's `timeout` has passed, and when the client is closed. */
  readonly signal: AbortSignal;
  /** Reports progress to the server, which then knows that the tool is at work. The server does not pass it on (1.18.33). */
  readonly progress: (update?: ToolProgress) => void;
}

/** Progress of a tool. */
export interface ToolProgress {
  /** A short text about the current work. */
  readonly message?: string | undefined;
  /** Finished units of work, out of `total`. */
  readonly done?: number | undefined;
  /** Units of work in total. */
  readonly total?: number | undefined;
}

/** A piece of a tool's result, for results with images. */
export type ToolContent =
  | {
      /** A text. */
      readonly type: "text";
      /** The text. */
      readonly text: string;
    }
  | {
      /** An image. */
      readonly type: "image";
      /** The bytes of the image file, or their base64 text. */
      readonly data: Uint8Array | string;
      /** Media type, for example `"image/png"`. */
      readonly mimeType: string;
    };

/** The part of a tool's definition that does not depend on its schema. */
interface ToolDescription {
  /** Name: a letter, then up to 47 letters, digits, `_` or `-`. The agent sees it with a prefix: `app_<name>`. */
  readonly name: string;
  /** Purpose of the tool, for the agent. */
  readonly description: string;
  /**
   * Limit of one call, in ms. After it the call's signal aborts, and the agent receives an error. `Infinity`: no limit.
   * @default 600_000
   */
  readonly timeout?: number | undefined;
}

/** A tool with a Standard Schema (zod 4, arktype, …) of type object for its arguments. */
export interface ToolDefinition<Args> extends ToolDescription {
  /** Schema of the arguments. They are validated before `execute` runs. */
  readonly input: StandardSchema<Args>;
  /**
   * Runs the tool. The agent receives the result: a text unchanged, content (one piece or a list), nothing, or any other value as
   * JSON; at most 1,000,000 characters of text and 20 MB of images. If it throws, the agent receives the message as an error of
   * the tool.
   */
  readonly execute: (args: Args, context: ToolContext) => unknown;
}

/** A tool with a JSON Schema of type object for its arguments. */
export interface JsonToolDefinition<Args> extends ToolDescription {
  /** Schema of the arguments. They are validated before `execute` runs. */
  readonly input: JsonSchema;
  /**
   * Runs the tool. The agent receives the result: a text unchanged, content (one piece or a list), nothing, or any other value as
   * JSON; at most 1,000,000 characters of text and 20 MB of images. If it throws, the agent receives the message as an error of
   * the tool.
   */
  readonly execute: (args: Args, context: ToolContext) => unknown;
}

/** A tool for `createOpencode({ tools })` and `createSession({ tools })`. `defineTool()` makes it. */
export interface Tool {
  /** Name of the tool, without the prefix `app_`. */
  readonly name: string;
  /** Purpose of the tool, for the agent. */
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Limit of one call, in ms. */
  readonly timeout: number;
}
