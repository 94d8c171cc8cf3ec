/** What a script is made of: the replies of the scripted model, and short ways to write them. */

/**
 * Text of a reply. A string is one chunk; an array or iterable is one chunk per element, and an element may be a promise
 * ({@link hold}); an async iterable gives its chunks when it likes. An iterator can be used for one reply only: a script
 * that answers several times with one makes it in a function.
 */
export type TextSource = string | Iterable<string | PromiseLike<string>> | AsyncIterable<string>;

/** Token numbers that the model reports: they arrive unchanged in the assistant message's `tokens`. */
export interface ScriptedUsage {
  /** Prompt tokens that were not read from the cache. */
  readonly input: number;
  /** Answer tokens without the reasoning. */
  readonly output: number;
  /** Default 0. */
  readonly reasoning?: number | undefined;
  /** Prompt tokens read from the cache. Default 0. */
  readonly cacheRead?: number | undefined;
}

/** One tool call of a reply. */
export interface ScriptedToolCall {
  /** The tool's name as the model sees it, for example `"bash"`. An unknown one is sent as it is. */
  readonly name: string;
  /** Sent as JSON; a string is sent untouched, so that it can be broken JSON. */
  readonly args: unknown;
  /** Default: random. */
  readonly id?: string | undefined;
  /**
   * What the tool gives back, in an agent in memory: it runs no tool. A promise ({@link hold}) keeps the call running
   * until then; `{ error }` makes it fail. A name that is no built-in tool is taken for one that there is. The real agent
   * runs its own tools and does not look at this. Default `"ok"`, for the tools that ask or that keep something their own.
   */
  readonly output?: string | PromiseLike<string> | { readonly error: string } | undefined;
  /** Title of the call, in an agent in memory. Default: what the tool itself would say, as far as that is known. */
  readonly title?: string | undefined;
  /** Merged over the metadata of the finished call, in an agent in memory. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** What all replies that speak have in common. */
export interface SpokenParts {
  /** Default: none. */
  readonly text?: TextSource | undefined;
  /** Comes before the text, as `reasoning_content`. Default: none. */
  readonly reasoning?: TextSource | undefined;
  /** Between two chunks, in ms. Default 0. */
  readonly delay?: number | undefined;
  /** Default `{ input: 10, output: 5 }`. */
  readonly usage?: ScriptedUsage | undefined;
}

/** A reply that speaks, calls tools, or both. `{}` is an empty answer. */
export interface SpokenReply extends SpokenParts {
  readonly toolCalls?: readonly ScriptedToolCall[] | undefined;
  /**
   * How the stream ends. `"stop"`, `"length"`, `"content_filter"` and `"tool_calls"` are finish reasons; `"cut"` destroys
   * the connection; `"hang"` sends no more until the client goes away or the model is closed; `{ error }` sends an error
   * inside the stream: its message, or OpenAI's whole error object. Default: `"tool_calls"` with tool calls, otherwise
   * `"stop"`.
   */
  readonly end?:
    | "stop"
    | "length"
    | "content_filter"
    | "tool_calls"
    | "cut"
    | "hang"
    | { readonly error: string | Readonly<Record<string, unknown>> }
    | undefined;
}

/**
 * The structured output `structured`: a call of opencode's `StructuredOutput` tool when the request offers it, otherwise
 * the value's JSON as text.
 */
export interface StructuredReply extends SpokenParts {
  readonly structured: unknown;
}

/** An HTTP error. opencode repeats 408, 409, 429 and 5xx: `headers: { "retry-after": "0.2" }` keeps its waits short. */
export interface ErrorReply {
  /** 400 to 599. */
  readonly status: number;
  /** Default `"scripted STATUS"`. */
  readonly message?: string | undefined;
  /** The whole JSON body, instead of `{ error: { message } }`. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Takes the request and answers nothing, not even headers, until the client goes away or the model is closed. */
export interface SilentReply {
  readonly silent: true;
}

/** One answer of the model. A string is `{ text }`. */
export type Reply = string | SpokenReply | StructuredReply | ErrorReply | SilentReply;

/** A reply that calls one tool; `rest` may say something before it, and what the tool gives back in an agent in memory. */
export function toolCall(
  name: string,
  args: unknown,
  { output, title, metadata, ...rest }: SpokenParts & Omit<ScriptedToolCall, "name" | "args" | "id"> = {},
): SpokenReply {
  return toolCalls([{ name, args, output, title, metadata }], rest);
}

/** A reply that calls several tools at once; `rest` may say something before them. */
export function toolCalls(calls: readonly ScriptedToolCall[], rest?: SpokenParts): SpokenReply {
  return { ...rest, toolCalls: calls };
}

/**
 * `error` for the first `times` requests, then `reply`: a script of its own, or spread into one
 * (`[...failing(2, { status: 500 }, "fine"), "next"]`). Each try of opencode is a request.
 */
export function failing(times: number, error: Reply, reply: Reply): Reply[] {
  return [...new Array<Reply>(times).fill(error), reply];
}

/** A chunk of text that is sent when the test says so. */
export interface HeldText extends Promise<string> {
  /** Lets the chunk go. More calls do nothing. */
  release(): void;
}

/** A chunk that waits for its `release()`: `{ text: ["first ", second] }` with `const second = hold("second")`. */
export function hold(text: string): HeldText {
  let release = (): void => {};
  const released = new Promise<string>((resolve) => {
    release = () => resolve(text);
  });
  return Object.assign(released, { release });
}
