/** What the model does with one prompt: drawn from a seed, shape by shape. */
import { hardText, piecesOf } from "../../chaos/text.js";
import type { Random } from "../world/random.js";
import type { AskPlan, Manner, PlannedCall, PlannedStep, PlannedTurn, Stumble } from "./plan.js";

/** The shapes of a turn. */
export type Shape =
  | "text"
  | "reasoning"
  | "tools"
  | "permission"
  | "question"
  | "plan exit"
  | "sub-agent"
  | "retries"
  | "refused"
  | "odd end"
  | "structured"
  | "compaction"
  | "overflow";

/** A context of so many tokens is full with this usage. */
export const contextLimit = 10_000;
const full = { input: 9_900, output: 50 };
const usual = { input: 10, output: 5 };

/** A command of the agent's configuration, as `Session.command` runs it. */
export const commandName = "sim";

/** Commands that begin so are asked for. */
export const askedCommand = "ask-me";

const plain: Omit<PlannedStep, "text"> = { reasoning: [], pause: 0, calls: [], usage: usual, stumbles: [] };

export interface Draft {
  readonly random: Random;
  readonly token: string;
  /** How deep sub-agents may call each other from here. */
  readonly depth?: number | undefined;
  /** The text is long enough to be stopped in the middle. */
  readonly isLong?: boolean | undefined;
}

/** A turn of this shape. */
export function turnOf(shape: Shape, draft: Draft): PlannedTurn {
  const { random, token } = draft;
  const base = { token, shape, text: `${token} ${words(random, 4, 40)}`, toContinue: `nothing more to do (${token})` };
  const said = answerStep(draft);
  switch (shape) {
    case "text":
      return { ...base, steps: [said] };
    case "reasoning":
      return { ...base, steps: [{ ...said, reasoning: pieces(random, `why ${token} `, 8) }] };
    case "tools":
      return { ...base, steps: [...toolSteps(draft, undefined), said] };
    case "permission":
      return { ...base, steps: [...toolSteps(draft, () => permissionPlan(random)), said] };
    case "question":
      return { ...base, steps: withQuestion(draft, said) };
    case "plan exit":
      return { ...base, steps: [planExit(draft), said] };
    case "sub-agent":
      return { ...base, steps: [childStep(draft), said] };
    case "retries":
      return { ...base, steps: [...toolSteps(draft, undefined), said].map((step) => stumbling(random, step)) };
    case "refused":
      return { ...base, steps: [said], refusal: random.pick(refusals) };
    case "odd end":
      return { ...base, steps: [{ ...said, end: random.pick(["length", "content_filter"] as const) }] };
    case "structured":
      return { ...base, steps: [said], values: values(random, token) };
    case "compaction": {
      const isLast = random.chance(0.5);
      const tools = toolSteps(draft, undefined);
      const steps = tools.map((step, index) =>
        index === tools.length - 1 && !isLast ? { ...step, usage: full } : step,
      );
      return { ...base, steps: [...steps, isLast ? { ...said, usage: full } : said] };
    }
    case "overflow":
      return { ...base, steps: [said], overflows: true };
  }
}

const refusals = [
  { status: 401, message: "scripted 401" },
  { status: 403, message: "scripted 403" },
  { status: 400, message: "scripted 400" },
] as const;

function answerStep({ random, token, isLong }: Draft): PlannedStep {
  const count = isLong === true ? random.int(8, 20) : random.int(1, 6);
  const pause = isLong === true ? random.int(40, 400) : random.pick([0, 0, 5, 30, 200]);
  return { ...plain, text: pieces(random, `answer ${token} `, count), pause };
}

function pieces(random: Random, start: string, count: number): string[] {
  const text = `${start}${hardText(random, random.int(10, 40 + 8 * count))}`;
  return piecesOf(random, text, count);
}

function words(random: Random, least: number, most: number): string {
  return hardText(random, random.int(least, most)).replace(/\s+/g, " ");
}

function toolSteps(draft: Draft, ask: (() => AskPlan) | undefined): PlannedStep[] {
  const { random, token } = draft;
  return Array.from({ length: random.int(1, 2) }, (_, nth) => {
    const calls = Array.from({ length: random.chance(0.25) ? 2 : 1 }, (_, index) =>
      bashCall(`${token}n${nth}c${index}`, ask?.()),
    );
    const text = random.chance(0.6) ? pieces(random, `step ${nth} of ${token} `, random.int(1, 4)) : [];
    return { ...plain, text, pause: random.pick([0, 3, 40]), calls };
  });
}

