/** What is asked, and what must come of it: all of it follows from the seed. */
import { type Random, randomFor } from "./random.js";
import { hardText, piecesOf } from "./text.js";

/** The kinds of jobs. A job is one prompt, or several in one session. */
export const kinds = [
  "text",
  "stream",
  "tool",
  "reasoning",
  "schema",
  "schema in a session",
  "conversation",
  "command",
  "shell",
  "permission",
  "approval",
  "same id twice",
  "abort",
  "steer",
  "fallback",
  "subagent",
] as const;
export type Kind = (typeof kinds)[number];

/** One step of the scripted model. */
export interface PlannedStep {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  /** Between two pieces, in ms. */
  readonly pause: number;
  /** A tool call; its output has `output`, by which the model knows that it was done. `task`: a sub-agent's, in place of a command. */
  readonly tool: { readonly command: string; readonly output: string; readonly task?: string } | undefined;
  /** The structured output that is given instead of text. */
  readonly structured: unknown;
}

/** One prompt. */
export interface PlannedPrompt {
  /** Unique, and part of the prompt: everything is told apart by it. */
  readonly token: string;
  readonly kind: Kind;
  /** What is asked; for a command its arguments, for a shell line the line. */
  readonly text: string;
  readonly steps: readonly PlannedStep[];
  /** `answer.text`: the text of the last step. */
  readonly answer: string;
  /** The text of all steps. */
  readonly streamed: string;
  readonly reasoning: string;
  /** How many lines it writes into the file of effects. */
  readonly effects: number;
  /** It is stopped after so many ms; with a sub-agent that one is, after its begin. */
  readonly abortAfter: number | undefined;
  /** What its sub-agent is asked, which writes the line of effects with the token of the prompt itself. */
  readonly sub?: PlannedPrompt | undefined;
  /** It steers the turn of the prompt before, so many ms after that one's begin. */
  readonly steerAfter?: number | undefined;
}

/** What one worker does at a time. */
export interface Job {
  readonly index: number;
  readonly kind: Kind;
  readonly prompts: readonly PlannedPrompt[];
}

/** Sizes, so that a long run need not move gigabytes. */
export interface PlanOptions {
  readonly seed: number;
  /** Bytes of the longest text. Default 20,000. */
  readonly longestText?: number | undefined;
  /** Kinds of jobs that the server has no counterpart of. Default none. */
  readonly without?: readonly Kind[] | undefined;
}

const weights: Readonly<Record<Kind, number>> = {
  text: 10,
  stream: 20,
  tool: 14,
  reasoning: 8,
  schema: 6,
  "schema in a session": 6,
  conversation: 12,
  command: 5,
  shell: 6,
  permission: 5,
  approval: 5,
  "same id twice": 5,
  abort: 5,
  steer: 6,
  fallback: 5,
  subagent: 5,
};

/** The token of a prompt: found again in whatever the server and the model see. */
const tokenPattern: RegExp = /tok[0-9a-z]+x\d+z/g;

/** All tokens in a text, in order, repeated ones too. */
export function tokensIn(text: string): string[] {
  return text.match(tokenPattern) ?? [];
}

/** The model of `fallback` jobs that takes over: the first one refuses their last step. */
export const fallbackModel = "scripted/second";

/** The command of the server's configuration that `command` jobs use. */
export const commandName = "chaos";
/** What a `command` job's prompt looks like to the model. */
export const commandTemplate = "Do this: $ARGUMENTS";

/** The file of effects, in the server's directory. */
export const effectsFile = "effects.log";

/** The jobs of a seed, one after the other, for ever. The first ones are one of each kind. */
export function* jobsOf({ seed, longestText = 20_000, without = [] }: PlanOptions): Generator<Job> {
  const first = shuffled(kinds, randomFor(seed, "first")).filter((kind) => !without.includes(kind));
  const left = { ...weights, ...Object.fromEntries(without.map((kind) => [kind, 0])) };
  for (let index = 0; ; index += 1) {
    const random = randomFor(seed, "job", index);
    const kind = first[index] ?? random.weighted(left);
    yield { index, kind, prompts: promptsOf(kind, { seed, index, random, longestText }) };
  }
}

/** Jobs with `count` prompts altogether. */
export function planned(count: number, options: PlanOptions): Job[] {
  const jobs: Job[] = [];
  let left = count;
  for (const job of jobsOf(options)) {
    if (left <= 0) break;
    const prompts = job.prompts.slice(0, left);
    left -= prompts.length;
    jobs.push({ ...job, prompts });
  }
  return jobs;
}

interface Draft {
  readonly seed: number;
  readonly index: number;
  readonly random: Random;
  readonly longestText: number;
}

function promptsOf(kind: Kind, draft: Draft): PlannedPrompt[] {
  if (kind === "conversation") {
    return Array.from({ length: draft.random.int(2, 3) }, (_, nth) => prompt(kind, draft, nth));
  }
  if (kind === "steer") return [prompt(kind, draft, 0), steerOf(draft)];
  if (kind === "abort") return [abortedPrompt(draft), prompt(kind, draft, 1)];
  if (kind === "subagent") return [delegatingPrompt(draft)];
  return [prompt(kind, draft, 0)];
}

function prompt(kind: Kind, draft: Draft, nth: number): PlannedPrompt {
  const token = tokenOf(draft, nth);
  const text = promptTextOf(kind, token, draft.random);
  return finished({ token, kind, text, steps: stepsOf(kind, token, draft), abortAfter: undefined });
}

