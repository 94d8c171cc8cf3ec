/** How each kind of job is done: by the public API alone, as an application would. */
import {
  AbortedError,
  type AnswerStream,
  ApprovalPendingError,
  type Opencode,
  type Session,
  type SteerResult,
  type Subagent,
} from "../../src/index.js";
import { delay } from "../../src/util/delay.js";
import { mintId } from "../../src/util/ids.js";
import { type Notes, type Observed, type Outcome, observe } from "./outcome.js";
import { answerSchema, commandName, fallbackModel, type Job, type Kind, type PlannedPrompt } from "./plan.js";

/** What jobs are done with. */
export interface Performer {
  readonly oc: Opencode;
  /** Milliseconds until a prompt counts as hung. */
  readonly patience: number;
  /** Called before a prompt is begun. */
  readonly begin: (prompt: PlannedPrompt) => void;
}

interface Context {
  readonly oc: Opencode;
  /** The job's session, made at the first call, and again after a failure. */
  readonly session: () => Promise<Session>;
  readonly notes: Notes;
  readonly signal: AbortSignal;
}

type Ask = (prompt: PlannedPrompt, context: Context) => Promise<Observed>;

/** Does the job's prompts, one after the other. Never rejects. */
export async function runPrompt(performer: Performer, job: Job): Promise<Outcome[]> {
  const { oc, patience, begin } = performer;
  const { kind, prompts } = job;
  if (kind === "steer") return runSteered(performer, prompts);
  const outcomes: Outcome[] = [];
  let made: Session | undefined;
  for (const prompt of prompts) {
    begin(prompt);
    if (prompt.sub !== undefined) begin(prompt.sub);
    const work = (notes: Notes, signal: AbortSignal): Promise<Observed> => {
      const session = async (): Promise<Session> => {
        made ??= await oc.createSession({ title: `${kind} ${prompt.token}` });
        notes.sessionId = made.id;
        return made;
      };
      return ways[kind](prompt, { oc, session, notes, signal });
    };
    outcomes.push(await observe(prompt, patience, work));
  }
  return outcomes;
}

/** The ledger of a steer: it is absorbed once, and the answer is that of the turn that has absorbed it. */
async function runSteered(
  { oc, patience, begin }: Performer,
  [first, steer]: readonly PlannedPrompt[],
): Promise<Outcome[]> {
  if (first === undefined) return [];
  begin(first);
  if (steer !== undefined) begin(steer);
  let started: (stream: AnswerStream) => void = () => {};
  const begun = new Promise<AnswerStream>((resolve) => {
    started = resolve;
  });
  let result: SteerResult | undefined;
  const running = observe(first, patience, async (notes, signal) => {
    const session = await oc.createSession({ title: `steer ${first.token}` }).catch((error: unknown) => {
      started(oc.askStream("")); // rejects: there is nothing to steer
      throw error;
    });
    notes.sessionId = session.id;
    const stream = session.askStream(first.text, { signal });
    started(stream);
    const answer = await stream.answer;
    await steered;
    const expected = result?.absorbed === "running" ? steer?.answer : first.answer;
    const isRight = result === undefined || answer.text === expected; // a steer that failed may have arrived
    return { answer, wrong: isRight ? [] : [`${result?.absorbed}, and the answer is ${answer.text.slice(0, 80)}`] };
  });
  const steered =
    steer &&
    observe(steer, patience, async (notes) => {
      const stream = await begun;
      stream.sessionId.then((id) => {
        notes.sessionId = id;
      }, ignored);
      await delay(steer.steerAfter ?? 0);
      result = await stream.steer(steer.text);
      const answer = await (result.absorbed === "running" ? stream.answer.catch(ignored) : result.answer);
      return { answer: answer ?? undefined };
    });
  return Promise.all(steered === undefined ? [running] : [running, steered]);
}

/** Its error is the other prompt's. */
function ignored(): undefined {
  return undefined;
}

const ways: Readonly<Record<Kind, Ask>> = {
  text: async ({ text }, { oc, notes, signal }) => {
    const answer = await oc.ask(text, { signal });
    notes.sessionId = answer.sessionId;
    return { answer };
  },
  stream: ({ text }, { oc, notes, signal }) => readText(oc.askStream(text, { signal }), notes),
  tool: ({ text }, { oc, notes, signal }) => readText(oc.askStream(text, { signal }), notes),
  reasoning: ({ text }, { oc, notes, signal }) => readEvents(oc.askStream(text, { signal }), notes),
  schema: async ({ text }, { oc, notes, signal }) => {
    const answer = await oc.ask(text, { signal, schema: answerSchema });
    notes.sessionId = answer.sessionId;
    return { answer };
  },
  "schema in a session": async ({ text }, { session, signal }) => ({
    answer: await (await session()).ask(text, { signal, schema: answerSchema }),
  }),
  conversation: inSession,
  command: async ({ text }, { session, signal }) => ({
    answer: await (await session()).command(commandName, text, { signal }),
  }),
  shell: async ({ text }, { session, signal }) => ({ answer: await (await session()).shell(text, { signal }) }),
  permission: withPermission,
  approval: withApproval,
  "same id twice": twice,
  steer: inSession,
  fallback,
  subagent,
  abort: (prompt, context) => (prompt.abortAfter === undefined ? inSession : stopped)(prompt, context),
};

/** The model refuses the step behind the tools; another one goes on. */
async function fallback({ text }: PlannedPrompt, { session, notes, signal }: Context): Promise<Observed> {
  const options = { signal, messageId: mintId("msg"), fallbackModels: [fallbackModel] };
  const observed = await readText((await session()).askStream(text, options), notes);
  const { model, attempts } = observed.answer ?? {};
  const isRight =
    model === fallbackModel && attempts?.map((one) => one.model).join() === `scripted/model,${fallbackModel}`;
  const wrong = isRight ? [] : [`answered by ${model} after ${attempts?.map((one) => one.model).join()}`];
  return { ...observed, wrong };
}

