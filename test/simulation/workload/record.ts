/** What came of the prompts of a world, as their caller saw it. */
import type { AgentEvent, Answer } from "../../../src/client.js";
import type { AskPlan, Flow, PlannedPrompt } from "./plan.js";
import type { Watched } from "./watchers.js";

/** One prompt, and its end. */
export interface PromptRecord {
  readonly flow: Flow;
  readonly nth: number;
  readonly prompt: PlannedPrompt;
  readonly process: string;
  readonly startedAt: number;
  sessionId: string | undefined;
  endedAt: number | undefined;
  answer: Answer<unknown> | undefined;
  error: unknown;
  /** The pieces of text that a reader got. */
  readonly pieces: string[];
  readonly events: AgentEvent[];
  /** When the reader left early. */
  leftAt: number | undefined;
  /** The reader has read to the end. */
  isReadWhole: boolean;
  /** Handlers that were called: the id of the ask, its session. */
  readonly asked: {
    readonly type: AskPlan["type"];
    readonly id: string;
    readonly sessionId: string;
    readonly chain: readonly string[];
    readonly about: string;
  }[];
  readonly watched: Watched;
  /** Somebody else's prompt was running when it was asked. */
  readonly foundBusy: boolean;
  /** The process died before the end. */
  isOrphan: boolean;
  /** A session was still running on the server when the call had ended. */
  wasBusyAfter: boolean;
}

/** Somebody else's prompts may have become one run with this one. */
export function mayBeMerged({ flow }: Pick<PromptRecord, "flow">, canCrash: boolean): boolean {
  return flow.kind === "shared" || flow.kind === "foreign" || (flow.kind === "busy" && canCrash);
}

/** One thing that was done beside prompts, and its end. */
export interface DeedRecord {
  readonly flow: Flow;
  readonly what: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  error: unknown;
}

/** All of it. */
export interface Ledger {
  readonly prompts: PromptRecord[];
  readonly deeds: DeedRecord[];
  /** What was heard by who listens to all events. */
  readonly heard: AgentEvent[];
  /** What is wrong already. */
  readonly breaches: string[];
}