function bashCall(name: string, ask: AskPlan | undefined): PlannedCall {
  const command = `${ask === undefined ? "echo" : askedCommand} ${name}`;
  return {
    id: `call_${name}`,
    tool: "bash",
    args: { command, description: name },
    output: `output of ${name}`,
    ask,
  };
}

const manners: Readonly<Record<Manner, number>> = {
  "at once": 10,
  late: 3,
  "very late": 1,
  throws: 2,
  "never answers": 1,
  "no handler": 2,
};

function permissionPlan(random: Random): AskPlan {
  const reply = random.weighted({ once: 6, always: 2, reject: 2, "reject with reason": 2 });
  return { type: "permission", manner: random.weighted(manners), reply };
}

function withQuestion(draft: Draft, said: PlannedStep): PlannedStep[] {
  const { random, token } = draft;
  const ask: AskPlan = {
    type: "question",
    manner: random.weighted(manners),
    reply: random.weighted({ answer: 4, reject: 1 }),
  };
  const options = [
    { label: "Red", description: "the first" },
    { label: "Blue", description: "the second" },
  ];
  const questions = [{ question: `Which, ${token}?`, header: "Choice", options }];
  const call = { id: `call_${token}q`, tool: "question", args: { questions }, output: "", ask };
  const step = { ...plain, text: pieces(random, `asking for ${token} `, 2), calls: [call] };
  return [step, said];
}

/** A question that is refused ends the run: what comes after it is not said. */
export function endsAt(turn: PlannedTurn): PlannedStep | undefined {
  return turn.steps.find(({ calls }) =>
    calls.some(({ ask }) => ask?.type === "question" && ask.reply === "reject" && isAnswered(ask.manner)),
  );
}

/** The handler's own answer counts. */
export function isAnswered(manner: Manner): boolean {
  return manner === "at once" || manner === "late" || manner === "very late";
}

function planExit({ random, token }: Draft): PlannedStep {
  const ask: AskPlan = { type: "plan exit", manner: random.pick(["at once", "late"] as const), reply: "yes" };
  const call = { id: `call_${token}p`, tool: "plan_exit", args: {}, output: "", ask };
  return { ...plain, text: pieces(random, `the plan of ${token} `, 2), calls: [call] };
}

function childStep(draft: Draft): PlannedStep {
  const { random, token, depth = 3 } = draft;
  const goesDeeper = depth > 1 && random.chance(0.5);
  const shape = goesDeeper ? "sub-agent" : random.pick(["text", "tools", "permission"] as const);
  // Each generation has a token of its own, told apart by its last digit.
  const child = turnOf(shape, {
    random,
    token: token.replace(/(\d)z$/, (_, last) => `${Number(last) + 1}z`),
    depth: depth - 1,
  });
  const args = { description: `child ${child.token}`, prompt: child.text, subagent_type: "general" };
  const call = { id: `call_${token}t`, tool: "task", args, output: "", child };
  return { ...plain, text: pieces(random, `calling for ${token} `, 2), calls: [call] };
}

function stumbling(random: Random, step: PlannedStep): PlannedStep {
  const stumbles = Array.from({ length: random.int(0, 2) }, (): Stumble => {
    if (random.chance(0.4)) return { type: "cut", after: random.int(1, Math.max(1, step.text.length)) };
    return { type: "status", status: random.pick([429, 500, 503]), retryAfter: random.pick([0.2, 1, 3]) };
  });
  return { ...step, stumbles };
}

function values(random: Random, token: string): unknown[] {
  const good = { token, count: random.int(0, 1_000) };
  const bad = { token, count: "many" };
  return random.weighted({ right: 6, repaired: 3, twice: 1 }) === "right"
    ? [good]
    : random.chance(0.7)
      ? [bad, good]
      : [bad, bad, good];
}

/** The schema of all prompts with `values`. */
export const answerSchema: Readonly<Record<string, unknown>> = {
  type: "object",
  properties: { token: { type: "string" }, count: { type: "integer" } },
  required: ["token", "count"],
};