function abortedPrompt(draft: Draft): PlannedPrompt {
  const token = tokenOf(draft, 0);
  const words = Array.from({ length: 20 }, (_, index) => `${index} `);
  const steps = [{ ...noStep, text: [`to be stopped ${token} `, ...words], pause: 150 }];
  return finished({
    token,
    kind: "abort",
    text: `Be stopped: ${token}`,
    steps,
    abortAfter: draft.random.int(0, 2_500),
  });
}

/** Answers without a tool. The turn that it steers takes about two seconds. */
function steerOf(draft: Draft): PlannedPrompt {
  return { ...prompt("text", draft, 1), kind: "steer", steerAfter: draft.random.int(0, 3_000) };
}

/** Its sub-agent writes a line, and works on until it is aborted. */
function delegatingPrompt(draft: Draft): PlannedPrompt {
  const [token, task] = [tokenOf(draft, 0), tokenOf(draft, 1)];
  const line = `echo ${token} >> ${effectsFile} && sleep 20 && echo ${outputOf(task, 0)}`;
  const own = { kind: "subagent", abortAfter: draft.random.int(0, 2_500) } as const;
  const subSteps = [toolStep(line, task, 0, draft), { ...noStep, text: [`done with ${task}`] }];
  const sub = finished({ ...own, token: task, text: `Work on ${task}.`, steps: subSteps });
  const call = { ...noStep, tool: { command: "", output: task, task: sub.text } };
  const text = promptTextOf("subagent", token, draft.random);
  return { ...finished({ ...own, token, text, steps: [call, spoken(token, draft)] }), effects: 1, sub };
}

function finished(draft: Pick<PlannedPrompt, "token" | "kind" | "text" | "steps" | "abortAfter">): PlannedPrompt {
  const { steps } = draft;
  const text = ({ text, structured }: PlannedStep): string =>
    structured !== undefined && draft.kind === "schema in a session" ? JSON.stringify(structured) : text.join("");
  const commands = [draft.kind === "shell" ? draft.text : "", ...steps.map(({ tool }) => tool?.command ?? "")];
  return {
    ...draft,
    answer: text(steps.at(-1) ?? noStep),
    streamed: steps.map(text).join(""),
    reasoning: steps.flatMap(({ reasoning }) => reasoning).join(""),
    effects: commands.filter((command) => command.includes(effectsFile)).length,
  };
}

function tokenOf({ seed, index }: Draft, nth: number): string {
  // The last letter, so that no token is the beginning of another one.
  return `tok${(seed >>> 0).toString(36)}x${index * 10 + nth}z`;
}

function promptTextOf(kind: Kind, token: string, random: Random): string {
  if (kind === "command") return `${token} ${random.pick(["plainly", "with care", "at once"])}`;
  if (kind === "shell") return shellLine(token, 0);
  return `${token} ${hardText(random, random.logInt(10, 600))}`;
}

const noStep: PlannedStep = { reasoning: [], text: [], pause: 0, tool: undefined, structured: undefined };

function stepsOf(kind: Kind, token: string, draft: Draft): PlannedStep[] {
  const { random } = draft;
  const said = (): PlannedStep => spoken(token, draft);
  switch (kind) {
    case "shell":
      return [];
    case "fallback":
    case "tool": {
      const calls = Array.from({ length: random.int(1, 2) }, (_, nth) =>
        toolStep(shellLine(token, nth), token, nth, draft),
      );
      return [...calls, said()];
    }
    case "steer":
      return [toolStep(`sleep 1 && ${shellLine(token, 0)}`, token, 0, draft), said()];
    case "permission":
      return [toolStep(`echo ask-${outputOf(token, 0)}`, token, 0, draft), said()];
    case "approval": {
      const line = `echo ask-${token} >> ${effectsFile} && echo ${outputOf(token, 0)}`;
      return [toolStep(line, token, 0, draft), said()];
    }
    case "reasoning":
      return [{ ...said(), reasoning: pieces(`why ${token}: `, draft, 3_000) }];
    case "schema":
    case "schema in a session":
      return [{ ...noStep, structured: structuredOf(token, random) }];
    default:
      return [said()];
  }
}

function spoken(token: string, draft: Draft): PlannedStep {
  return {
    ...noStep,
    text: pieces(`answer ${token}: `, draft, draft.longestText),
    pause: draft.random.pick([0, 0, 2, 10]),
  };
}

/** Says something first, in two of three. */
function toolStep(command: string, token: string, nth: number, draft: Draft): PlannedStep {
  const text = draft.random.chance(0.66) ? pieces(`step ${nth} of ${token}: `, draft, 400) : [];
  return { ...noStep, text, pause: 2, tool: { command, output: outputOf(token, nth) } };
}

function pieces(start: string, { random }: Draft, longest: number): string[] {
  const text = `${start}${hardText(random, random.logInt(20, longest))}`;
  return piecesOf(random, text, Math.min(200, random.logInt(1, Math.max(2, [...text].length / 8))));
}

/** Writes one line into the file of effects and says that it did. */
function shellLine(token: string, nth: number): string {
  return `echo ${token} >> ${effectsFile} && echo ${outputOf(token, nth)}`;
}

/** What a tool run of this token prints. */
export function outputOf(token: string, nth: number): string {
  return `out-${token}-${nth}`;
}

/** The schema of all structured prompts. */
export const answerSchema: Readonly<Record<string, unknown>> = {
  type: "object",
  properties: { token: { type: "string" }, text: { type: "string" }, count: { type: "integer" } },
  required: ["token", "text", "count"],
  additionalProperties: false,
};

function structuredOf(token: string, random: Random): unknown {
  return { token, text: hardText(random, random.logInt(5, 2_000)), count: random.int(0, 1_000_000) };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
