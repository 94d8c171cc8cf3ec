/** One step of a run: a request to the model, its answer as parts and events, its tool calls, its retries. */
import { delay } from "../../util/delay.js";
import { messageOf } from "../../util/error-message.js";
import { chunksOf } from "../chunks.js";
import type { SpokenPlan } from "../plan.js";
import type { TextSource } from "../reply.js";
import { cutFailure, httpFailure, ModelFailure, maxRetries, retryDelay, streamFailure } from "./failures.js";
import { LoopCheck } from "./loop-check.js";
import type { AgentFailure, Part } from "./records.js";
import { Aborted, type Run } from "./run-handle.js";
import { type MemoryServer, snapshot } from "./server.js";
import type { Step, StepEnd } from "./step-input.js";
import { type CallOutcome, startCall } from "./tools.js";
import { addUsage, isFull, tokensOf } from "./usage.js";

/** The state of one try. */
interface Try {
  open: { readonly part: Part; text: string } | undefined;
  readonly calls: { readonly part: Part; readonly outcome: Promise<CallOutcome> }[];
}

/** Runs it to its end, tries again what may pass, and stores what came of it. Rejects only when the agent has crashed. */
export async function runStep(server: MemoryServer, step: Step): Promise<StepEnd> {
  const { session, run } = step;
  for (let attempt = 1; ; attempt += 1) {
    const state: Try = { open: undefined, calls: [] };
    server.setStatus(session, { type: "busy" });
    try {
      return await tryStep(server, step, state);
    } catch (error) {
      if (run.signal.aborted && !(run.signal.reason instanceof Aborted)) throw error;
      if (run.signal.aborted) return await fail(server, step, state, aborted);
      if (!(error instanceof ModelFailure)) return await fail(server, step, state, unknownFailure(error));
      if (error.isOverflow && server.config.compaction?.auto !== false) return overflow(server, step, error.failure);
      if (error.retry === undefined || attempt > maxRetries) return await fail(server, step, state, error.failure);
      const wait = retryDelay(attempt, error.after);
      server.setStatus(session, { type: "retry", attempt, message: error.retry, next: Date.now() + wait });
      if (await isAborted(delay(wait, run.signal), run)) {
        step.message.info.time.completed = Date.now();
        server.saveInfo(session, step.message.info);
        return "stop";
      }
    }
  }
}

/** What the agent stores of a run that was aborted. */
export const aborted: AgentFailure = { name: "MessageAbortedError", data: { message: "Aborted" } };

function unknownFailure(error: unknown): AgentFailure {
  return { name: "UnknownError", data: { message: messageOf(error) } };
}

async function isAborted(wait: Promise<void>, { signal }: Run): Promise<boolean> {
  try {
    await wait;
    return false;
  } catch (error) {
    if (signal.reason instanceof Aborted) return true;
    throw error;
  }
}

async function tryStep(server: MemoryServer, step: Step, state: Try): Promise<StepEnd> {
  const { session, message, run } = step;
  await server.pause(run.signal);
  const { plan } = await run.listen(server.model.ask(session.id, message.info.modelID, step.body));
  if (plan.type === "error") throw httpFailure(plan);
  if (plan.type === "silent") await run.listen(new Promise<never>(() => {}));
  else {
    const git = server.options.git === true ? { snapshot } : {};
    server.addPart(session, message, { type: "step-start", ...git });
    await speak(server, step, state, "reasoning", plan.reasoning, plan.delay);
    closeText(server, step, state);
    await speak(server, step, state, "text", plan.text, plan.delay);
    await callTools(server, step, state, plan);
    return finish(server, step, state, plan);
  }
  return "stop";
}

async function speak(
  server: MemoryServer,
  { session, message, run }: Step,
  state: Try,
  type: "text" | "reasoning",
  source: TextSource,
  pause: number,
): Promise<void> {
  for await (const delta of chunksOf(source, pause, run.signal)) {
    if (delta === "") continue;
    await server.pause(run.signal);
    if (state.open === undefined) {
      const part = server.addPart(session, message, { type, text: "", time: { start: Date.now() } });
      state.open = { part, text: "" };
    }
    state.open.text += delta;
    server.tell(session, "message.part.delta", {
      sessionID: session.id,
      messageID: message.info.id,
      partID: state.open.part.id,
      field: "text",
      delta,
    });
  }
}

