/** The same call three times in a row in one step: the agent itself asks whether to go on, and reads no further until it is told. */
import type { PlannedCall } from "../plan.js";
import { requirePermission } from "./asks.js";
import { Aborted } from "./run-handle.js";
import type { MemoryServer } from "./server.js";
import type { Step } from "./step-input.js";

const asked = 3;

export class LoopCheck {
  /** What the calls have done is read when no more is asked; rejects, as for an abort, when one was refused. Absent when nothing is asked. */
  readonly isOver: Promise<void> | undefined;
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
    if (this.#last < 0) return;
    this.isOver = new Promise((well, badly) => {
      this.#end = { well, badly };
    });
    this.isOver.catch(() => {});
  }

  /** Asks after the call, if it is one too many; otherwise `undefined`. Rejects with `ToolFailure` when it is refused. */
  check(index: number): Promise<void> | undefined {
    const call = this.#calls[index];
    return call !== undefined && this.#isRepeated(index) ? this.#ask(call, index) : undefined;
  }

  async #ask(call: PlannedCall, index: number): Promise<void> {
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
    if (call === undefined || others.length < asked - 1 || !isJson(call.arguments)) return false;
    return others.every(({ name, arguments: input }) => name === call.name && input === call.arguments);
  }
}

/** Arguments that are none make the call another one, of the tool `invalid`. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
