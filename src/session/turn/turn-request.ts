/** The request that a turn hands to the server: a prompt, a command or a shell line. */
import type { ReadOptions } from "../../client/retry-transient.js";
import type { DirectoryContext } from "../context.js";
import type { PromptBody } from "./prompt.js";

/** One request, with its id fixed. */
export interface TurnRequest {
  readonly messageId: string;
  /** The prompt; `undefined` for commands and shell lines. */
  readonly body: PromptBody | undefined;
  /** Sent again, it makes the server go on with what it has. A command's text would be stored twice, a shell line would run twice (1.18.33). */
  readonly canRepeat: boolean;
  /** It was put into the run of another prompt, and may wait on the server. Absent for other requests. */
  readonly isSteer?: boolean;
  /** No model is called for it: it needs nothing of a budget. */
  readonly isFree?: true | undefined;
  /** When an answer that has not come yet is late, in ms: then the message is looked for. */
  readonly lateAfter: number;
  /** Has the server had it before? Then it is followed, not sent, also while it is still running. */
  isStored(scope: DirectoryContext, call: ReadOptions): Promise<boolean>;
  /** Reads what the request needs to be made. May be called again after a failure. */
  prepare?(scope: DirectoryContext, call: ReadOptions): Promise<void>;
  /** Makes the request, once. `over` ends it. */
  post(scope: DirectoryContext, over: AbortSignal): Promise<unknown>;
  /**
   * From now on it names this model (`"provider/model"`), without the variant unless that is kept. Absent for what cannot go on with another
   * model.
   */
  useModel?(model: string, keepsVariant: boolean): void;
  /** The server has taken it. */
  taken?(): void;
}