/** Only now is the text stored: until then it is in the events alone. */
function closeText(server: MemoryServer, { session, message }: Step, state: Try): void {
  const { open } = state;
  if (open === undefined) return;
  state.open = undefined;
  open.part.text = open.text;
  if (open.part.time !== undefined) open.part.time.end = Date.now();
  server.savePart(session, message, open.part);
}

async function callTools(server: MemoryServer, step: Step, state: Try, plan: SpokenPlan): Promise<void> {
  const { session, message, run } = step;
  const loops = new LoopCheck(server, step, plan.calls);
  for (const [index, call] of plan.calls.entries()) {
    await server.pause(run.signal);
    const pending = { status: "pending" as const, input: {}, raw: "" };
    const part = server.addPart(session, message, { type: "tool", tool: call.name, callID: call.id, state: pending });
    await server.pause(run.signal);
    state.calls.push({ part, outcome: startCall(server, step, part, call, loops.isOver) });
    const mayGoOn = loops.check(index);
    if (mayGoOn !== undefined) await run.listen(mayGoOn);
  }
  if (plan.end === "cut") throw cutFailure();
  if (plan.end === "hang") await run.listen(new Promise<never>(() => {}));
  if (typeof plan.end === "object") throw streamFailure(plan.end.error);
  await server.pause(run.signal);
  closeText(server, step, state);
}

async function finish(server: MemoryServer, step: Step, state: Try, plan: SpokenPlan): Promise<StepEnd> {
  const { session, message, run, user } = step;
  const { info } = message;
  const outcomes = await run.listen(Promise.all(state.calls.map(({ outcome }) => outcome)));
  await server.pause(run.signal);
  const git = server.options.git === true;
  const reason = String(plan.end).replace("_", "-");
  const { tokens, cost } = addUsage(server, session, info, plan.usage);
  const ends = { type: "step-finish", reason, tokens, cost, ...(git ? { snapshot } : {}) };
  server.addPart(session, message, ends);
  info.finish = reason;
  const structured = outcomes.find((outcome) => "structured" in outcome);
  if (structured !== undefined) info.structured = structured.structured;
  const isOver = reason !== "tool-calls";
  if (reason === "content-filter") info.error = filtered;
  else if (isOver && user.format?.["type"] === "json_schema" && structured === undefined) info.error = unstructured;
  if (!git) info.time.completed = Date.now();
  server.saveInfo(session, info);
  run.summarize(user);
  if (git) await server.pause(run.signal);
  info.time.completed = Date.now();
  server.saveInfo(session, info);
  if (structured !== undefined || info.error !== undefined) {
    server.saveInfo(session, info);
    if (info.error === filtered) server.tell(session, "session.error", { sessionID: session.id, error: info.error });
    return "stop";
  }
  if (outcomes.some((outcome) => outcome.stops === true)) return "stop";
  return info.summary !== true && isFull(server, tokensOf(info), info.modelID) ? "compact" : "continue";
}

const filtered: AgentFailure = {
  name: "ContentFilterError",
  data: { message: "The response was blocked by the provider's content filter" },
};
const unstructured: AgentFailure = {
  name: "StructuredOutputError",
  data: { message: "Model did not produce structured output", retries: 0 },
};

/** The session is idle before the message is stored: so it is with the real one. */
async function fail(server: MemoryServer, step: Step, state: Try, error: AgentFailure): Promise<StepEnd> {
  const { session, message } = step;
  server.tell(session, "session.error", { sessionID: session.id, error });
  server.setStatus(session, { type: "idle" });
  step.run.tell();
  closeText(server, step, state);
  for (const { outcome } of state.calls) await outcome;
  message.info.error = error;
  message.info.time.completed = Date.now();
  server.saveInfo(session, message.info);
  return "stop";
}

const tooLarge = "Session too large to compact - context exceeds model limit even after stripping media";

function overflow(server: MemoryServer, { session, message: { info } }: Step, error: AgentFailure): StepEnd {
  server.tell(session, "session.error", { sessionID: session.id, error });
  info.time.completed = Date.now();
  if (info.summary === true) {
    info.error = { name: "ContextOverflowError", data: { message: tooLarge } };
    info.finish = "error";
  }
  server.saveInfo(session, info);
  return "compact";
}
