/** The events of a run. Their names do not depend on the server's protocol. */
import type { Answer, Todo, ToolCall } from "./answer.js";
import type { QuestionRequest } from "./request.js";

export type { Subagent } from "./subagent.js";

/** An event as the server sends it. Unknown types pass unchanged. */
export interface ServerEvent {
  /** Id of the event, if the server gives one. */
  readonly id?: string | undefined;
  /** The server's own name of the event, for example `"message.part.updated"`. */
  readonly type: string;
  /** Data of the event. */
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Base {
  /** The session concerned; `""` if the event names none. */
  readonly sessionId: string;
  /** The server event that this one was made from. Absent on `start`, `finish`, `tool-progress`, and on events that were read over REST. */
  readonly raw?: ServerEvent | undefined;
  /** Session ids from the turn's session to the session concerned: on events of sub-agents, and on permission requests if known. */
  readonly chain?: readonly string[] | undefined;
}

interface Delta {
  /** The next piece of the text. */
  readonly text: string;
  /** Id of the part that the text belongs to. */
  readonly partId: string;
  /** Marks the first piece of a text that began before this reader joined the run. The answer has the whole text. */
  readonly joined?: true | undefined;
}

interface Call {
  /** Name of the tool, for example `"bash"`. */
  readonly tool: string;
  /** Id of the tool call. */
  readonly callId: string;
}

/** Why a turn goes on with the next of its `fallbackModels`. `docs/errors.md` has the table. */
export type FallbackReason = "rate-limit" | "outage" | "auth" | "context-overflow" | "content-filter";

/** One event of a run, discriminated on `type`. */
export type AgentEvent = Base &
  (
    | {
        /** The turn begins. Always its first event. */
        readonly type: "start";
        /** Id of the user message. */
        readonly messageId: string;
      }
    | (Delta & {
        /** A piece of the answer's text. */
        readonly type: "text-delta";
      })
    | (Delta & {
        /** A piece of the model's reasoning. */
        readonly type: "reasoning-delta";
      })
    | (Call & {
        /** A tool begins to run. */
        readonly type: "tool-call";
        /** Arguments of the call, as the model wrote them. */
        readonly input: ToolCall["input"];
      })
    | (Call & {
        /** A running command has written something. The pieces follow each other; with `tool-result` or `tool-error` all are told. */
        readonly type: "tool-progress";
        /** The next piece of the output. */
        readonly text: string;
        /**
         * Characters of the output so far. If it is more than all pieces together have, a part in front of this piece is missing: of a
         * running command the server keeps the last 30,000 characters only (1.18.33). Then it is the least that there were.
         */
        readonly total: number;
      })
    | (Call & {
        /** A tool has completed. */
        readonly type: "tool-result";
        /** Result of the tool, as the model reads it. */
        readonly output: string;
        /** Duration in ms, if the server reports it. */
        readonly durationMs?: number | undefined;
      })
    | (Call & {
        /** A tool has failed. */
        readonly type: "tool-error";
        /** Error message of the tool. */
        readonly error: string;
        /** Duration in ms, if the server reports it. */
        readonly durationMs?: number | undefined;
      })
    | {
        /** A model step begins. */
        readonly type: "step-start";
        /** Id of the assistant message. */
        readonly messageId: string;
      }
    | {
        /** A model step has ended. */
        readonly type: "step-finish";
        /** Id of the assistant message. */
        readonly messageId: string;
        /** Why the model stopped, for example `"stop"` or `"tool-calls"`. */
        readonly reason: string;
        /** Cost of the step in USD, by the server's price list. */
        readonly cost: number;
      }
    | {
        /**
         * The agent asks for a permission. `opencode.reply(id, …)` can answer it. If a rule or a hook decides, the event comes just
         * before its `permission-reply`.
         */
        readonly type: "permission-request";
        /** Id of the request, for `opencode.reply()`. */
        readonly id: string;
        /** Name of the permission, for example `"bash"`. */
        readonly permission: string;
        /** Subjects of the request: a command line, a path … */
        readonly patterns: readonly string[];
        /** Further data of the tool, as the server sends it. */
        readonly metadata: Readonly<Record<string, unknown>>;
        /** Id of the tool call that needs the permission. */
        readonly callId?: string | undefined;
        /** Name of that tool, if known. */
        readonly tool?: string | undefined;
        /** Arguments of that call, if known. */
        readonly input?: ToolCall["input"] | undefined;
      }
    | {
        /** A permission request is answered. */
        readonly type: "permission-reply";
        /** Id of the request. */
        readonly id: string;
        /** The reply. */
        readonly reply: "once" | "always" | "reject";
        /** Reason of a refusal. */
        readonly reason?: string | undefined;
      }
    | {
        /** The agent asks the user. `opencode.reply(id, …)` can answer it. */
        readonly type: "question";
        /** Id of the request, for `opencode.reply()`. */
        readonly id: string;
        /** Texts of the questions. */
        readonly questions: readonly string[];
        /** The questions with their options. */
        readonly details: QuestionRequest["questions"];
        /** Id of the tool call that asks. */
        readonly callId?: string | undefined;
      }
    | {
        /** The agent has changed its todo list. */
        readonly type: "todo";
        /** The whole list. */
        readonly todos: readonly Todo[];
      }
    | {
        /** The agent has edited a file. */
        readonly type: "file-edited";
        /** Path of the file, as the server sends it. */
        readonly file: string;
      }
    | {
        /** The session changed its state. */
        readonly type: "status";
        /** The new state. */
        readonly status: "idle" | "busy" | "retry";
      }
    | {
        /** A model call failed, and the server will repeat it. */
        readonly type: "retry";
        /** Number of the retry, from 1. */
        readonly attempt: number;
        /** Error message of the failed call. */
        readonly message: string;
        /** Time of the next call, in ms since the epoch. */
        readonly next: number;
      }
    | {
        /** A model has failed, and the turn goes on with the next of its `fallbackModels`. */
        readonly type: "fallback";
        /** The model that has failed, as `"provider/model"`. */
        readonly from: string;
        /** The next model. */
        readonly to: string;
        /** Why it failed. */
        readonly reason: FallbackReason;
      }
    | {
        /** The output does not fit the `schema`, and the model is asked again. */
        readonly type: "repair";
        /** Number of the repair, from 1. At most `maxRepairs`. */
        readonly attempt: number;
        /** The reasons, as the model is told them. */
        readonly message: string;
      }
    | {
        /** The server has compacted the session. */
        readonly type: "compacted";
      }
    | {
        /** The context has passed `contextWarning`. */
        readonly type: "context";
        /** Tokens that the last step has used. */
        readonly used: number;
        /** Tokens that the model takes. */
        readonly limit: number;
      }
    | {
        /** The agent goes round in circles: it has made the same calls with the same results for `maxRepeats` rounds. */
        readonly type: "loop";
        /** Name of the tool of the last call; `"compaction"` if the session was compacted again and again. */
        readonly tool: string;
        /** Rounds without a break. A round has one to four calls. */
        readonly count: number;
      }
    | {
        /** A sub-agent begins (without `event`), or has an event. */
        readonly type: "subagent";
        /** The session that called the sub-agent. */
        readonly parentId: string;
        /** Event of the sub-agent. Its requests, retries, errors and edits come directly, not wrapped in this event. */
        readonly event?: AgentEvent | undefined;
      }
    | {
        /** A sub-agent is aborted, and the turn continues: by `abort()` of the sub-agent, or by `maxSubagents` or `maxDepth`. */
        readonly type: "subagent-aborted";
        /** The session that called the sub-agent. */
        readonly parentId: string;
        /** Reason of the abort. */
        readonly reason: string;
      }
    | {
        /** The server reports an error. The turn may continue. */
        readonly type: "error";
        /** Error message. */
        readonly message: string;
        /** The server's own name of the error, for example `"APIError"`. */
        readonly serverName?: string | undefined;
      }
    | {
        /** The turn has ended with an answer. Always its last event. */
        readonly type: "finish";
        /** The answer. */
        readonly answer: Answer<unknown>;
      }
    | {
        /** A server event that has no name of its own here. */
        readonly type: "raw";
        /** The server event. */
        readonly raw: ServerEvent;
      }
  );
