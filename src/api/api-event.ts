/**
 * The events of an agent server in our own terms. Each protocol maps its events to these once; everything above reads nothing
 * else. The mapping never throws: it is `other` for a type without meaning here, and `unreadable` for broken fields.
 */
import type { AssistantMessage, Part, Todo } from "../types/answer.js";
import type { ServerEvent } from "../types/event.js";
import type { QuestionRequest } from "../types/request.js";
import type { JsonRecord } from "../util/json.js";

/** The tool call that a request belongs to, where the server names it. */
interface ToolCallReference {
  readonly messageId: string | undefined;
  readonly callId: string | undefined;
}

/** A permission request that waits for its reply on the server. */
export interface OpenPermission {
  readonly id: string;
  readonly sessionId: string;
  readonly permission: string;
  readonly patterns: readonly string[];
  /** The patterns that a reply "always" covers. */
  readonly always: readonly string[];
  readonly metadata: JsonRecord;
  readonly call: ToolCallReference;
}

/** A question that waits for its reply on the server. */
export interface OpenQuestion {
  readonly id: string;
  readonly sessionId: string;
  readonly questions: QuestionRequest["questions"];
  readonly call: ToolCallReference;
}

/** The head of a stored message. */
export type MessageHead =
  | {
      readonly role: "user";
      readonly id: string;
      /** Milliseconds since 1970. */
      readonly createdAt: number | undefined;
    }
  | {
      readonly role: "assistant";
      readonly id: string;
      /** It sums up the session for a compaction, and answers nobody. */
      readonly isSummary: boolean;
      /** `undefined` when the server left out fields that a turn needs. */
      readonly info: AssistantMessage | undefined;
    };

interface Base {
  /** `undefined` for events of the whole server, and of its directory. */
  readonly sessionId: string | undefined;
  /** The event as it came, for callers who want more than we read. */
  readonly raw: ServerEvent;
}

/** One event, discriminated on `type`. */
export type ApiEvent = Base &
  (
    | { /** From here on nothing is missed. */ readonly type: "connected" }
    | { readonly type: "heartbeat" }
    | { /** All runs in the directory have been aborted. */ readonly type: "instance-disposed" }
    | {
        readonly type: "session-created";
        readonly parentId: string | undefined;
        /** As far as the server tells them with the event. */
        readonly title?: string | undefined;
        readonly agent?: string | undefined;
      }
    | { readonly type: "session-status"; readonly status: "idle" | "busy" }
    | { /** A run of the session has ended. */ readonly type: "session-idle" }
    | {
        readonly type: "session-error";
        readonly error: { readonly name: string | undefined; readonly data: JsonRecord };
      }
    | {
        /** The server waits before it calls the model again. */
        readonly type: "retry";
        readonly attempt: number;
        readonly message: string;
        /** Milliseconds since 1970. */
        readonly next: number;
      }
    | { readonly type: "message-stored"; readonly message: MessageHead }
    | { readonly type: "message-removed"; readonly messageId: string }
    | { readonly type: "part-stored"; readonly part: Part }
    | { readonly type: "part-removed"; readonly messageId: string; readonly partId: string }
    | { readonly type: "part-delta"; readonly messageId: string; readonly partId: string; readonly text: string }
    | { readonly type: "permission-asked"; readonly request: OpenPermission }
    | {
        readonly type: "permission-answered";
        readonly requestId: string;
        readonly reply: "once" | "always" | "reject";
      }
    | { readonly type: "question-asked"; readonly request: OpenQuestion }
    | { readonly type: "question-answered"; readonly requestId: string }
    | { readonly type: "todo"; readonly todos: readonly Todo[] }
    | { readonly type: "file-edited"; readonly file: string }
    | { readonly type: "compacted" }
    | { /** A known type whose fields cannot be read. */ readonly type: "unreadable" }
    | {
        readonly type: "other";
        /** The protocol has this type; it means nothing to us. */
        readonly isKnown: boolean;
      }
  );
