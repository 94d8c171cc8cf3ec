/**
 * The steers of a session's turn: prompts that are put into its run. Each is handed over once, under ids that are fixed before, and in the
 * order of the calls. A steer is absorbed when a step of the run was made with it; those that are left at the end of the run are the next turn.
 */
import type { Answer } from "../../types/answer.js";
import type { AgentEvent, Subagent } from "../../types/event.js";
import type { Prompt } from "../../types/prompt.js";
import type { SteerResult } from "../../types/steer.js";
import type { TurnOptions } from "../../types/turn-options.js";
import type { AnswerStream, TurnReport } from "../answer-stream.js";
import type { Connection, SessionContext } from "../context.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { dropSteers } from "./drop-steers.js";
import type { PromptBody } from "./prompt.js";
import { planPrompt } from "./prompt-plan.js";
import { PromptRequest } from "./prompt-request.js";
import { deliverSteer, markedSteer, type SteeredRun } from "./steer-delivery.js";
import { mintSteerId } from "./steer-places.js";
import type { TurnClock } from "./turn-clock.js";

/** A steer that the model was asked with, and where its answer is. */
export interface Absorption extends SteerResult {
  /** The answer of the turn that has absorbed it. */
  readonly turnAnswer: Promise<Answer<unknown>>;
}

/** One steer until it is absorbed. */
export interface Steer {
  /** Its prompt, as it is sent. */
  body: PromptBody;
  /** `undefined` before it is sent. */
  request: PromptRequest | undefined;
  /** It was sent into an earlier run of the turn: any step of the next one is made with it. */
  isBefore: boolean;
  /** The run that it was for has ended. */
  isLate: boolean;
  /** Tells what has become of it. */
  readonly resolve: (result: Absorption) => void;
  /** Tells why it was not absorbed. */
  readonly reject: (error: unknown) => void;
}

/** Those parts of a turn's report that its runs use as they are. */
interface Handed {
  readonly sending: TurnReport["sending"];
  readonly offerSubagents: TurnReport["offerSubagents"];
}

/** The steers of one session, from the beginning of a turn until nothing is left of it. */
export class Steering {
  /** The answer of the turn that runs. */
  answering: Promise<Answer<unknown>> = Promise.reject(new Error("no turn has begun"));
  readonly #session: SessionContext;
  readonly #options: ResolvedTurnOptions<unknown>;
  readonly #left: Steer[] = [];
  readonly #ids = new Set<string>();
  /** Of those that were sent. */
  readonly #requests = new Map<string, PromptRequest>();
  readonly #readers = new Set<(event: AgentEvent) => void>();
  /** Of each run until now. */
  readonly #subagents: (() => readonly Subagent[])[] = [];
  /** Those whose prompts are being read, in order. */
  #planning: Promise<unknown> = Promise.resolve();
  #posting: Promise<void> | undefined;
  #run: SteeredRun | undefined;
  /** Steers wait until the run has more steps than this. */
  #heldAt: number | undefined;
  #isOpen = true;
  #heldOver: Promise<void> | undefined;

  constructor(session: SessionContext, options: ResolvedTurnOptions<unknown>) {
    this.#session = session;
    this.#options = options;
    this.answering.catch(() => {});
  }

  /** It takes steers. Afterwards a steer is the next turn. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A steer is on its way, and may set the run going again. Resolves when the server has it, or not; `undefined` without one. */
  get posted(): Promise<void> | undefined {
    return this.#posting;
  }

  /** Resolves when the turns that steers have become are over: until then the session is held. `undefined` without any. */
  get heldOver(): Promise<void> | undefined {
    return this.#heldOver;
  }

