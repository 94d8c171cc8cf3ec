/** Tells of the turns of one connection that have settled. A notice that fails is logged; it fails no turn. */
import { AbortedError, ConfigError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import type { OnSettled } from "../../types/settled.js";
import { onAbort } from "../../util/abort.js";
import { messageOf } from "../../util/error-message.js";
import type { LevelLogger } from "../../util/logger.js";
import { withTimeout } from "../../util/with-timeout.js";
import type { TurnReport } from "../answer-stream.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import type { RunProgram } from "./deliver.js";
import type { IntentStore, TurnIntent } from "./intent.js";
import type { SettledFacts } from "./notice.js";

/** How long the end of the connection waits for notices on their way, in ms. */
const closeTimeout = 10_000;
/** The same with a program that would be run once more: it has ended by then, or was killed. */
const programTimeout = 31_000;
/** How long it then waits for those to be left to the kept server, in ms: a write to a slow disk. */
const handOverTimeout = 2_000;

/** What is needed of the connection. */
interface Told {
  readonly client: { readonly logger: LevelLogger };
  /** Ends with the connection. */
  readonly lifetime: AbortSignal;
  readonly permissionContext: { readonly runProgram?: RunProgram | undefined };
  /** For a server that tells what this process cannot tell any more. */
  readonly intents?: (() => Promise<IntentStore>) | undefined;
}

/** The notices of one connection. */
export class Notices {
  readonly #connection: Told;
  readonly #ending = new AbortController();
  /** Turns that run, and notices on their way. */
  readonly #open = new Set<Promise<void>>();
  /** Programs that run, and that the kept server would run again. */
  #programs = 0;

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
    const intent = this.#intent(target, ids.startedAt);
    const watched: TurnReport = {
      ...report,
      sending: intent && (async (prompt) => (await intent)?.sending(prompt)),
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
    this.#keep(settled.then(async (facts) => this.#deliver(target, facts, callbackTimeout, await intent)));
    return answer;
  }

  /** Waits for the notices of turns that have ended, and gives up those that take too long. */
  async close(): Promise<void> {
    if (this.#open.size === 0) return;
    const { signal } = this.#ending;
    const timeout = this.#programs > 0 ? programTimeout : closeTimeout;
    const late = setTimeout(() => this.#ending.abort(new Error("the client was closed")), timeout);
    let last: ReturnType<typeof setTimeout> | undefined;
    let isGivenUp = false;
    const givenUp = new Promise<void>((resolve) => {
      const giveUp = (): void => {
        isGivenUp = true;
        resolve();
      };
      onAbort(signal, () => {
        last = setTimeout(giveUp, handOverTimeout);
      });
    });
    while (this.#open.size > 0 && !isGivenUp) await Promise.race([...this.#open, givenUp]);
    clearTimeout(late);
    clearTimeout(last);
  }

  get #runProgram(): RunProgram | undefined {
    return this.#connection.permissionContext.runProgram;
  }

  #keep(work: Promise<void>): void {
    this.#open.add(work);
    void work.finally(() => this.#open.delete(work));
  }

  /** `undefined` where nobody else can tell the notice. */
  #intent(target: OnSettled, startedAt: number): Promise<TurnIntent | undefined> | undefined {
    const { intents, client } = this.#connection;
    if (intents === undefined || typeof target === "function") return undefined;
    const warn = (error: unknown): void =>
      client.logger.warn(`the intent of a notice has failed, which may be lost or told twice: ${messageOf(error)}`);
    return import("./intent.js").then(
      ({ TurnIntent }) => new TurnIntent(intents, { target, startedAt }, warn),
      (error: unknown) => void warn(error),
    );
  }

  /** The connection has ended before the run, or before it was known that the run was aborted: its end is not known here. */
  #isLeft({ result }: SettledFacts): boolean {
    const { lifetime } = this.#connection;
    const isClosed = lifetime.aborted && lifetime.reason instanceof AbortedError;
    return isClosed && "error" in result && result.error instanceof AbortedError;
  }

  /** Never rejects. */
  async #deliver(
    target: OnSettled,
    facts: SettledFacts,
    timeout: number,
    intent: TurnIntent | undefined,
  ): Promise<void> {
    const { signal } = this.#ending;
    const { logger } = this.#connection.client;
    const left = "the notice of a turn is left to the kept server";
    if (this.#isLeft(facts) && (await intent?.handOver()) === true) {
      logger.info(left);
      return;
    }
    const isProgram = intent !== undefined && "command" in target;
    if (isProgram) this.#programs += 1;
    try {
      const { noticeOf } = await import("./notice.js");
      const notice = noticeOf(facts);
      await intent?.settled(notice);
      if (typeof target === "function") {
        await withTimeout(async () => target(notice), { timeout, signal });
      } else {
        const { deliver } = await import("./deliver.js");
        await deliver(target, notice, this.#runProgram, signal);
      }
    } catch (error) {
      if (signal.aborted && (await intent?.handOver()) === true) {
        logger.info(left);
        return;
      }
      const { nameOf } = await import("./deliver.js").catch(() => ({ nameOf: () => "its receiver" }));
      logger.warn(`the notice of a settled turn was not delivered to ${nameOf(target)}: ${messageOf(error)}`);
    } finally {
      if (isProgram) this.#programs -= 1;
    }
    await intent?.end();
  }
}
