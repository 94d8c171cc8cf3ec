/** One prompt on one session: wait for its turn, submit it once, follow it, read its output. */
import { ConflictError, SessionBusyError, StructuredOutputError } from "../errors.js";
import { orAbort } from "../internal/abort.js";
import { delay } from "../internal/delay.js";
import { mintId } from "../internal/ids.js";
import { recordProperty } from "../internal/json.js";
import type { Answer, Message } from "../types/answer.js";
import type { Prompt, SessionTurnOptions } from "../types/options.js";
import { withOutput } from "./answer.js";
import type { TurnReport } from "./answer-stream.js";
import type { Connection, Scope } from "./context.js";
import { readMessage } from "./messages.js";
import { findJson, instructionFor, type OutputFormat, outputFormat, unwrap } from "./output.js";
import { type PromptBody, promptBody, promptText } from "./prompt.js";
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
  readonly scope: (signal: AbortSignal) => Promise<Scope>;
  /** Nobody else knows the session, and it has no turns yet. */
  readonly isFresh: boolean;
}

/** What is done when the session is free: by default a prompt. */
export interface TurnWork {
  readonly body?: PromptBody | undefined;
  readonly messageId: string;
  readonly submit: (scope: Scope, signal: AbortSignal, turn: Turn) => Promise<"sent" | "stored">;
}

/** Asks and resolves to the answer. Options are checked before anything is sent. */
export async function askSession<T>(
  target: AskTarget,
  prompt: Prompt,
  given: SessionTurnOptions<T>,
  report: TurnReport,
): Promise<Answer<T>> {
  const { options, format, body } = planAsk(prompt, given, target.defaults);
  const { messageID: messageId } = body;
  // A prompt with `format` makes the session's history unreadable on the server (1.18.33): only a session that is used
  // for nothing else gets one. Elsewhere the model is told in words.
  const isNative = format !== undefined && target.isFresh;
  if (isNative) body.format = { type: "json_schema", schema: format.jsonSchema };
  else if (format !== undefined) body.system = [body.system, instructionFor(format)].filter(Boolean).join("\n\n");
  const submit: TurnWork["submit"] = async (scope, signal) => {
    if (options.messageId !== undefined && (await isKnown(scope, target.sessionId, messageId, prompt, signal)))
      return "stored";
    await submitPrompt(scope.client, target.sessionId, body, { signal, patience: target.connection.reconnectTimeout });
    return "sent";
  };
  const { answer, turn } = await takeTurn(target, options, { body, messageId, submit }, report);
  if (format === undefined) return answer as Answer<T>; // without a schema T is undefined
  const raw = isNative ? turn.answerMessages().at(-1)?.info.structured : findJson(answer.text);
  return withOutput(answer, await validOutput(format, raw, answer));
}

/** Everything that is known before a request is made. Throws `ConfigError` for a wrong prompt, option or schema. */
export function planAsk<T>(prompt: Prompt, given: SessionTurnOptions<T>, defaults: TurnDefaults): AskPlan<T> {
  const options = resolveTurnOptions(given, defaults);
  const format = options.schema === undefined ? undefined : outputFormat(options.schema);
  return { options, format, body: promptBody(prompt, options, options.messageId ?? mintId("msg")) };
}

interface AskPlan<T> {
  readonly options: ResolvedTurnOptions<T>;
  readonly format: OutputFormat<T> | undefined;
  readonly body: PromptBody;
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
  const turn = new Turn(sessionId, work.messageId);
  report.sessionId(sessionId);
  try {
    return await inOrder(`${connection.client.baseUrl} ${sessionId}`, { whenBusy, signal: stop.signal }, async () => {
      const scope = await target.scope(stop.signal);
      if (!target.isFresh) await whenIdle(scope, sessionId, whenBusy, stop.signal);
      const answer = await runTurn({
        connection,
        scope,
        turn,
        emit: report.emit,
        callbacks: options,
        signal: stop.signal,
        body: work.body,
        submit: (signal) => work.submit(scope, signal, turn),
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

/** Is a prompt with the caller's own id stored already? With other text it is another prompt. */
async function isKnown(
  scope: Scope,
  sessionId: string,
  messageId: string,
  prompt: Prompt,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await readMessage(scope.client, sessionId, messageId, { signal });
  if (found === undefined || found === "unreadable") return found !== undefined;
  if (textOf(found) === promptText(prompt)) return true;
  throw new ConflictError(`the message ${messageId} is stored with another text`, {
    status: 409,
    sessionId,
    hint: "Use a new messageId for a new prompt.",
  });
}

function textOf({ parts }: Message): string {
  return parts
    .map((part) => (part.type === "text" && part.synthetic !== true ? part.text : ""))
    .filter((text) => text !== "")
    .join("\n")
    .trim();
}

/** The server does not check the output at all (1.18.33): it is done here. */
async function validOutput<T>(format: OutputFormat<T>, raw: unknown, answer: Answer<undefined>): Promise<T> {
  const facts = { sessionId: answer.sessionId, answer, raw: raw ?? answer.text };
  if (raw === undefined) {
    throw new StructuredOutputError("the model gave no JSON", {
      ...facts,
      issues: [{ message: "no JSON value in the answer" }],
    });
  }
  let result = await format.validate(unwrap(format, raw));
  // `{ value: … }` may be the value itself.
  if (result.issues !== undefined && format.isWrapped) {
    const asGiven = await format.validate(raw);
    if (asGiven.issues === undefined) result = asGiven;
  }
  if (result.issues === undefined) return result.value;
  const text = result.issues.map((issue) => `${pathOf(issue.path)}${issue.message}`).join("; ");
  throw new StructuredOutputError(`the model's output does not fit the schema: ${text}`, {
    ...facts,
    issues: result.issues,
  });
}

function pathOf(path: readonly unknown[] | undefined): string {
  if (path === undefined || path.length === 0) return "";
  const keys = path.map((item) => String(typeof item === "object" && item !== null && "key" in item ? item.key : item));
  return `${keys.join(".")}: `;
}
