/** Taking a session's turn: in line behind the others, when the session is idle. */

import { type ReadOptions, type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import { AbortedError, AgentError, SessionBusyError } from "../../errors/index.js";
import type { Answer, AssistantMessage } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import { raceAbort } from "../../util/abort.js";
import { delay } from "../../util/delay.js";
import { recordProperty } from "../../util/json.js";
import type { TurnReport } from "../answer-stream.js";
import type { Connection, DirectoryContext, ToolUse } from "../context.js";
import type { EffectivePermissions } from "../permissions/effective-rules.js";
import { applyTurnPermissions } from "../permissions/turn-permissions.js";
import { ActivePrompts, withSessionLock } from "../session-lock.js";
import { type ResolvedTurnOptions, type TurnDefaults, turnSignal } from "../turn-options.js";
import { type ResponsiveWork, whileResponsive } from "../while-responsive.js";
import { toAbortError } from "./abort-error.js";
import { overBudget } from "./budget.js";
import { mentionedAgents, type PromptBody } from "./prompt.js";
import { Turn } from "./turn.js";
import { clockOf } from "./turn-clock.js";
import { runTurn, type Sending } from "./turn-runner.js";

const atWork = new ActivePrompts();

const firstBusyWait = 50;
const longestBusyWait = 1_000;

/** A session as `ask` needs it. */
export interface TurnTarget {
  readonly connection: Connection;
  readonly sessionId: string;
  readonly defaults: TurnDefaults;
  /** Client and events of the session's directory; rejects for a session that does not exist. */
  readonly scope: (call: ReadOptions) => Promise<DirectoryContext>;
  /** Nobody else knows the session, and it has no turns yet. */
  readonly isFresh: boolean;
  /** What holds in the session already. */
  readonly inForce: EffectivePermissions;
}

/** What is done when the session is free: a prompt, a command or a shell line. */
export interface TurnRequest {
  readonly body?: PromptBody | undefined;
  readonly messageId: string;
  /** Has the server had it before? Then it is followed, not sent again, also while it is still running. */
  readonly isStored: (scope: DirectoryContext, call: ReadOptions) => Promise<boolean>;
  readonly send: (scope: DirectoryContext, turn: Turn, sending: Sending) => Promise<void>;
  /** Sending it again makes the server go on with what it has of it. */
  readonly canRepeat: boolean;
}

/** What came of it. */
export interface TurnResult {
  readonly answer: Answer<undefined>;
  readonly turn: Turn;
}

/**
 * Calls `body` when it is this caller's turn; until `body` has ended no other turn of the session begins. It is given the
 * way to run turns: mostly one, more when the model is told to correct itself.
 */
export async function takeTurn<R>(
  target: TurnTarget,
  options: ResolvedTurnOptions<unknown>,
  report: TurnReport,
  body: (run: (work: TurnRequest) => Promise<TurnResult>) => Promise<R>,
): Promise<R> {
  const { connection, sessionId } = target;
  const { whenBusy, timeout } = options;
  const clock = clockOf(options.signal);
  const stop = turnSignal(timeout, clock, options.signal, report.signal, connection.lifetime);
  const { signal } = stop;
  let tools: ToolUse | undefined;
  report.sessionId(sessionId);
  const emit = (event: AgentEvent): void => {
    clock.event(event);
    report.emit(event);
  };
  const untilIdle = (scope: DirectoryContext, retryOptions: RetryOptions): Promise<void> =>
    clock.during("queue", () => whenIdle(scope, sessionId, whenBusy, retryOptions));
  clock.enter("queue");
  try {
    const place = `${connection.client.baseUrl} ${sessionId}`;
    // Through another client of this process it may be running now: it is followed, as another process would.
    const isRunning = options.messageId !== undefined && atWork.isOthers(place, options.messageId, connection);
    const inLine = (work: () => Promise<R>): Promise<R> =>
      isRunning ? work() : withSessionLock(place, { whenBusy, signal }, work);
    const inTurn = (work: (responsive: ResponsiveWork) => Promise<R>): Promise<R> =>
      inLine(() => whileResponsive(connection.responsiveness, signal, sessionId, work));
    return await inTurn(async ({ signal: patient, unresponsive }) => {
      clock.enter("setup");
      const { reconnectTimeout, left } = connection;
      const retryOptions = { signal: patient, retryTimeout: reconnectTimeout, liveness: connection.client.liveness };
      const scope = await retryTransient((call) => raceAbort(target.scope(call), patient), retryOptions);
      const spent: AssistantMessage[] = [];
      tools = connection.tools?.use(scope, sessionId);
      // The rules of a run that was left are in force until it is over.
      if (left.has(sessionId, options.messageId)) {
        await untilIdle(scope, retryOptions);
        await left.take(sessionId);
      }
      const permissionContext = await applyTurnPermissions(target, scope, options, retryOptions);
      const work = body(async (work) => {
        const isStored = await retryTransient((call) => work.isStored(scope, call), retryOptions);
        // What is stored may be the very thing that runs. For a new session the names were looked up before it was made.
        if (!isStored && !target.isFresh) {
          const mentioned = work.body === undefined ? [] : mentionedAgents(work.body);
          await scope.names.validate({ ...options, mentioned }, patient, { sessionId });
          await untilIdle(scope, retryOptions);
        }
        await left.take(sessionId, isStored ? work.messageId : undefined);
        patient.throwIfAborted();
        // One more try is more use. A call that the provider refused was none.
        const used = spent.filter(({ error }) => error?.name !== "APIError");
        const over = isStored || used.length === 0 ? undefined : overBudget(options, used);
        if (over !== undefined) throw over;
        const turn = new Turn(sessionId, work.messageId, (id) => connection.isSeparate(id));
        const { callbackTimeout, onQuestion, onPlanExit } = options;
        const callbacks = { ...permissionContext, callbackTimeout, onQuestion, onPlanExit };
        const { hooks } = options;
        const { passed } = report;
        const given = { connection, scope, turn, emit, passed, callbacks, hooks, signal, unresponsive, isStored };
        const { idleTimeout, maxRetryWait } = options;
        const limits = { idleTimeout, maxRetryWait, budget: options, spent: [...spent] };
        const { canRepeat } = work;
        const send = async (sending: Sending): Promise<void> => {
          await tools?.ready(sending.signal); // each time: a server that was started again does not know them any more
          await work.send(scope, turn, sending);
        };
        // What runs already may still call them; what is over does not need them.
        if (isStored) await tools?.ready(patient).catch((error: unknown) => scope.client.logger.debug(String(error)));
        const leave = atWork.enter(place, work.messageId, connection);
        try {
          return { answer: await runTurn({ ...given, ...limits, body: work.body, send, canRepeat }), turn };
        } finally {
          leave();
          spent.push(...turn.steps);
        }
      });
      return await work.finally(() => left.whenOver(sessionId, permissionContext.revert));
    });
  } catch (error) {
    if (connection.lifetime.aborted) throw connection.lifetime.reason;
    // Stopped while it waited in line, or in a request: the run itself reports its own stop.
    if (signal.aborted && !isOwnReport(error)) throw toAbortError(signal.reason, { sessionId });
    throw error;
  } finally {
    tools?.release();
    stop.release();
  }
}

/** The run has reported its stop itself, with what it had until then. */
function isOwnReport(error: unknown): boolean {
  return error instanceof AbortedError || (error instanceof AgentError && error.answer !== undefined);
}

/** Another client may be using the session. Polled: its events would not say when it began. */
export async function whenIdle(
  scope: DirectoryContext,
  sessionId: string,
  whenBusy: "queue" | "reject",
  retryOptions: RetryOptions,
): Promise<void> {
  const { signal } = retryOptions;
  for (let wait = firstBusyWait; ; wait = Math.min(wait * 2, longestBusyWait)) {
    const type = recordProperty(await retryTransient(scope.status, retryOptions), sessionId)?.["type"];
    if (type === undefined || type === "idle") return;
    if (whenBusy === "reject") {
      throw new SessionBusyError("the session is running a turn of another client", {
        status: 409,
        sessionId,
        hint: 'Wait for it, or leave out whenBusy: "reject".',
      });
    }
    await delay(wait, signal);
  }
}
