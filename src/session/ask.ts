/** One prompt on one session: wait for its turn, submit it once, follow it, read its output. */
import { AbortedError, AgentError, ConflictError, SessionBusyError } from "../errors.js";
import { orAbort } from "../internal/abort.js";
import { delay } from "../internal/delay.js";
import { mintId } from "../internal/ids.js";
import { recordProperty } from "../internal/json.js";
import type { Answer } from "../types/answer.js";
import type { Prompt, SessionTurnOptions } from "../types/options.js";
import { withOutput } from "./answer.js";
import type { TurnReport } from "./answer-stream.js";
import { checkedOutput } from "./checked-output.js";
import type { Connection, Scope } from "./context.js";
import { readMessage } from "./messages.js";
import { findJson, instructionFor, type OutputFormat, outputFormat } from "./output.js";
import { type Patience, persist } from "./patience.js";
import { type PromptBody, promptBody } from "./prompt.js";
import { inOrder } from "./queue.js";
import { runTurn } from "./run-turn.js";
import { stopped } from "./stop-run.js";
import { submitOnce } from "./submit.js";
import { Turn } from "./turn.js";
import { type ResolvedTurnOptions, resolveTurnOptions, type TurnDefaults, turnSignal } from "./turn-options.js";

/** The server takes a prompt within milliseconds; after this (ms) it is asked whether it has. */
const lateAnswer = 2_000;
const firstBusyWait = 50;
const longestBusyWait = 1_000;

/** A session as `ask` needs it. */
export interface AskTarget {
  readonly connection: Connection;
  readonly sessionId: string;
  readonly defaults: TurnDefaults;
  /** Client and events of the session's directory; rejects for a session that does not exist. */
  readonly scope: () => Promise<Scope>;
  /** Nobody else knows the session, and it has no turns yet. */
  readonly isFresh: boolean;
}

/** What is done when the session is free: a prompt, a command or a shell line. */
export interface TurnWork {
  readonly body?: PromptBody | undefined;
  readonly messageId: string;
  /** Has the server had it before? Then it is followed, not sent again, also while it is still running. */
  readonly isStored: (scope: Scope, signal: AbortSignal) => Promise<boolean>;
  /** `over` aborts when the turn is over. */
  readonly send: (scope: Scope, signal: AbortSignal, turn: Turn, over: AbortSignal) => Promise<void>;
  /** Sending it again makes the server go on with what it has of it. */
  readonly canRepeat: boolean;
}

/** Everything that is known before a request is made. */
export interface AskPlan<T> {
  readonly options: ResolvedTurnOptions<T>;
  readonly format: OutputFormat<T> | undefined;
  readonly body: PromptBody;
}

/** Throws `ConfigError` for a wrong prompt, option or schema. */
export async function planAsk<T>(
  prompt: Prompt,
  given: SessionTurnOptions<T>,
  defaults: TurnDefaults,
): Promise<AskPlan<T>> {
  const options = resolveTurnOptions(given, defaults);
  const body = await promptBody(prompt, options, options.messageId ?? mintId("msg"));
  return { options, body, format: options.schema === undefined ? undefined : await outputFormat(options.schema) };
}

/** Asks and resolves to the answer. */
export async function askSession<T>(target: AskTarget, plan: AskPlan<T>, report: TurnReport): Promise<Answer<T>> {
  const { options, format } = plan;
  const body = { ...plan.body };
  // A prompt with `format` makes the session's history unreadable on the server (1.18.33): only a session that is used
  // for nothing else gets one. Elsewhere the model is told in words.
  const isNative = format !== undefined && target.isFresh;
  if (isNative) body.format = { type: "json_schema", schema: format.jsonSchema };
  else if (format !== undefined) body.system = [body.system, instructionFor(format)].filter(Boolean).join("\n\n");
  const { sessionId, connection } = target;
  const work: TurnWork = {
    body,
    messageId: body.messageID,
    isStored: async (scope, signal) => options.messageId !== undefined && isSamePrompt(scope, sessionId, body, signal),
    send: (scope, signal, turn, over) => {
      const call = { params: { path: { sessionID: sessionId } }, body, signal: over };
      const post = () => scope.client.POST("/session/{sessionID}/prompt_async", call);
      return submitOnce({ scope, turn, signal, patience: connection.reconnectTimeout, late: lateAnswer, post });
    },
    canRepeat: true,
  };
  const { answer, turn } = await takeTurn(target, options, work, report);
  if (format === undefined) return answer as Answer<T>; // without a schema T is undefined
  const raw = isNative ? turn.answerMessages().at(-1)?.info.structured : findJson(answer.text);
  return withOutput(answer, await checkedOutput(format, raw, answer));
}

