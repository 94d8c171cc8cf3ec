/** The notice that a turn has settled. */
import type { TreeUsage } from "./answer.js";

/** How a turn has ended. */
export interface SettledTurn {
  /** The session; `undefined` if the turn failed before it had one. */
  readonly sessionId: string | undefined;
  /** Id of the user message; `undefined` if the turn failed before the prompt had one. */
  readonly messageId: string | undefined;
  /** `"answered"`: with an answer. `"aborted"`: with an `AbortedError`. `"failed"`: with another error. */
  readonly outcome: "answered" | "aborted" | "failed";
  /** Time from the call to the end, in ms. */
  readonly durationMs: number;
  /** The answer's text, or the text of a turn that was cut: at most 8,000 characters, without what looks like a credential. */
  readonly text: string;
  /** Why the model stopped; `undefined` without an answer. */
  readonly finishReason: string | undefined;
  /** The model, as `"provider/model"`; `undefined` without an answer. */
  readonly model: string | undefined;
  /** Tokens of the turn, as far as they are known. */
  readonly usage: TreeUsage | undefined;
  /** USD, by the server's price list. */
  readonly cost: number | undefined;
  /** The error of a turn without an answer. */
  readonly error:
    | {
        /** Class of the error, for example `"TurnTimeoutError"`. */
        readonly name: string;
        /** Code of the error, for example `"turn_timeout"`. */
        readonly code: string;
        /** Message of the error, without what looks like a credential. */
        readonly message: string;
        /** The approval that the turn waits for, for `opencode.approvals`; `undefined` for other errors than `ApprovalPendingError`. */
        readonly approvalId: string | undefined;
      }
    | undefined;
}

/** What is told of a turn that has settled. It can be written as JSON. */
export interface SettledNotice {
  /** Id of the notice. It is the same in each attempt to deliver it. */
  readonly id: string;
  /** Kind of the notice. */
  readonly type: "turn.settled";
  /** Time at which the turn settled (ISO 8601). */
  readonly timestamp: string;
  /** The turn. */
  readonly data: SettledTurn;
}

/** A receiver over HTTP, by Standard Webhooks (standardwebhooks.com). */
export interface WebHook {
  /** Address that the notice is posted to, `https:` or `http:`, without a user and a password. */
  readonly url: string;
  /** Key of the signature: 24 to 64 bytes in base64, with or without `whsec_` before them. It is never sent or logged. */
  readonly secret: string;
}

/** A program that gets the notice as JSON on standard input. Needs Node. */
export interface NoticeCommand {
  /** The program and its arguments. No shell is involved. */
  readonly command: readonly string[];
}

/** Who is told of a settled turn. */
export type OnSettled = ((notice: SettledNotice) => unknown) | WebHook | NoticeCommand;
