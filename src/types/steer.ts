/** What becomes of a prompt that steers a session. */
import type { Answer } from "./answer.js";
import type { AgentEvent } from "./event.js";

/** How a steer has reached the model. */
export interface SteerResult {
  /**
   * `"running"`: the model was asked with it in the run that was going on, whose answer is then the last one. `"next"`: that run had ended,
   * or ended without it, and the prompt is the next turn.
   */
  readonly absorbed: "running" | "next";
  /** Answer of the next turn. It causes no unhandled rejection. `undefined` with `"running"`. */
  readonly answer?: Promise<Answer> | undefined;
  /** Events of the next turn, which can be iterated once. `undefined` with `"running"`, and if the turn answers an earlier steer, too. */
  readonly events?: AsyncIterable<AgentEvent> | undefined;
}