async function inSession({ text }: PlannedPrompt, { session, notes, signal }: Context): Promise<Observed> {
  return readText((await session()).askStream(text, { signal }), notes);
}

/** The text, as an application reads it. */
async function readText(stream: AnswerStream<unknown>, notes: Notes): Promise<Observed> {
  noteSession(stream, notes);
  let streamed = "";
  for await (const piece of stream) streamed += piece;
  return { answer: await stream.answer, streamed };
}

async function readEvents(stream: AnswerStream<unknown>, notes: Notes): Promise<Observed> {
  noteSession(stream, notes);
  const read = { "text-delta": "", "reasoning-delta": "" };
  for await (const event of stream.events) {
    if (event.type === "text-delta" || event.type === "reasoning-delta") read[event.type] += event.text;
  }
  return { answer: await stream.answer, streamed: read["text-delta"], reasoning: read["reasoning-delta"] };
}

function noteSession(stream: AnswerStream<unknown>, notes: Notes): void {
  stream.sessionId.then(
    (id) => {
      notes.sessionId = id;
    },
    () => {}, // the answer tells
  );
}

/** The tool asks first. Nobody may be asked the same twice. */
async function withPermission({ text }: PlannedPrompt, { session, signal }: Context): Promise<Observed> {
  const asked: string[] = [];
  const onPermission = ({ id }: { readonly id: string }): "once" => {
    asked.push(id);
    return "once";
  };
  const answer = await (await session()).ask(text, { signal, onPermission });
  const wrong: string[] = [];
  if (asked.length === 0) wrong.push("onPermission was never called");
  if (new Set(asked).size < asked.length) wrong.push(`onPermission was called ${asked.length} times for one ask`);
  if (answer.denials.length > 0) wrong.push(`${answer.denials.length} permission asks were refused`);
  return { answer, wrong };
}

/** Its request is parked, and approved between two calls. What is decided may not be pending again. */
async function withApproval({ text }: PlannedPrompt, { oc, session, signal }: Context): Promise<Observed> {
  const messageId = mintId("msg");
  const approved = new Set<string>();
  const wrong: string[] = [];
  for (;;) {
    try {
      const answer = await (await session()).ask(text, { signal, messageId, onPermission: "park" });
      if (answer.denials.length > 0) wrong.push(`${answer.denials.length} permission asks were refused`);
      if (approved.size === 0) wrong.push("nothing was parked");
      return { answer, approved: approved.size, wrong };
    } catch (error) {
      if (!(error instanceof ApprovalPendingError)) throw error;
      if (approved.has(error.approvalId)) wrong.push(`${error.approvalId} was approved, and is pending again`);
      else await oc.approvals.approve(error.approvalId, "chaos");
      approved.add(error.approvalId);
      if (wrong.length > 0) return { answer: undefined, wrong };
    }
  }
}

/** The second time must give the stored answer, also when the first time has failed. */
async function twice({ text }: PlannedPrompt, { session, signal }: Context): Promise<Observed> {
  const messageId = mintId("msg");
  const ask = async () => (await session()).ask(text, { signal, messageId });
  const first = await ask().catch((error: unknown) => error);
  const answer = await ask();
  const isSame = first instanceof Error || (first as typeof answer).text === answer.text; // it was not rejected
  return { answer, wrong: isSame ? [] : ["the second time gave another answer than the first"] };
}

/** Its sub-agent is aborted after a while, and the turn goes on: one event for each, and none is left running. */
async function subagent(prompt: PlannedPrompt, { session, notes, signal }: Context): Promise<Observed> {
  const stream = (await session()).askStream(prompt.text, { signal });
  const known = new Set<Subagent>();
  const aborts: Promise<void>[] = [];
  const wrong: string[] = [];
  const told: string[] = [];
  const abortLater = async (one: Subagent): Promise<void> => {
    await delay(prompt.abortAfter ?? 0);
    await one.abort("chaos").catch((error: unknown) => {
      if (!(error instanceof AbortedError)) wrong.push(`the abort rejects with ${String(error)}`); // a fault is in its way
    });
  };
  const look = (): void => {
    for (const one of stream.subagents()) {
      if (known.has(one) || one.status !== "running") continue;
      known.add(one);
      aborts.push(abortLater(one));
    }
  };
  const timer = setInterval(look, 50);
  noteSession(stream, notes);
  let streamed = "";
  try {
    for await (const event of stream.events) {
      if (event.type === "text-delta") streamed += event.text;
      else if (event.type === "subagent-aborted") told.push(event.sessionId);
    }
  } finally {
    clearInterval(timer);
    await Promise.all(aborts);
  }
  const answer = await stream.answer;
  if (new Set(told).size < told.length) wrong.push(`${told.length} aborts of ${new Set(told).size} sub-agents`);
  const all = stream.subagents();
  for (const { id, status } of all) if (status === "running") wrong.push(`the sub-agent ${id} is running at the end`);
  return { answer, streamed, wrong, subagents: all.length };
}

/** Stopped in the middle; that it ends with `AbortedError` is right, and so is an answer that was faster. */
async function stopped(prompt: PlannedPrompt, { session, notes, signal }: Context): Promise<Observed> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(prompt.abortAfter ?? 0)]);
  const stream = (await session()).askStream(prompt.text, { signal: stop });
  try {
    return await readText(stream, notes);
  } catch (error) {
    if (error instanceof AbortedError && !signal.aborted) return { answer: undefined };
    throw error;
  }
}
