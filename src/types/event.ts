/** The events of a run, in one vocabulary that outlives the server's. */
import type { Answer, Todo, ToolCall } from "./answer.js";
import type { QuestionRequest } from "./request.js";

/** An event as the server sends it. Types that this package does not know come through unchanged. */
export interface ServerEvent {
  readonly id?: string | undefined;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Base {
  /** The session concerned; `""` when the event names none. */
  readonly sessionId: string;
  /** The server's event this one was made from; absent on `start`, `finish` and what was read over REST. */
  readonly raw?: ServerEvent | undefined;
}

interface Delta {
  readonly text: string;
  readonly partId: string;
  /** The first piece of a text whose beginning came before this reader joined the run; the answer has all of it. */
  readonly joined?: true | undefined;
}

/** One event of a run, discriminated on `type`. */
export type AgentEvent = Base &
  (
    | { readonly type: "start"; readonly messageId: string }
    | (Delta & { readonly type: "text-delta" })
    | (Delta & { readonly type: "reasoning-delta" })
    | { readonly type: "tool-call"; readonly tool: string; readonly callId: string; readonly input: ToolCall["input"] }
    | {
        readonly type: "tool-result";
        readonly tool: string;
        readonly callId: string;
        readonly output: string;
        readonly durationMs?: number | undefined;
      }
    | {
        readonly type: "tool-error";
        readonly tool: string;
        readonly callId: string;
        readonly error: string;
        readonly durationMs?: number | undefined;
      }
    | { readonly type: "step-start"; readonly messageId: string }
    | { readonly type: "step-finish"; readonly messageId: string; readonly reason: string; readonly cost: number }
    | {
        /** Comes when `opencode.reply(id, …)` can answer it, and just before `permission-reply` where a rule or a hook decides. */
        readonly type: "permission-request";
        readonly id: string;
        readonly permission: string;
        readonly patterns: readonly string[];
        readonly metadata: Readonly<Record<string, unknown>>;
        /** The tool call that needs it; the tool's name and the input where they are known. */
        readonly callId?: string | undefined;
        readonly tool?: string | undefined;
        readonly input?: ToolCall["input"] | undefined;
        /** From the root session to the one that asks, where it is known. */
        readonly chain?: readonly string[] | undefined;
      }
    | {
        readonly type: "permission-reply";
        readonly id: string;
        readonly reply: "once" | "always" | "reject";
        readonly reason?: string | undefined;
      }
    | {
        /** Comes when `opencode.reply(id, …)` can answer it. */
        readonly type: "question";
        readonly id: string;
        readonly questions: readonly string[];
        /** The same with their options. */
        readonly details: QuestionRequest["questions"];
        readonly callId?: string | undefined;
      }
    | { readonly type: "todo"; readonly todos: readonly Todo[] }
    | { readonly type: "file-edited"; readonly file: string }
    | { readonly type: "status"; readonly status: "idle" | "busy" | "retry" }
    | {
        readonly type: "retry";
        readonly attempt: number;
        readonly message: string;
        /** When the server tries again, in ms since the epoch. */
        readonly next: number;
      }
    | { readonly type: "compacted" }
    | {
        readonly type: "subagent";
        readonly parentId: string;
        /** What it says and does; absent when it begins. Asks, retries, errors and edits of sub-agents come directly. */
        readonly event?: AgentEvent | undefined;
      }
    | { readonly type: "error"; readonly message: string; readonly serverName?: string | undefined }
    | { readonly type: "finish"; readonly answer: Answer<unknown> }
    | { readonly type: "raw"; readonly raw: ServerEvent }
  );
