/** The end of a turn whose process has died: read from the server. Nothing is sent, answered or stopped. */
import type { ReadOptions } from "../../client/retry-transient.js";
import { MessageNotFoundError } from "../../errors/index.js";
import type { Answer } from "../../types/answer.js";
import { Stopwatch } from "../../util/clock.js";
import { recordProperty, stringProperty } from "../../util/json.js";
import type { DirectoryContext } from "../context.js";
import { combineAnswers } from "../turn/answer.js";
import { answerOf, failureOfTurn } from "../turn/outcome.js";
import { hasChildren, readChildren } from "../turn/sub-agent-usage.js";
import { Turn } from "../turn/turn.js";
import type { NoticeIntent } from "./intent.js";
import type { SettledFacts } from "./notice.js";

/** How long an idle session must look the same before a run without an end counts as one that was cut, in ms. */
const certain = 15_000;
/** The same where the server queues prompts: another client's run may be in front. */
const certainOfQueue = 60_000;
/** Between two reads so much counts at most, in ms: the machine may have slept. */
const longestLap = 5_000;
/** Reads that find the end: the last text may be stored a moment after its step. */
const endReads = 2;
/** Without that text. */
const longestReads = 5;

/** Looks at one turn until it is over. */
export class TurnWatch {
  readonly #scope: DirectoryContext;
  readonly #intent: NoticeIntent;
  readonly #turn: Turn;
  readonly #idle = new Stopwatch();
  #seen = -1;
  #reads = 0;
  #isBusy = false;

  constructor(scope: DirectoryContext, intent: NoticeIntent) {
    const { sessionId, messageIds } = intent;
    this.#scope = scope;
    this.#intent = intent;
    this.#turn = new Turn(sessionId, messageIds.at(-1) ?? "");
    this.#turn.join();
  }

  /** At the last look something ran in the session. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** `undefined` while the turn goes on. Rejects with the error of a read. */
  async look(call: ReadOptions): Promise<SettledFacts | undefined> {
    const { api } = this.#scope;
    const turn = this.#turn;
    const { sessionId, messageId } = turn;
    // The status first: what is read after it was idle is final.
    const status = recordProperty(await api.sessions.statuses(call), sessionId);
    this.#isBusy = status !== undefined && stringProperty(status, "type") !== "idle";
    if (this.#isBusy) {
      this.#seen = -1;
      return undefined;
    }
    const isStored = turn.isStored || (await api.messages.find(sessionId, messageId, call)) !== undefined;
    if (isStored) turn.stored(await api.messages.ofTurn(sessionId, messageId, call), true);
    const seen = turn.answerMessages().length + (isStored ? 1 : 0);
    if (seen === this.#seen) this.#idle.lap(longestLap);
    else {
      this.#idle.restart();
      this.#reads = 0;
    }
    this.#seen = seen;
    this.#reads += 1;
    if (turn.isComplete && !turn.isInterrupted && this.#reads >= (turn.hasOpenText ? longestReads : endReads))
      return this.#end(false, call);
    if (this.#idle.elapsed < (api.capabilities.queuesPrompts ? certainOfQueue : certain)) return undefined;
    if (isStored) return this.#end(true, call);
    const error = new MessageNotFoundError("the server has not got the prompt: its client has ended before", {
      status: 404,
      sessionId,
    });
    return this.#facts({ error }, undefined);
  }

  async #end(wasCut: boolean, call: ReadOptions): Promise<SettledFacts> {
    const earlier = await Promise.all(this.#intent.messageIds.slice(0, -1).map((id) => this.#earlier(id, call)));
    const last = await this.#answer(this.#turn, call);
    const answer = combineAnswers([...earlier, last], this.#intent.messageIds[0] ?? "");
    const error = failureOfTurn(this.#turn, last, wasCut);
    const endedAt = this.#turn.answerMessages().at(-1)?.info.time.completed;
    return this.#facts(error === undefined ? { answer } : { error }, endedAt);
  }

  async #earlier(messageId: string, call: ReadOptions): Promise<Answer<undefined>> {
    const { sessionId } = this.#intent;
    const turn = new Turn(sessionId, messageId);
    turn.stored(await this.#scope.api.messages.ofTurn(sessionId, messageId, call), true);
    return this.#answer(turn, call);
  }

  async #answer(turn: Turn, call: ReadOptions): Promise<Answer<undefined>> {
    const children = hasChildren(turn) ? await readChildren(this.#scope, turn, call) : undefined;
    return answerOf(turn, { denials: children?.denials ?? [], ofChildren: children?.infos ?? [] });
  }

  #facts(result: SettledFacts["result"], endedAt: number | undefined): SettledFacts {
    const { sessionId, messageIds, startedAt } = this.#intent;
    return { sessionId, messageId: messageIds[0], startedAt, endedAt, result };
  }
}
