/** The same call three times in a row in one step: the agent itself asks whether to go on, and reads no further until it is told. */
import type { PlannedCall } from "../plan.js";
import { requirePermission } from "./asks.js";
import { Aborted } from "./run-handle.js";
import type { MemoryServer } from "./server.js";
import type { Step } from "./step-input.js";

const asked = 3;

export class LoopCheck {
  /** What the calls have done is read when no more is asked; rejects, as for an abort, when one was refused. */
  readonly isOver: Promise<void>;
  readonly #server: MemoryServer;
  readonly #step: Step;
  readonly #calls: readonly PlannedCall[];
  readonly #last: number;
  #end: { readonly well: () => void; readonly badly: (reason: unknown) => void } | undefined;

  constructor(server: MemoryServer, step: Step, calls: readonly PlannedCall[]) {
    this.#server = server;
    this.#step = step;
    this.#calls = calls;
    this.#last = calls.findLastIndex((_, index) => this.#isRepeated(index));
    this.isOver =
      this.#last < 0
        ? Promise.resolve()
        : new Promise((well, badly) => {
            this.#end = { well, badly };
          });
    this.isOver.catch(() => {});
  }

  /** Asks after the call, if it is one too many. Throws `ToolFailure` when it is refused. */
  async check(index: number): Promise<void> {
    const call = this.#calls[index];
    if (call === undefined || !this.#isRepeated(index)) return;
    const { session, agent, run } = this.#step;
    const { name } = call;
    const need = {
      permission: "doom_loop",
      patterns: [name],
      always: [name],
      metadata: { tool: name, input: JSON.parse(call.arguments) as unknown },
    };
    try {
      await requirePermission(this.#server, need, { session, rules: agent.permission, signal: run.signal });
    } catch (error) {
      this.#end?.badly(new Aborted());
      throw error;
    }
    if (index === this.#last) this.#end?.well();
  }

  #isRepeated(index: number): boolean {
    const [call, ...others] = this.#calls.slice(Math.max(0, index + 1 - asked), index + 1);
    if (call === undefined || others.length < asked - 1) return false;
    return others.every(({ name, arguments: input }) => name === call.name && input === call.arguments);
  }
}