  /**
   * Takes a steer; `files` are attached to it. Resolves to `undefined` when the session was let go meanwhile. Rejects with `ConfigError` for a
   * wrong prompt, with the server's refusal, and as `drop()`.
   */
  async add(prompt: Prompt, files: TurnOptions["files"]): Promise<Absorption | undefined> {
    const options = { ...this.#options, schema: undefined, files, messageId: mintSteerId() };
    const planned = planPrompt(prompt, options, this.#session.sessionId);
    planned.catch(() => {}); // awaited in its turn
    const inOrder = this.#planning.then(() => planned);
    this.#planning = inOrder.catch(() => {}); // told to the caller
    const { body } = await inOrder;
    if (!this.#isOpen) return undefined;
    return new Promise((resolve, reject) => {
      this.#ids.add(body.messageID);
      this.#left.push({ body, request: undefined, isBefore: false, isLate: false, resolve, reject });
      this.#send();
    });
  }

  /** Those of the turn's runs, for whoever has steered them. */
  subagents(): Subagent[] {
    return this.#subagents.flatMap((list) => list());
  }

  /** Tells the turn's events, until the result is called. */
  follow(reader: (event: AgentEvent) => void): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  /** The report of a turn: whoever has steered it is told, too. */
  reporting(
    { emit, passed, sending, offerSubagents }: TurnReport,
    clock: TurnClock,
  ): Pick<TurnReport, "emit" | "passed"> & Handed {
    const told = (event: AgentEvent): void => {
      clock.event(event);
      emit(event);
      for (const reader of this.#readers) reader(event);
    };
    const offered: TurnReport["offerSubagents"] = (list) => {
      this.#subagents.push(list);
      offerSubagents?.(list);
    };
    return { emit: told, passed, sending, offerSubagents: offered };
  }

  /** A run of the turn has begun. */
  begin(run: SteeredRun): void {
    this.#run = run;
    this.#heldAt = undefined;
    const isOfSteer = this.#ids.has(run.turn.messageId);
    for (const steer of this.#left) {
      if (steer.request === undefined) continue;
      if (isOfSteer) run.turn.steer(steer.body.messageID);
      else steer.isBefore = true;
    }
    this.#send();
  }

  /**
   * The run has stopped, and its prompt is to set it going again: a steer that is sent before would do so, too, and the prompt then makes a
   * step too many (1.18.33). No steer is sent until `awaitStep()`.
   */
  hold(): void {
    this.#heldAt = Number.POSITIVE_INFINITY;
  }

  /** The prompt is about to be sent: steers wait for the step that it begins. */
  awaitStep(): void {
    this.#heldAt = this.#run?.turn.ownSteps.length;
  }

  /** The run is over. Another one of the same turn may follow. */
  end(): void {
    this.changed();
    this.#run = undefined;
  }

  /** The run has a new message: the model may have been asked with a steer. */
  changed(): void {
    const turn = this.#run?.turn;
    if (turn === undefined || this.#left.length === 0) return;
    if (this.#heldAt !== undefined) this.#send();
    for (const steer of [...this.#left]) {
      if (steer.request === undefined) continue;
      if (!(steer.isBefore ? turn.ownSteps.length > 0 : turn.isAbsorbed(steer.body.messageID))) continue;
      this.#forget(steer);
      if (steer.isLate) steer.resolve({ absorbed: "next", answer: plain(this.answering), turnAnswer: this.answering });
      else steer.resolve({ absorbed: "running", turnAnswer: this.answering });
    }
  }

  /** The request of a stored steer of the run with this prompt: it makes the run go on. Another client may have sent it. */
  requestOf(messageId: string | undefined, prompt: PromptBody | undefined): PromptRequest | undefined {
    if (messageId === undefined || prompt === undefined) return undefined;
    // The server has the parts.
    const stored = (): PromptRequest =>
      new PromptRequest(this.#session, { ...prompt, messageID: messageId, parts: [] }, true);
    const request = this.#requests.get(messageId) ?? stored();
    this.#requests.set(messageId, request);
    return request;
  }

  /** The turn is over: what is left is the next turn, and the session is held for it by `work`. Without any, no more steers are taken. */
  over(work: () => Promise<void>): void {
    if (!this.#isOpen || this.#heldOver !== undefined) return;
    if (this.#left.length === 0) this.#isOpen = false;
    else this.#heldOver = work();
  }

  /** The first steer that is left, once nothing is on its way. `undefined`: no more steers are taken. Called after the end of a run. */
  async take(): Promise<Steer | undefined> {
    await this.#posting;
    const steer = this.#left.shift();
    for (const left of this.#left) left.isLate = true;
    if (steer === undefined) this.#isOpen = false;
    return steer;
  }

  /** Tells the one who steered that it is the next turn. */
  next({ resolve }: Steer, stream: AnswerStream<undefined>): void {
    const { answer } = stream;
    resolve({
      absorbed: "next",
      answer,
      turnAnswer: answer as Promise<Answer<unknown>>, // any T is unknown
      get events() {
        return stream.events;
      },
    });
  }

  /** The run waits without its turn. What it has been sent is a part of it and rejects with `error`; the rest rejects with `unsent`. */
  leave(error: unknown, unsent: unknown): void {
    this.#isOpen = false;
    for (const { request, reject } of this.#left.splice(0)) reject(request === undefined ? unsent : error);
  }

  /** What is left rejects with `error`, and is taken back as far as possible. */
  async drop(error: unknown): Promise<void> {
    this.#isOpen = false;
    const dropped = this.#left.splice(0);
    for (const { reject } of dropped) reject(error);
    await this.#posting;
    const sent = dropped.filter(({ request }) => request !== undefined);
    await dropSteers(
      this.#session,
      sent.map(({ body }) => body),
    );
  }

  #forget(steer: Steer): void {
    const index = this.#left.indexOf(steer);
    if (index >= 0) this.#left.splice(index, 1);
  }

  /** One after the other: a steer is sent when the server has the one before. */
  #send(): void {
    const run = this.#run;
    if (this.#posting !== undefined || run?.body === undefined) return;
    if (this.#heldAt !== undefined && run.turn.ownSteps.length <= this.#heldAt) return;
    const steer = this.#left.find(({ request }) => request === undefined);
    if (steer === undefined) return;
    this.#posting = this.#post(run, run.body, steer).then(() => {
      this.#posting = undefined;
      this.changed();
      this.#send();
    });
  }

  /** Never rejects. */
  async #post(run: SteeredRun, settings: PromptBody, steer: Steer): Promise<void> {
    const session = this.#session;
    const { messageID, parts } = steer.body;
    steer.body = markedSteer({ ...settings, messageID, parts });
    const request = new PromptRequest(session, steer.body, true, steer.body, true);
    steer.request = request;
    this.#requests.set(messageID, request);
    try {
      await deliverSteer(session, run, request);
    } catch (error) {
      this.#forget(steer);
      steer.reject(error);
    }
  }
}

function plain(answer: Promise<Answer<unknown>>): Promise<Answer> {
  const same = answer as Promise<Answer>; // of the next turn, which has no schema
  same.catch(() => {});
  return same;
}

const sessions = new WeakMap<Connection, Map<string, Steering>>();

/** The steering of the turn that has the session; `undefined` when none has. */
export function steeringOf({ connection, sessionId }: SessionContext): Steering | undefined {
  return sessions.get(connection)?.get(sessionId);
}

/** The steering of a turn that has just got its session, until the result is called. */
export function enterSteering({ connection, sessionId }: SessionContext, steering: Steering): () => void {
  const known = sessions.get(connection) ?? new Map<string, Steering>();
  sessions.set(connection, known.set(sessionId, steering));
  return () => {
    if (known.get(sessionId) === steering) known.delete(sessionId);
  };
}
