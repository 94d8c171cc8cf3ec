/** A turn's hold on its session: its place in line, its permissions and tools, and everything that can end it. */
import { type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import type { AssistantMessage } from "../../types/answer.js";
import { raceAbort } from "../../util/abort.js";
import type { TurnReport } from "../answer-stream.js";
import type { DirectoryContext, SessionContext, ToolUse } from "../context.js";
import { applyTurnPermissions, type TurnPermissions } from "../permissions/turn-permissions.js";
import { activePrompts, enterTurn, lockKey, takePlace } from "../session-lock.js";
import type { ResolvedTurnOptions } from "../turn-options.js";
import { enterResponsive } from "../while-responsive.js";
import type { Fallback } from "./fallback.js";
import { enterSteering, Steering } from "./steering.js";
import { clockOf, type TurnClock, turnSignal } from "./turn-clock.js";
import { turnFailure } from "./turn-failure.js";
import { whenIdle } from "./when-idle.js";

/** One turn of a session, from its place in line to its release. */
export interface TurnContext {
  readonly session: SessionContext;
  readonly options: ResolvedTurnOptions<unknown>;
  /** Client and events of the session's directory. */
  readonly scope: DirectoryContext;
  readonly clock: TurnClock;
  readonly permissions: TurnPermissions;
  /** The application's tools; `undefined` when there are none. */
  readonly tools: ToolUse | undefined;
  /** Tells the caller of an event. */
  readonly emit: TurnReport["emit"];
  /** Resolves when the reader of the events has gone on after this one; at once when nobody reads them. */
  readonly passed: TurnReport["passed"];
  /** Notes a prompt that is about to be sent. */
  readonly sending: TurnReport["sending"];
  /** Takes the sub-agents of a run, for the caller. */
  readonly offerSubagents: TurnReport["offerSubagents"];
  /** Ends the turn: the caller's stop, the time limit, the end of the connection. */
  readonly signal: AbortSignal;
  /** Aborts when a server of ours does not respond any more: the turn gives up, and its run goes on. */
  readonly unresponsive: AbortSignal | undefined;
  /** How reads before the run are retried. Their signal aborts with `signal` and with `unresponsive`. */
  readonly retryOptions: RetryOptions;
  /** The prompts that are put into the turn's runs. */
  readonly steering: Steering;
  /** Model steps of the turn's earlier runs: they count in its budget. */
  readonly spent: AssistantMessage[];
  /** The models that the turn may go on with; `undefined` without `fallbackModels`. */
  readonly fallback: Fallback | undefined;
  /** Takes back what the server was told for the turn, and lets the next turn begin. Never rejects. */
  readonly release: () => Promise<void>;
  /** Releases the session, and resolves to the error that the turn rejects with, for one that its work has thrown. */
  readonly failure: (error: unknown) => Promise<unknown>;
}

/**
 * Waits for the session, and for its idleness where a run was left, and tells the server what holds for the turn. The place in line is taken
 * synchronously. `onPlace` is called when the turn has its place: from then on it takes steers.
 *
 * @throws SessionBusyError with `whenBusy: "reject"`; AbortedError and TurnTimeoutError while it waits.
 */
export async function acquireTurn(
  session: SessionContext,
  options: ResolvedTurnOptions<unknown>,
  report: TurnReport,
  onPlace: () => void,
): Promise<TurnContext> {
  const { connection, sessionId } = session;
  const { whenBusy, messageId } = options;
  const clock = clockOf(options.signal);
  const stop = turnSignal(options.timeout, clock, options.signal, report.signal, connection.lifetime);
  const { signal } = stop;
  const steering = new Steering(session, options);
  const held: (() => void | Promise<void>)[] = [stop.release];
  let ofWork = (error: unknown): unknown => error;
  const undoAll = async (): Promise<void> => {
    for (let undo = held.pop(); undo !== undefined; undo = held.pop()) {
      const undoing = undo();
      if (undoing instanceof Promise) await undoing;
    }
  };
  const release = async (): Promise<void> => {
    // Of steers that are left the session is held by the turns that they become.
    if (steering.heldOver === undefined) return undoAll();
    stop.release();
    void steering.heldOver.finally(undoAll);
  };
  const failure = async (error: unknown): Promise<unknown> => {
    await release(); // what aborts meanwhile counts
    return turnFailure(error, session, signal, ofWork);
  };
  report.sessionId(sessionId);
  clock.enter("queue");
  try {
    const key = lockKey(connection, sessionId);
    // Through another client of this process it may be running now: it is followed, as another process would.
    const isRunning = messageId !== undefined && activePrompts.isOthers(key, messageId, connection);
    if (!isRunning) {
      const { before, leave } = takePlace(key, whenBusy === "reject" ? "reject" : "queue");
      held.unshift(leave); // released last
      if (before !== undefined) await raceAbort(before, signal);
      held.push(enterSteering(session, steering));
    }
    onPlace();
    const responsive = enterResponsive(connection.responsiveness, signal, sessionId);
    held.push(responsive.release);
    ofWork = responsive.failure;
    clock.enter("setup");
    const { reconnectTimeout, left } = connection;
    const retryOptions: RetryOptions = {
      signal: responsive.signal,
      retryTimeout: reconnectTimeout,
      liveness: connection.api.liveness,
    };
    const scope = await retryTransient((call) => raceAbort(session.scope(call), responsive.signal), retryOptions);
    // A turn that joins one of another client of this process is a part of that one.
    if (!isRunning) {
      const { address, directory = "" } = scope.api;
      const continues = (): Promise<boolean> => isStored(scope, sessionId, messageId, retryOptions);
      const entering = enterTurn(address, directory, responsive.signal, continues);
      held.push(await clock.during("queue", () => entering));
    }
    const tools = connection.tools?.use(scope, sessionId);
    if (tools !== undefined) held.push(() => tools.release());
    // The rules of a run that was left are in force until it is over.
    if (left.has(sessionId, messageId)) {
      await clock.during("queue", () => whenIdle(scope, sessionId, whenBusy, retryOptions));
      await raceAbort(left.take(sessionId), responsive.signal);
    } else if (messageId !== undefined) {
      // Those of the same prompt's run are taken back before they are told anew: otherwise they would count as the session's own.
      await raceAbort(left.take(sessionId, messageId), responsive.signal);
    }
    const fallback = await fallbackOf(options);
    const permissions = await applyTurnPermissions(session, scope, options, retryOptions);
    held.push(() => left.whenOver(sessionId, permissions.revert));
    return {
      session,
      options,
      scope,
      clock,
      permissions,
      tools,
      ...steering.reporting(report, clock),
      signal,
      unresponsive: responsive.unresponsive,
      retryOptions,
      steering,
      spent: [],
      fallback,
      release,
      failure,
    };
  } catch (error) {
    const failed = await failure(error);
    void steering.drop(failed); // nothing was sent
    throw failed;
  }
}

async function isStored(
  { api }: DirectoryContext,
  sessionId: string,
  messageId: string | undefined,
  retryOptions: RetryOptions,
): Promise<boolean> {
  if (messageId === undefined) return false;
  return (await retryTransient((call) => api.messages.find(sessionId, messageId, call), retryOptions)) !== undefined;
}

async function fallbackOf({ fallbackModels, variant }: ResolvedTurnOptions<unknown>): Promise<Fallback | undefined> {
  if (fallbackModels === undefined) return undefined;
  const { Fallback } = await import("./fallback.js");
  return new Fallback(fallbackModels, variant);
}