/** Runs one turn of a session: in line behind the others, when the session is idle. */
export async function takeTurn(
  target: AskTarget,
  options: ResolvedTurnOptions<unknown>,
  work: TurnWork,
  report: TurnReport,
): Promise<{ answer: Answer<undefined>; turn: Turn }> {
  const { connection, sessionId } = target;
  const { whenBusy, timeout } = options;
  const stop = turnSignal(timeout, options.signal, report.signal, connection.lifetime);
  const turn = new Turn(sessionId, work.messageId, (id) => connection.isSeparate(id));
  report.sessionId(sessionId);
  try {
    return await inOrder(`${connection.client.baseUrl} ${sessionId}`, { whenBusy, signal: stop.signal }, async () => {
      const patience = { signal: stop.signal, patience: connection.reconnectTimeout };
      const scope = await persist(() => orAbort(target.scope(), stop.signal), patience);
      const isStored = await persist(() => work.isStored(scope, stop.signal), patience);
      // What is stored may be the very thing that runs.
      if (!isStored && !target.isFresh) await whenIdle(scope, sessionId, whenBusy, patience);
      const answer = await runTurn({
        connection,
        scope,
        turn,
        emit: report.emit,
        callbacks: options,
        signal: stop.signal,
        body: work.body,
        isStored,
        send: (signal, over) => work.send(scope, signal, turn, over),
        canRepeat: work.canRepeat,
        idleTimeout: options.idleTimeout,
        maxRetryWait: options.maxRetryWait,
        budget: options,
      });
      return { answer, turn };
    });
  } catch (error) {
    if (connection.lifetime.aborted) throw connection.lifetime.reason;
    // Stopped while it waited in line, or in a request: the run itself reports its own stop.
    if (stop.signal.aborted && !isOwnReport(error)) throw stopped(stop.signal.reason, { sessionId });
    throw error;
  } finally {
    stop.release();
  }
}

/** The run has reported its stop itself, with what it had until then. */
function isOwnReport(error: unknown): boolean {
  return error instanceof AbortedError || (error instanceof AgentError && error.answer !== undefined);
}

/** Another client may be using the session. Polled: its events would not say when it began. */
export async function whenIdle(
  scope: Scope,
  sessionId: string,
  whenBusy: "queue" | "reject",
  patience: Patience,
): Promise<void> {
  const { signal } = patience;
  for (let wait = firstBusyWait; ; wait = Math.min(wait * 2, longestBusyWait)) {
    const { data } = await persist(() => scope.client.GET("/session/status", { signal }), patience);
    const type = recordProperty(data, sessionId)?.["type"];
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

/**
 * Is a prompt with the caller's own id stored already? Our part ids follow from the message's, so each stored part can be
 * compared with what would be sent; what the server has added has other ids. Anything else is another prompt.
 */
async function isSamePrompt(scope: Scope, sessionId: string, body: PromptBody, signal: AbortSignal): Promise<boolean> {
  const found = await readMessage(scope.client, sessionId, body.messageID, { signal });
  if (found === undefined || found === "unreadable") return found !== undefined;
  const stored = new Map(found.parts.map((part) => [part.id, part]));
  const isSame = body.parts.every((part) => {
    const kept = stored.get(part.id ?? "");
    if (kept === undefined || kept.type !== part.type) return false;
    if (kept.type === "text" && part.type === "text") return kept.text === part.text;
    return kept.type !== "file" || part.type !== "file" || kept.url === part.url;
  });
  if (isSame) return true;
  throw new ConflictError(`the message ${body.messageID} is stored with another prompt`, {
    status: 409,
    sessionId,
    hint: "Use a new messageId for a new prompt.",
  });
}
