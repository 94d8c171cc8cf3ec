/** Asks one prompt as it is planned, and records what its caller sees. */
import type {
  AgentEvent,
  Answer,
  AnswerStream,
  JsonSchema,
  Opencode,
  Session,
  SessionTurnOptions,
} from "../../../src/client.js";
import type { VirtualClock } from "../world/clock.js";
import type { Trace } from "../world/trace.js";
import { handlersOf } from "./handlers.js";
import type { Flow, PlannedPrompt } from "./plan.js";
import { withoutRun } from "./process.js";
import type { Ledger, PromptRecord } from "./record.js";
import type { Truth } from "./truth.js";
import { answerSchema, commandName } from "./turns.js";
import { unwatched, watchersOf } from "./watchers.js";

export interface Fixture {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly ledger: Ledger;
  readonly truth: Truth;
}

export interface Place {
  readonly flow: Flow;
  readonly nth: number;
  readonly process: string;
  readonly foundBusy?: boolean;
}

/** Asks in a session, or in a new one; resolves when it has ended, whatever came of it. */
export async function askPlanned(
  fixture: Fixture,
  target: Session | Opencode,
  prompt: PlannedPrompt,
  place: Place,
): Promise<PromptRecord> {
  const { clock, trace, ledger } = fixture;
  const record: PromptRecord = {
    foundBusy: false,
    ...place,
    watched: unwatched(),
    prompt,
    startedAt: clock.now,
    sessionId: "id" in target ? target.id : undefined,
    endedAt: undefined,
    answer: undefined,
    error: undefined,
    pieces: [],
    events: [],
    leftAt: undefined,
    isReadWhole: false,
    asked: [],
    isOrphan: false,
    wasBusyAfter: false,
  };
  ledger.prompts.push(record);
  const { token } = prompt.turn;
  trace.add(
    place.process,
    `call ${prompt.how} ${token} (${prompt.turn.shape}, ${place.flow.kind})${prompt.limit === undefined ? "" : ` until ${prompt.limit.kind}`}`,
  );
  try {
    record.answer = await ask(target, record, fixture);
    trace.add(place.process, `answer ${token} ${JSON.stringify(record.answer.text.slice(0, 60))}`);
  } catch (error) {
    record.error = error;
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    trace.add(place.process, `error ${token} ${withoutRun(said)}`);
  }
  record.endedAt = clock.now;
  record.sessionId ??= record.answer?.sessionId;
  if (record.sessionId !== undefined) record.wasBusyAfter = (await fixture.truth.busy()).includes(record.sessionId);
  return record;
}

async function ask(
  target: Session | Opencode,
  record: PromptRecord,
  { clock, trace }: Fixture,
): Promise<Answer<unknown>> {
  const { prompt } = record;
  const { limit } = prompt;
  if (prompt.how === "command" && "command" in target) return target.command(commandName, prompt.turn.text);
  const controller = new AbortController();
  const options = optionsOf(record, controller.signal, clock);
  const stream = streamOf(target, prompt, options);
  stream.sessionId.then(
    (id) => {
      record.sessionId = id;
    },
    () => {}, // the answer says it
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopping: Promise<void> | undefined;
  if (limit?.kind === "signal") timer = setTimeout(() => controller.abort(new Error("the caller stops")), limit.value);
  if (limit?.kind === "abort()") {
    const stop = (): Promise<void> => ("id" in target ? target.abort() : stream.abort());
    timer = setTimeout(() => {
      stopping = stop().catch(() => {}); // what the turn ends with is looked at
    }, limit.value);
  }
  try {
    const readers: Promise<void>[] = [];
    if (prompt.how !== "ask") readers.push(readEvents(stream, record, trace));
    if (prompt.how === "stream") readers.push(readText(stream, record, clock));
    await Promise.all(readers);
    return await stream.answer;
  } finally {
    clearTimeout(timer);
    record.endedAt = clock.now;
    await stopping;
  }
}

async function readText(stream: AnswerStream<unknown>, record: PromptRecord, clock: VirtualClock): Promise<void> {
  const { limit } = record.prompt;
  try {
    for await (const piece of stream) {
      record.pieces.push(piece);
      if (limit?.kind !== "break" || record.pieces.length < limit.value) continue;
      record.leftAt = clock.now;
      return;
    }
    record.isReadWhole = true;
  } catch {
    // The same error comes with the answer.
  }
}

async function readEvents(stream: AnswerStream<unknown>, record: PromptRecord, trace: Trace): Promise<void> {
  try {
    for await (const event of stream.events) {
      record.events.push(event);
      if (event.type !== "raw") trace.add(record.process, `event ${told(event)}`);
    }
  } catch {
    // The same error comes with the answer.
  }
}

function streamOf(
  target: Session | Opencode,
  { turn, structured }: PlannedPrompt,
  options: SessionTurnOptions,
): AnswerStream<unknown> {
  if (structured === undefined) return target.askStream(turn.text, options) as AnswerStream<unknown>; // T is undefined
  const schema = answerSchema as JsonSchema;
  return target.askStream<unknown>(turn.text, { ...options, schema, structured });
}

function optionsOf(record: PromptRecord, signal: AbortSignal, clock: VirtualClock): SessionTurnOptions {
  const { limit, agent, messageId, whenBusy } = record.prompt;
  const options: { -readonly [Name in keyof SessionTurnOptions]: SessionTurnOptions[Name] } = {
    ...handlersOf(record, clock),
    ...watchersOf(record.prompt.watchers, record.watched),
  };
  if (agent !== undefined) options.agent = agent;
  if (messageId !== undefined) options.messageId = messageId;
  if (whenBusy !== undefined) options.whenBusy = whenBusy;
  switch (limit?.kind) {
    case "signal":
      options.signal = signal;
      break;
    case "timeout":
      options.timeout = limit.value;
      break;
    case "idle":
      options.idleTimeout = limit.value;
      break;
    case "steps":
      options.maxSteps = limit.value;
      break;
    case "cost":
      options.maxCost = limit.value;
      break;
    case "tokens":
      options.maxTokens = limit.value;
      break;
    case "retry wait":
      options.maxRetryWait = limit.value;
      break;
    default:
  }
  return options;
}

function told(event: AgentEvent): string {
  if (event.type === "text-delta" || event.type === "reasoning-delta") return `${event.type} ${event.text.length}`;
  return "callId" in event ? `${event.type} ${event.callId}` : event.type;
}
