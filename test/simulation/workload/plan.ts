/** What is asked in a world, and what must come of it: data only, all of it from the seed. */

/** One tool call of a planned step. */
export interface PlannedCall {
  readonly id: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What the tool says, when it runs. */
  readonly output: string;
  /** What is asked before it runs, and how that is answered; `undefined`: nothing. */
  readonly ask?: AskPlan | undefined;
  /** The turn of a sub-agent that the call starts. */
  readonly child?: PlannedTurn | undefined;
}

/** How a handler behaves. */
export type Manner = "at once" | "late" | "very late" | "throws" | "never answers" | "no handler";

/** A permission ask, a question or the exit of plan mode. */
export interface AskPlan {
  readonly type: "permission" | "question" | "plan exit";
  readonly manner: Manner;
  readonly reply: "once" | "always" | "reject" | "reject with reason" | "answer" | "yes" | "no";
}

/** One step of the model. */
export interface PlannedStep {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  /** Between two pieces, in ms. */
  readonly pause: number;
  readonly calls: readonly PlannedCall[];
  readonly usage: { readonly input: number; readonly output: number };
  /** What the model does first, before it answers in the end. */
  readonly stumbles: readonly Stumble[];
  readonly end?: "length" | "content_filter" | "hang" | undefined;
  readonly structured?: unknown;
}

/** A try of the model that fails: the agent tries again. */
export type Stumble =
  | { readonly type: "status"; readonly status: number; readonly retryAfter: number }
  /** The stream breaks off after so many pieces. */
  | { readonly type: "cut"; readonly after: number };

/** What a prompt makes the agent do. */
export interface PlannedTurn {
  /** Unique, and part of the prompt: everything is told apart by it. */
  readonly token: string;
  /** What kind of turn it is. */
  readonly shape: string;
  readonly text: string;
  readonly steps: readonly PlannedStep[];
  /** The model refuses for good. */
  readonly refusal?: { readonly status: number; readonly message: string } | undefined;
  /** The provider says once that the prompt is too long: the agent compacts and asks it again. */
  readonly overflows?: boolean | undefined;
  /** What the model says to "Continue if you have next steps": after a compaction that the agent made by itself. */
  readonly toContinue: string;
  /** Values of a schema, in the order of the tries: the last one fits. */
  readonly values?: readonly unknown[] | undefined;
}

/** What stops a turn before its end. */
export interface Limit {
  readonly kind: "signal" | "break" | "timeout" | "idle" | "steps" | "cost" | "tokens" | "retry wait" | "abort()";
  /** ms, or pieces, or an amount. */
  readonly value: number;
}

/** Who watches a prompt, beside its handlers. */
export interface PlannedWatchers {
  readonly audit: boolean;
  /** What a reviewer says about every permission. */
  readonly reviewer?: "allows" | "refuses" | "leaves" | undefined;
  /** A hook before every tool. */
  readonly tools?: "sees" | "refuses" | undefined;
  /** A hook before the prompt. */
  readonly prompt?: "refuses" | undefined;
}

/** How a prompt is asked. */
export interface PlannedPrompt {
  readonly turn: PlannedTurn;
  readonly how: "ask" | "stream" | "events" | "command";
  readonly agent?: "plan" | undefined;
  readonly limit?: Limit | undefined;
  readonly structured?: "auto" | "native" | "prompt" | undefined;
  /** Under an id of the caller's. */
  readonly messageId?: string | undefined;
  readonly whenBusy?: "reject" | undefined;
  readonly watchers?: PlannedWatchers | undefined;
  readonly expect: Expectation;
}

/** What must come of a prompt, if nothing else goes wrong. */
export interface Expectation {
  /** The answer's text; `undefined`: only an error is right. */
  readonly text?: string | undefined;
  readonly output?: unknown;
  /** Names of errors that are right, too. */
  readonly errors: readonly string[];
}

/** What is done in a session between prompts. */
export type Deed = "compact" | "fork" | "revert" | "messages" | "usage" | "shell" | "init" | "reconnect";

/** One strand of work: it goes on beside the others. */
export interface Flow {
  readonly index: number;
  readonly kind: /** Each prompt in a session of its own. */
    | "single"
    /** One session, one prompt after the other. */
    | "conversation"
    /** One session, all prompts at once. */
    | "queue"
    /** Two processes on one session. */
    | "shared"
    /** Somebody else prompts the same session meanwhile. */
    | "foreign"
    /** Somebody else's prompt runs in the session when ours is asked. */
    | "busy"
    /** The process dies, and another one asks again under the same id. */
    | "resumed";
  /** ms from the beginning. */
  readonly startsAt: number;
  readonly process: string;
  readonly prompts: readonly PlannedPrompt[];
  /** Before the prompt of this index. */
  readonly deeds: Readonly<Record<number, Deed>>;
  /** Between two prompts, in ms. */
  readonly pause: number;
  /** Of `resumed`: when the first process dies, in ms from the start. */
  readonly diesAfter: number;
}

/** All that is done in one world. */
export interface Workload {
  readonly flows: readonly Flow[];
  /** Somebody listens to all events. */
  readonly listens: boolean;
}

/** How many prompts are asked. */
export function promptsIn({ flows }: Workload): number {
  return flows.reduce((sum, { prompts }) => sum + prompts.length, 0);
}

/** A turn and those of its sub-agents. */
export function* turnsIn(turn: PlannedTurn): Generator<PlannedTurn> {
  yield turn;
  for (const { calls } of turn.steps) {
    for (const { child } of calls) if (child !== undefined) yield* turnsIn(child);
  }
}

const tokenPattern = /tok[0-9a-z]+x\d+z/;

/** The first token in a text. */
export function tokenIn(text: string): string | undefined {
  return tokenPattern.exec(text)?.[0];
}
