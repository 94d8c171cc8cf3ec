/** The sub-agents of a running turn. */
import type { SessionUsage } from "./answer.js";

/** One sub-agent of a turn. The object is live: its fields change while it works. */
export interface Subagent {
  /** Id of its session. */
  readonly id: string;
  /** Id of the session that called it: the turn's own, or another sub-agent's. */
  readonly parentId: string;
  /** Description of its task, by the model that called it; `""` until it is known. */
  readonly title: string;
  /** Name of its agent, for example `"general"`; `""` until it is known. */
  readonly agent: string;
  /** `"aborted"`: its task was cancelled, by {@link abort} or by somebody else. `"failed"`: it ended with another error. */
  readonly status: "running" | "completed" | "failed" | "aborted";
  /** Its own use in this turn, as far as it is known. That of sub-agents that it has called is theirs. */
  readonly usage: SessionUsage;
  /**
   * Aborts the sub-agent, with those that it has called, and waits for its end. The turn continues: its agent is told that the task
   * was cancelled. The reason stands in the event `subagent-aborted`. A sub-agent that does not run stays as it is.
   * @throws {AbortedError} if it has not ended after some seconds.
   */
  abort(reason?: string): Promise<void>;
}
