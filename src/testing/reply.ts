/** Replies of the scripted model, and helpers to write them. */

/**
 * Text of a reply. A string is one chunk. An array or iterable has one chunk per element, and an element may be a promise
 * ({@link hold}). An async iterable produces chunks over time. An iterator serves one reply only: a script that needs one
 * several times creates it in a function.
 */
export type TextSource = string | Iterable<string | PromiseLike<string>> | AsyncIterable<string>;

/** Token numbers that the model reports. They arrive unchanged in the `tokens` of the assistant message. */
export interface ScriptedUsage {
  /** Prompt tokens, without those read from the cache. */
  readonly input: number;
  /** Tokens of the answer, without the reasoning. */
  readonly output: number;
  /** Tokens of the reasoning. @default 0 */
  readonly reasoning?: number | undefined;
  /** Prompt tokens read from the cache. @default 0 */
  readonly cacheRead?: number | undefined;
}

/** One tool call of a reply. */
export interface ScriptedToolCall {
  /** Name of the tool as the model sees it, for example `"bash"`. An unknown name is sent unchanged. */
  readonly name: string;
  /** Arguments of the call, sent as JSON. A string is sent unchanged, so that it can be invalid JSON. */
  readonly args: unknown;
  /** Id of the call. @default random */
  readonly id?: string | undefined;
  /**
   * Result of the tool, in an agent in memory, which runs no tools. A promise ({@link hold}) keeps the call running until it
   * resolves; `{ error }` makes the call fail. A name of no built-in tool stands for an existing tool. The real agent runs its own
   * tools and ignores this.
   * @default "ok"; the tools that ask the user or store something have results of their own
   */
  readonly output?:
    | string
    | PromiseLike<string>
    | {
        /** Error message of the failed call. */
        readonly error: string;
      }
    | undefined;
  /** Title of the call, in an agent in memory. @default the title of the real tool, where known */
  readonly title?: string | undefined;
  /** Merged over the metadata of the finished call, in an agent in memory. @default none */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Common parts of replies with an answer. */
export interface SpokenParts {
  /** Text of the answer. @default none */
  readonly text?: TextSource | undefined;
  /** Reasoning, sent before the text as `reasoning_content`. @default none */
  readonly reasoning?: TextSource | undefined;
  /** Pause between two chunks, in ms. @default 0 */
  readonly delay?: number | undefined;
  /** Token numbers of the reply. @default { input: 10, output: 5 } */
  readonly usage?: ScriptedUsage | undefined;
}

/** A reply with text, tool calls, or both. `{}` is an empty answer. */
export interface SpokenReply extends SpokenParts {
  /** Tool calls, sent after the text. @default none */
  readonly toolCalls?: readonly ScriptedToolCall[] | undefined;
  /**
   * How the stream ends. `"stop"`, `"length"`, `"content_filter"` and `"tool_calls"` are finish reasons; `"cut"` destroys
   * the connection; `"hang"` sends nothing more until the client disconnects or the model is closed; `{ error }` sends an error
   * inside the stream.
   * @default "tool_calls" with tool calls, otherwise "stop"
   */
  readonly end?:
    | "stop"
    | "length"
    | "content_filter"
    | "tool_calls"
    | "cut"
    | "hang"
    | {
        /** Error message, or the complete error object in OpenAI's form. */
        readonly error: string | Readonly<Record<string, unknown>>;
      }
    | undefined;
}

/**
 * A reply with a structured output: a call of opencode's tool `StructuredOutput` if the request offers it, otherwise the JSON of
 * the value as text.
 */
export interface StructuredReply extends SpokenParts {
  /** The output. */
  readonly structured: unknown;
}

/** An HTTP error. opencode retries 408, 409, 429 and 5xx; `headers: { "retry-after": "0.2" }` keeps its waits short. */
export interface ErrorReply {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Error message. @default "scripted STATUS" */
  readonly message?: string | undefined;
  /** The complete JSON body. @default { error: { message } } */
  readonly body?: unknown;
  /** Further response headers. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** No response, not even headers, until the client disconnects or the model is closed. */
export interface SilentReply {
  /** Tells this reply from the others. */
  readonly silent: true;
}

/** One reply of the model. A string is short for `{ text }`. */
export type Reply = string | SpokenReply | StructuredReply | ErrorReply | SilentReply;

/** Makes a reply that calls one tool. The last argument may add text before the call, and the tool's result in an agent in memory. */
export function toolCall(
  name: string,
  args: unknown,
  { output, title, metadata, ...rest }: SpokenParts & Omit<ScriptedToolCall, "name" | "args" | "id"> = {},
): SpokenReply {
  return toolCalls([{ name, args, output, title, metadata }], rest);
}

/** Makes a reply that calls several tools at once. `rest` may add text before the calls. */
export function toolCalls(calls: readonly ScriptedToolCall[], rest?: SpokenParts): SpokenReply {
  return { ...rest, toolCalls: calls };
}

/**
 * Makes replies that fail: `error` for the first `times` requests, then `reply`. The list is a script, or a part of one
 * (`[...failing(2, { status: 500 }, "fine"), "next"]`). Each attempt of opencode is a request.
 */
export function failing(times: number, error: Reply, reply: Reply): Reply[] {
  return [...new Array<Reply>(times).fill(error), reply];
}

/** A chunk of text that is sent when the test calls `release()`. */
export interface HeldText extends Promise<string> {
  /** Sends the chunk. Further calls do nothing. */
  release(): void;
}

/** Makes a chunk that waits for its `release()`: `{ text: ["first ", second] }` with `const second = hold("second")`. */
export function hold(text: string): HeldText {
  let release = (): void => {};
  const released = new Promise<string>((resolve) => {
    release = () => resolve(text);
  });
  return Object.assign(released, { release });
}
