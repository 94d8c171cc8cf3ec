/** The runs: one for each session, which answers prompt after prompt until none is left. */
import { delay } from "../../util/delay.js";
import { type Agent, findAgent } from "./agents.js";
import { compact, requestCompaction } from "./compaction.js";
import { provider } from "./model.js";
import { addReminders } from "./plan-mode.js";
import type { Info, Message, Part, Session } from "./records.js";
import { Aborted, PromptFailure, Run } from "./run-handle.js";
import type { MemoryServer } from "./server.js";
import { aborted, runStep } from "./step.js";
import { runSubtask } from "./sub-agent.js";
import { tellSummaries } from "./summaries.js";
import { retitle } from "./title.js";
import { offeredTools, toolOffers } from "./tool-list.js";
import { sinceCompaction, systemPrompt, toModelMessages } from "./transcript.js";
import { isFull, tokensOf } from "./usage.js";

/** The run of the session: the one there is, which takes up what was added, or a new one. Resolves to its last answer. */
export function ensureRun(server: MemoryServer, session: Session): Promise<Message> {
  const known = server.runs.get(session.id);
  if (known !== undefined) return known.done;
  const run = new Run(server.life.signal);
  server.runs.set(session.id, run);
  run.done = start(server, session, run);
  run.done.catch(() => {}); // told to those who wait for it
  return run.done;
}

async function start(server: MemoryServer, session: Session, run: Run): Promise<Message> {
  let failure: unknown;
  try {
    await loop(server, session, run);
  } catch (error) {
    failure = error;
  }
  run.release();
  const { signal } = run;
  if (signal.aborted && !(signal.reason instanceof Aborted)) throw signal.reason; // crashed: nothing is stored or told
  if (failure instanceof Aborted) endUnbegun(server, session);
  server.runs.delete(session.id);
  server.setStatus(session, { type: "idle" });
  trail(server, session, run).catch(() => {}); // crashed meanwhile
  if (failure !== undefined && !(failure instanceof Aborted)) throw failure;
  const last = server.messagesOf(session).findLast(({ info }) => info.role === "assistant");
  if (last === undefined) throw new PromptFailure("Error", "the run has no answer");
  return last;
}

/** A prompt that was aborted before its first step has an aborted answer all the same. */
function endUnbegun(server: MemoryServer, session: Session): void {
  const all = server.messagesOf(session);
  const user = newestUser(all)?.info;
  if (user === undefined || all.some(({ info }) => info.parentID === user.id)) return;
  const answer = server.answerTo(session, user, user.agent ?? "build");
  const info = { ...answer, error: aborted, time: { ...answer.time, completed: Date.now() } };
  server.saveInfo(session, info);
  server.saveInfo(session, info);
}

/** What is told after the end. The next prompt may be there before. */
async function trail(server: MemoryServer, session: Session, run: Run): Promise<void> {
  const { git, trailing = git === true ? 50 : undefined } = server.options;
  const { signal } = server.life;
  if (trailing !== undefined) await delay(typeof trailing === "number" ? trailing : trailing(), signal);
  else for (let turn = 0; turn < trailingTurns; turn += 1) await undefined;
  if (!signal.aborted) tellSummaries(server, session, run);
}

/** Turns of the microtask queue: those who waited for the run are told first. */
const trailingTurns = 10;

const stepsAtOnce = 20;

async function loop(server: MemoryServer, session: Session, run: Run): Promise<void> {
  for (let step = 1; ; step += 1) {
    server.setStatus(session, { type: "busy" });
    // A script that calls tools for ever would leave nobody else a turn.
    await (step % stepsAtOnce === 0 ? delay(0, run.signal) : server.pause(run.signal));
    run.signal.throwIfAborted();
    const all = server.messagesOf(session);
    const user = newestUser(all);
    if (user === undefined)
      throw new PromptFailure("Error", "No user message found in stream. This should never happen.");
    const last = all.findLast(({ info }) => info.role === "assistant")?.info;
    const isAnswered = last?.parentID === user.info.id && last.finish !== undefined && last.finish !== "tool-calls";
    if (isAnswered) return;
    if (step === 1) retitle(server, session, run);
    const { model } = user.info;
    const isKnown = model?.providerID === provider && server.model.entries.has(model.modelID);
    if (!isKnown) throw unknownModel(server, session, user.info);
    const end = await takeStep(server, session, run, { user, all, number: step });
    if (end === "stop") return;
  }
}

