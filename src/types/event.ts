/** The events of a run, in one vocabulary that outlives the server's. */
import type { Answer, Todo, ToolCall } from "./answer.js";

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

/** One event of a run, discriminated on `type`. */
export type AgentEvent = Base &
  (
    | { readonly type: "start"; readonly messageId: string }
    | { readonly type: "text-delta"; readonly text: string; readonly partId: string }
    | { readonly type: "reasoning-delta"; readonly text: string; readonly partId: string }
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
        readonly type: "permission-request";
        readonly id: string;
        readonly permission: string;
        readonly patterns: readonly string[];
      }
    | {
        readonly type: "permission-reply";
        readonly id: string;
        readonly reply: "once" | "always" | "reject";
        readonly reason?: string | undefined;
      }
    | { readonly type: "question"; readonly id: string; readonly questions: readonly string[] }
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
