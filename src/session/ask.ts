/** One prompt on one session: wait for its turn, submit it once, follow it, read its output. */
import { ConflictError, SessionBusyError } from "../errors.js";
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
import { type PromptBody, promptBody } from "./prompt.js";
import { inOrder } from "./queue.js";
import { runTurn, stopped } from "./run-turn.js";
import { submitPrompt } from "./submit.js";
import { Turn } from "./turn.js";
import { type ResolvedTurnOptions, resolveTurnOptions, type TurnDefaults, turnSignal } from "./turn-options.js";

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
  readonly send: (scope: Scope, signal: AbortSignal, turn: Turn) => Promise<void>;
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
  const body = promptBody(prompt, options, options.messageId ?? mintId("msg"));
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
    send: ({ client }, signal) =>
      submitPrompt(client, sessionId, body, { signal, patience: connection.reconnectTimeout }),
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
      const scope = await orAbort(target.scope(), stop.signal);
      const isStored = await work.isStored(scope, stop.signal);
      // What is stored may be the very thing that runs.
      if (!isStored && !target.isFresh) await whenIdle(scope, sessionId, whenBusy, stop.signal);
      const answer = await runTurn({
        connection,
        scope,
        turn,
        emit: report.emit,
        callbacks: options,
        signal: stop.signal,
        body: work.body,
        isStored,
        send: (signal) => work.send(scope, signal, turn),
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

function isOwnReport(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === "AbortedError" ||
      (error.name === "TurnTimeoutError" && "answer" in error && error.answer !== undefined))
  );
}

/** Another client may be using the session. Polled: its events would not say when it began. */
export async function whenIdle(
  scope: Scope,
  sessionId: string,
  whenBusy: "queue" | "reject",
  signal: AbortSignal,
): Promise<void> {
  for (let wait = firstBusyWait; ; wait = Math.min(wait * 2, longestBusyWait)) {
    const { data } = await orAbort(scope.client.GET("/session/status", { signal }), signal);
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
