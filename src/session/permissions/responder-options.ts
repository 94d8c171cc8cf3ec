/** What the responder of one turn works with. */
import type { AgentApi } from "../../api/agent-api.js";
import type { Decider } from "../../permissions/policy/deciders.js";
import type { AuditSink } from "../../types/decision.js";
import type { AgentEvent } from "../../types/event.js";
import type { PermissionRequest, PlanExitHandler, QuestionHandler } from "../../types/request.js";
import type { ReplyDesk } from "./reply-registry.js";

/** The callbacks of one turn, and the parts of the turn that a responder needs. */
export interface ResponderOptions {
  /** Who decides about permissions, in order. When none does the request is refused. */
  readonly deciders: readonly Decider[];
  /** Told every decision about a permission before it is sent. */
  readonly audit: AuditSink | undefined;
  readonly onQuestion: QuestionHandler | "reply" | undefined;
  readonly onPlanExit: PlanExitHandler | "reply" | undefined;
  /** Where `opencode.reply()` finds what is open. */
  readonly desk: ReplyDesk;
  /** Tells the listener of a request. */
  readonly emit: (event: AgentEvent) => void;
  /** Resolves when the reader of the events has gone on after this one; at once when nobody reads them. */
  readonly passed: (event: AgentEvent) => Promise<void>;
  /** Milliseconds a callback may take. */
  readonly callbackTimeout: number;
  readonly api: AgentApi;
  /** From the root session to the given one; `undefined` when it does not belong to the turn. */
  readonly chainOf: (sessionId: string) => readonly string[] | undefined;
  /** What the server's event does not tell: the tool, the agent, the directories. Never rejects. */
  readonly lookUp: (request: PermissionRequest, signal: AbortSignal) => Promise<PermissionRequest>;
  /** Told when a callback is asked (1), and when it has answered (-1). */
  readonly onPending: (change: 1 | -1) => void;
  /** Ends all callbacks: the turn is over. */
  readonly signal: AbortSignal;
  /** `undefined` where nothing is parked. */
  readonly parking?: TurnParking | undefined;
}

/** The parts of a turn that its parked requests need. */
export interface TurnParking {
  /** Id of the prompt. */
  readonly messageId: string;
  /** Ends the turn while its run waits for a decision. */
  readonly park: (error: Error) => void;
  /** The model is still writing a tool call. */
  readonly isCalling: () => boolean;
}
