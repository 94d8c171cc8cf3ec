/** Is the agent at work? The time limit for a run that does nothing, and what counts as something. */
import type { CallOptions } from "../../client/client.js";
import type { Part, ReadableMessage } from "../../types/answer.js";
import { monotonic } from "../../util/clock.js";
import { recordProperty, stringProperty } from "../../util/json.js";
import type { DirectoryContext } from "../context.js";
import { sessionsCalled } from "./sessions-called.js";
import type { Turn } from "./turn.js";

export interface IdleTimerOptions {
  readonly scope: DirectoryContext;
  readonly turn: Turn;
  /** ms without progress. */
  readonly limit: number;
  readonly onIdle: () => void;
}

/** A timer that is this late (ms) was not kept by a busy process alone. */
const longestDelay = 5_000;

/** Events count, and what reads find changed; heartbeats do not, and the clock stands while a callback is asked. */
export class IdleTimer {
  readonly #options: IdleTimerOptions;
  #last = monotonic();
  #pending = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fingerprint = "";

  constructor(options: IdleTimerOptions) {
    this.#options = options;
  }

  /** Starts the clock. */
  start(): void {
    this.#last = monotonic();
    this.#arm(0);
  }

  /** Something has happened. */
  touch(now: number = monotonic()): void {
    this.#last = now;
  }

  /** A callback of ours is asked, or (`-1`) has answered. */
  pending(change: 1 | -1): void {
    this.#pending += change;
    this.touch();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Compares with the read before, sub-agents included: without events nothing else tells that the agent is at work. */
  async compare(messages: readonly ReadableMessage[], call: CallOptions): Promise<void> {
    const { scope, turn } = this.#options;
    const called = messages.filter(({ info }) => turn.hasMessage(info.id)).flatMap(sessionsCalled);
    const pages = await Promise.all(
      [...new Set([...turn.subAgents.ids, ...called])].map((id) => scope.api.messages.newest(id, 1, call)),
    );
    const all = [...messages, ...pages.flat()];
    const fingerprint = all.map(({ info, parts }) => `${info.id}:${parts.map(stateOf).join()}`).join();
    if (fingerprint !== this.#fingerprint) this.touch();
    this.#fingerprint = fingerprint;
  }

  /** One timer that looks back, instead of one set anew for every event: they come by the thousand. */
  #arm(previous: number): void {
    // Much too late: the machine has slept, or this process was stopped, and what happened meanwhile is still to come.
    const hasSlept = previous > 0 && monotonic() - previous > Math.max(longestDelay, this.#options.limit / 2);
    if (this.#pending > 0 || hasSlept) this.touch();
    const left = this.#last + this.#options.limit - monotonic();
    if (left <= 0) this.#options.onIdle();
    else {
      const due = monotonic() + left;
      this.#timer = setTimeout(() => this.#arm(due), left);
    }
  }
}

/** Changes whenever something happens in a part. */
function stateOf(part: Part): string {
  if (part.type === "text" || part.type === "reasoning") return `${part.text.length}${part.time?.end ?? ""}`;
  if (part.type !== "tool") return part.type;
  const output = stringProperty(recordProperty(part.state, "metadata"), "output");
  return `${part.state.status}${output?.length ?? ""}`;
}
