/** Tells of the turns of one connection that have settled. A notice that fails is logged; it fails no turn. */
import { ConfigError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import type { OnSettled } from "../../types/settled.js";
import { onAbort } from "../../util/abort.js";
import { messageOf } from "../../util/error-message.js";
import type { LevelLogger } from "../../util/logger.js";
import { withTimeout } from "../../util/with-timeout.js";
import type { TurnReport } from "../answer-stream.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import type { SettledFacts } from "./notice.js";

/** How long the end of the connection waits for notices on their way, in ms. */
const closeTimeout = 10_000;

/** Runs a program with a text as its input. Rejects when it fails. */
export type RunProgram = (command: readonly string[], input: string, signal: AbortSignal) => Promise<void>;

/** What is needed of the connection. */
interface Told {
  readonly client: { readonly logger: LevelLogger };
  readonly permissionContext: { readonly runProgram?: RunProgram | undefined };
}

/** The notices of one connection. */
export class Notices {
  readonly #connection: Told;
  readonly #ending = new AbortController();
  /** Turns that run, and notices on their way. */
  readonly #open = new Set<Promise<void>>();

  constructor(connection: Told) {
    this.#connection = connection;
  }

  /**
   * Does the work of a turn, with a report that is watched for its ids, and tells how it has settled. The turn does not wait for the notice.
   * @throws ConfigError for a command where there are no processes.
   */
  async tell<T>(
    options: ResolvedTurnOptions<unknown>,
    sessionId: string | undefined,
    report: TurnReport,
    work: (report: TurnReport) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    const { onSettled: target, messageId, callbackTimeout } = options;
    if (target === undefined) return work(report);
    if (typeof target === "object" && "command" in target && this.#runProgram === undefined) {
      throw new ConfigError("onSettled: a command needs Node", { hint: "Give a function or { url, secret }." });
    }
    const ids = { sessionId, messageId, startedAt: Date.now() };
    const watched: TurnReport = {
      ...report,
      sessionId: (id) => {
        ids.sessionId = id;
        report.sessionId(id);
      },
      emit: (event) => {
        if (event.type === "start") ids.messageId ??= event.messageId;
        report.emit(event);
      },
    };
    const answer = work(watched);
    const settled = answer.then(
      (given) => ({ ...ids, result: { answer: given as Answer<unknown> } }), // any T is unknown
      (error: unknown) => ({ ...ids, result: { error } }),
    );
    this.#keep(settled.then((facts) => this.#deliver(target, facts, callbackTimeout)));
    return answer;
  }

  /** Waits for the notices of turns that have ended, and gives up those that take too long. */
  async close(): Promise<void> {
    if (this.#open.size === 0) return;
    const { signal } = this.#ending;
    const late = setTimeout(() => this.#ending.abort(new Error("the client was closed")), closeTimeout);
    const given = new Promise<void>((resolve) => void onAbort(signal, resolve));
    while (this.#open.size > 0 && !signal.aborted) await Promise.race([...this.#open, given]);
    clearTimeout(late);
  }

  get #runProgram(): RunProgram | undefined {
    return this.#connection.permissionContext.runProgram;
  }

  #keep(work: Promise<void>): void {
    this.#open.add(work);
    work.finally(() => this.#open.delete(work));
  }

  /** Never rejects. */
  async #deliver(target: OnSettled, facts: SettledFacts, timeout: number): Promise<void> {
    const { signal } = this.#ending;
    try {
      const { noticeOf } = await import("./notice.js");
      const notice = noticeOf(facts);
      if (typeof target === "function") {
        await withTimeout(async () => target(notice), { timeout, signal });
      } else if ("command" in target) {
        await this.#runProgram?.(target.command, `${JSON.stringify(notice)}\n`, signal);
      } else {
        const { postNotice } = await import("./web-hook.js");
        await postNotice(target, notice, signal);
      }
    } catch (error) {
      const { logger } = this.#connection.client;
      logger.warn(`the notice of a settled turn was not delivered to ${nameOf(target)}: ${messageOf(error)}`);
    }
  }
}

/** Without its path, which may hold a secret. */
function nameOf(target: OnSettled): string {
  if (typeof target === "function") return "its function";
  return "command" in target ? `the command ${target.command[0]}` : new URL(target.url).host;
}
