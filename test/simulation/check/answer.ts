/** An answer is what was planned, and what the agent has stored: text, parts, usage. */
import type { AssistantMessage, Part, ReadableMessage } from "../../../src/client.js";
import { asksOf, hasHandler } from "../workload/handlers.js";
import type { AskPlan, PlannedTurn } from "../workload/plan.js";
import { mayBeMerged, type PromptRecord } from "../workload/record.js";
import { childrenIn, isAssistant, type Truth } from "../workload/truth.js";
import { isAnswered } from "../workload/turns.js";
import type { Complain, Judged } from "./check-world.js";

export async function checkAnswer(
  record: PromptRecord,
  { truth, ledger, world }: Judged,
  complain: Complain,
): Promise<void> {
  const { answer, prompt, flow } = record;
  if (answer === undefined) return;
  const { text, output } = prompt.expect;
  // The agent may have died before a refusal of a question came through, or while it was making room.
  const canCrash = "crash" in world.calamities.kinds;
  const others = canCrash
    ? [prompt.turn.steps.at(-1)?.text.join(""), makesRoom(prompt) ? prompt.turn.toContinue : text]
    : [];
  // Prompts of two clients become one run, also when both go on with it after the agent's death.
  const isMerged = canCrash && mayBeMerged(record, canCrash);
  if (text !== undefined && !isMerged && ![text, ...others].includes(answer.text))
    complain(`the answer is ${shown(answer.text)}, not ${shown(text)}`);
  if (output !== undefined && JSON.stringify(answer.output) !== JSON.stringify(output))
    complain(`the output is ${JSON.stringify(answer.output)}, not ${JSON.stringify(output)}`);
  if (mayBeMerged(record, canCrash) || wasDone("revert", flow, ledger)) return;
  if (prompt.structured === "native" || prompt.structured === "auto") return; // the agent cannot list those
  const own = turnIn(await truth.messages(answer.sessionId), answer.messageId, record);
  if (own.length === 0) return complain("the agent has no answer stored");
  checkParts(answer.parts, own, complain);
  checkCalls(record, own, canCrash, complain);
  const infos = own.map(({ info }) => info);
  for (const id of new Set(own.flatMap(({ parts }) => childrenIn(parts)))) infos.push(...(await infosBelow(truth, id)));
  const total = infos.reduce((sum, info) => sum + tokensOf(info), 0);
  const found = answer.usage.input + answer.usage.output + answer.usage.reasoning;
  if (total !== found && !wasDone("compact", flow, ledger))
    complain(`it has used ${found} tokens, the agent says ${total}`);
}

function makesRoom({ turn }: PromptRecord["prompt"]): boolean {
  return turn.shape === "compaction" || turn.shape === "overflow";
}

function wasDone(what: string, flow: PromptRecord["flow"], { deeds }: Judged["ledger"]): boolean {
  return deeds.some((deed) => deed.flow === flow && deed.what === what);
}

/** The assistant messages that a prompt has led to. In a session of its own those are all. */
function turnIn(
  messages: readonly ReadableMessage[],
  messageId: string,
  { flow, prompt }: PromptRecord,
): (ReadableMessage & { info: AssistantMessage })[] {
  if (flow.kind === "single") return messages.filter(isAssistant);
  const asking = new Set([messageId]);
  const from = messages.findIndex(({ info }) => info.id === messageId);
  for (const { info, parts } of messages.slice(from + 1)) {
    if (info.role !== "user") continue;
    if (!parts.every((part) => isOfTheTurn(part, prompt.turn.token))) break;
    asking.add(info.id);
  }
  return messages.filter(isAssistant).filter(({ info }) => asking.has(info.parentID));
}

/** What the agent writes itself, asks again, or what we ask about a value that does not fit. */
function isOfTheTurn(part: Part, token: string): boolean {
  if (part.type === "compaction") return true;
  if (part.type !== "text") return true;
  if (part.text.startsWith("The following tool was executed by the user")) return false; // a shell line
  return part.synthetic === true || part.text.includes(token) || part.text.includes("does not fit the schema");
}