interface Position {
  readonly user: Message;
  readonly all: readonly Message[];
  /** From 1. */
  readonly number: number;
}

async function takeStep(
  server: MemoryServer,
  session: Session,
  run: Run,
  { user, all, number }: Position,
): Promise<"stop" | "continue"> {
  const task = openTask(all);
  if (task?.type === "subtask") return runSubtask(server, session, run, user, task);
  if (task !== undefined) return compact(server, session, run, user, task);
  const finished = all.findLast(({ info }) => info.role === "assistant" && info.finish !== undefined)?.info;
  const model = user.info.model?.modelID;
  if (finished !== undefined && finished.summary !== true && isFull(server, tokensOf(finished), model)) {
    requestCompaction(server, session, user.info, { auto: true, overflow: false });
    return "continue";
  }
  const agent = agentOf(server, user.info);
  addReminders(server, session, user, agent);
  const message = server.saveInfo(session, server.answerTo(session, user.info, agent.name));
  if (number === 1) run.summarize(user.info);
  tellSummaries(server, session, run);
  const rules = [...agent.permission, ...(session.permission ?? [])];
  const planFile = server.options.planMode === true;
  const tools = offeredTools(rules, planFile, user.info.format?.["type"] === "json_schema");
  const place = { directory: session.directory, root: server.root(session.directory) };
  const system = systemPrompt(place, agent, user.info, server.model.wireName(model));
  const transcript = toModelMessages(sinceCompaction(all), agent, user.info, planFile);
  const body = {
    max_tokens: server.model.longestAnswer(model),
    messages: [{ role: "system", content: system }, ...transcript, ...lastCall(agent, number)],
    ...(tools.length === 0 ? {} : { tools: toolOffers(tools, user.info.format?.["schema"]) }),
    tool_choice: user.info.format?.["type"] === "json_schema" ? "required" : "auto",
  };
  const end = await runStep(server, { run, session, message, user: user.info, agent, rules, tools, body });
  if (end !== "compact") return end;
  requestCompaction(server, session, user.info, { auto: true, overflow: message.info.finish === undefined });
  return "continue";
}

/** An agent that has taken the steps that it may take is told so, as if it had said it itself, and is asked all the same. */
function lastCall({ steps }: Agent, number: number): object[] {
  if (typeof steps !== "number" || number < steps) return [];
  return [{ role: "assistant", content: "CRITICAL - MAXIMUM STEPS REACHED\n\nAnswer with text only." }];
}

/** The oldest task that no answer has come after: one that failed is tried again in front of the next prompt. */
function openTask(messages: readonly Message[]): Part | undefined {
  const answered = messages.findLastIndex(({ info }) => info.role === "assistant" && info.finish !== undefined);
  const parts = messages.slice(answered + 1).flatMap((message) => message.parts);
  return parts.find(({ type }) => type === "subtask" || type === "compaction");
}

/** The newest by time: a prompt that is sent again is new again. */
function newestUser(messages: readonly Message[]): Message | undefined {
  let newest: Message | undefined;
  for (const message of messages) {
    if (message.info.role !== "user") continue;
    if (newest === undefined || message.info.time.created >= newest.info.time.created) newest = message;
  }
  return newest;
}

function agentOf(server: MemoryServer, { agent }: Info): Agent {
  const found = findAgent(server, agent);
  if (found === undefined) throw new PromptFailure("Error", `Agent not found: "${agent}"`);
  return found;
}

function unknownModel(server: MemoryServer, session: Session, { model }: Info): PromptFailure {
  const message = `Model not found: ${model?.providerID}/${model?.modelID}.`;
  server.tell(session, "session.error", { sessionID: session.id, error: { name: "UnknownError", data: { message } } });
  return new PromptFailure("ProviderModelNotFoundError", message);
}
