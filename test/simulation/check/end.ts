/** Each call ends in time, with what was planned or with a typed error that is documented for what went wrong. */
import { OpencodeError } from "../../../src/client.js";
import { type PlannedTurn, turnsIn } from "../workload/plan.js";
import { mayBeMerged, type PromptRecord } from "../workload/record.js";
import { endsAt } from "../workload/turns.js";
import type { Complain, Judged } from "./check-world.js";

/** What a broken way to the server, or a server that dies, may make of a prompt. */
const ofTheWay: ReadonlySet<string> = new Set([
  "APIConnectionError",
  "APITimeoutError",
  "APIResponseValidationError",
  "InternalServerError",
]);

export function checkEnd(record: PromptRecord, judged: Judged, complain: Complain): void {
  const { world, clock } = judged;
  const { prompt, startedAt, endedAt, isOrphan } = record;
  if (isOrphan) return;
  if (endedAt === undefined) {
    complain(`has not ended after ${(clock.now - startedAt).toFixed(0)} ms`);
    return;
  }
  const took = endedAt - startedAt;
  const most = world.patience + plannedTime(prompt.turn) + waitFor(record);
  if (took > most) complain(`took ${took.toFixed(0)} ms, at most ${most.toFixed(0)} are right`);
  if (prompt.limit?.kind === "timeout" && isPrompt(judged) && took > prompt.limit.value + abortTime)
    complain(`took ${took.toFixed(0)} ms with a limit of ${prompt.limit.value.toFixed(0)}`);
  if (record.leftAt !== undefined && isPrompt(judged) && endedAt - record.leftAt > 1_000)
    complain(`went on for ${(endedAt - record.leftAt).toFixed(0)} ms after its reader had left`);
  const wrong = record.answer === undefined ? wrongError(record, judged) : wrongAnswer(record, judged);
  if (wrong !== undefined) complain(wrong);
}

/** What an abort takes at most where nothing makes it take long (ms). */
const abortTime = 500;

/** Nothing in this world makes an abort take long. */
export function isPrompt({ world, network }: Judged): boolean {
  return network.faultsDone === 0 && world.faults.service[1] < 100 && world.faults.latency[1] < 100;
}

function wrongAnswer({ prompt, answer }: PromptRecord, { network }: Judged): string | undefined {
  const { expect, limit } = prompt;
  // A limit that was not heard of in time comes to nothing: the run has ended meanwhile.
  const mayBeMissed = network.faultsDone > 0 && limit !== undefined;
  if (expect.text !== undefined || expect.output !== undefined || mayBeMissed) return undefined;
  return `answered ${JSON.stringify(answer?.text.slice(0, 80))} where only ${expect.errors.join(", ")} is right`;
}

function wrongError(record: PromptRecord, { world, network }: Judged): string | undefined {
  const { error, prompt } = record;
  if (!(error instanceof OpencodeError)) return `an error without a class: ${String(error)}`;
  if (prompt.expect.errors.includes(error.name)) return undefined;
  if (isInterruption(error) && (cannotGoOn(record) || wasCutBefore(record))) return undefined;
  // It died while it was making room for the prompt.
  if (error.name === "ContextOverflowError" && prompt.turn.shape === "overflow" && network.faultsDone > 0)
    return undefined;
  if (isDisplaced(record)) return undefined;
  if (error.name === "SessionBusyError" && mayBeMerged(record, "crash" in world.calamities.kinds)) return undefined;
  const said = `${error.name}: ${error.message}`;
  if (isLateAbort(record) && network.faultsDone > 0) return undefined;
  // The agent comes back in time, and not too often: a run that can go on does.
  if (isInterruption(error)) return `it could have gone on: ${said}`;
  if (!ofTheWay.has(error.name)) return `a wrong error: ${said}`;
  if (network.faultsDone === 0) return `an error without a fault: ${said}`;
  return world.errors === 0 ? `an error in a world without errors: ${said}` : undefined;
}

/** The abort of a prompt before it came so late that it met this one: what a gateway brings late cannot be taken back. */
function isLateAbort({ error, flow, nth }: PromptRecord): boolean {
  const wasStopped = flow.prompts.slice(0, nth).some(({ limit }) => limit !== undefined);
  return wasStopped && error instanceof Error && error.name === "AbortedError";
}

/** The agent died while it made room for the prompt before, and made up for that one instead. */
function isDisplaced(record: PromptRecord): boolean {
  const { error } = record;
  return wasCutBefore(record) && error instanceof Error && /made up for an earlier prompt/.test(error.message);
}

/** The room that it was making for a prompt before is made in front of this one, and its "Continue" is stored behind it. */
function wasCutBefore({ flow, nth }: PromptRecord): boolean {
  return flow.prompts.slice(0, nth).some(({ turn }) => turn.shape === "overflow");
}

function isInterruption({ name, message }: Error): boolean {
  return name === "AgentError" && /interrupted/.test(message);
}

/** After the agent's death the same prompt again would be another run: others were stored after it. */
export function cannotGoOn(record: PromptRecord): boolean {
  const { prompt } = record;
  if (mayBeMerged(record, true) || prompt.how === "command") return true;
  return ["compaction", "overflow", "plan exit"].includes(prompt.turn.shape);
}

/** ms that the plan itself takes at least. */
function plannedTime(turn: PlannedTurn): number {
  let time = 0;
  const last = endsAt(turn);
  for (const { steps } of turnsIn(turn)) {
    for (const step of steps) {
      time += 5_000 + step.pause * (step.text.length + step.reasoning.length);
      for (const stumble of step.stumbles) time += stumble.type === "status" ? 1_000 * stumble.retryAfter : 20_000;
      if (step.calls.some(({ ask }) => ask !== undefined)) time += 70_000 * step.calls.length;
      if (step === last) return time;
    }
  }
  return time;
}

/** A prompt waits for those before it. */
function waitFor({ flow }: PromptRecord): number {
  const others = ["queue", "shared", "foreign", "busy"].includes(flow.kind) ? flow.prompts : [];
  return others.reduce((sum, { turn }) => sum + plannedTime(turn) + 20_000, 0);
}