function checkParts(parts: readonly Part[], own: readonly ReadableMessage[], complain: Complain): void {
  const stored = own.flatMap(({ info, parts }) => ("summary" in info && info.summary === true ? [] : parts));
  const found = new Map(parts.map((part) => [part.id, part]));
  for (const part of stored) {
    const same = found.get(part.id);
    if (same === undefined) complain(`the answer lacks a stored part: ${part.type} ${part.id}`);
    else if (!isOpen(part) && essence(same) !== essence(part))
      complain(`a part differs: ${essence(same)} instead of ${essence(part)}`);
  }
  if (parts.length > stored.length) complain(`the answer has ${parts.length} parts, ${stored.length} are stored`);
}

/** A text that was cut is stored without what was said of it. */
function isOpen(part: Part): boolean {
  return (part.type === "text" || part.type === "reasoning") && part.time?.end === undefined;
}

function essence(part: Part): string {
  if (part.type === "text" || part.type === "reasoning") return `${part.type} ${shown(part.text)}`;
  if (part.type !== "tool") return part.type;
  const { state } = part;
  return `tool ${part.callID} ${state.status} ${state.status === "completed" ? state.output : ""}`;
}

/** A tool that asked has run if it was allowed, and has not if it was not. */
function checkCalls(
  record: PromptRecord,
  own: readonly ReadableMessage[],
  canCrash: boolean,
  complain: Complain,
): void {
  const { turn } = record.prompt;
  const mayBeRemembered = record.flow.prompts.some(({ turn: other }) =>
    [...asksOf(other).values()].some(({ reply }) => reply === "always"),
  );
  for (const { calls } of turn.steps) {
    for (const { id, ask } of calls) {
      if (ask?.type !== "permission") continue;
      const states = own.flatMap(({ parts }) =>
        parts.flatMap((part) => (part.type === "tool" && part.callID === id ? [part.state.status] : [])),
      );
      const isAllowed = watchersSay(record) ?? handlerAllows(turn, ask);
      // The agent may have died in it, under this process or the one before.
      const mayBeCut = canCrash && (states.includes("running") || states.includes("error"));
      if (isAllowed && !states.includes("completed") && record.answer?.interruptions === 0 && !mayBeCut)
        complain(`${id} was allowed and has not run: ${states.join(", ")}`);
      if (!isAllowed && states.includes("completed") && !mayBeRemembered) complain(`${id} was refused and has run`);
    }
  }
}

/** Whether hooks and the reviewer let a tool run that asks; `undefined`: they leave it to the handler. */
function watchersSay({ prompt: { watchers } }: PromptRecord): boolean | undefined {
  if (watchers?.tools === "refuses" || watchers?.reviewer === "refuses") return false;
  return watchers?.reviewer === "allows" ? true : undefined;
}

function handlerAllows(turn: PlannedTurn, { manner, reply }: AskPlan): boolean {
  if (!hasHandler(turn, "permission") || (reply !== "once" && reply !== "always")) return false;
  return isAnswered(manner) || manner === "no handler"; // the handler of another one answers it at once
}

async function infosBelow(truth: Truth, sessionId: string): Promise<AssistantMessage[]> {
  const messages = (await truth.messages(sessionId)).filter(isAssistant);
  const infos = messages.map(({ info }) => info);
  for (const id of new Set(messages.flatMap(({ parts }) => childrenIn(parts))))
    infos.push(...(await infosBelow(truth, id)));
  return infos;
}

function tokensOf({ tokens }: AssistantMessage): number {
  return tokens.input + tokens.output + tokens.reasoning;
}

export function shown(text: string): string {
  const whole = JSON.stringify(text);
  return whole.length <= 120 ? whole : `${whole.slice(0, 80)} … (${text.length} characters)`;
}
