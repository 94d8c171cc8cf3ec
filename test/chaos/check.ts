/** Compares what came of a prompt with what was planned. Pure: everything it says follows from the observation. */
import { isDeepStrictEqual } from "node:util";
import type { Observation } from "./observation.js";
import type { Observed } from "./outcome.js";
import { commandTemplate, type Kind, outputOf, type PlannedPrompt } from "./plan.js";
import type { StoredMessage } from "./stored.js";

/** Ways to break the promise. */
export type Breach =
  | "ran twice"
  | "lost"
  | "hung"
  | "wrong answer"
  | "text lost or doubled"
  | "untyped error"
  | "error without a fault"
  | "left running";

/** One breach, found in one prompt. */
export interface Finding {
  readonly breach: Breach;
  readonly token: string;
  readonly kind: Kind | undefined;
  readonly detail: string;
}

/** What a check has found, and how much it has compared. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** UTF-8 bytes of text that were compared. */
  readonly bytes: number;
}

/** Checks one prompt. */
export function check(observation: Observation): Verdict {
  const checker = new Checker(observation);
  checker.run();
  return { findings: checker.findings, bytes: checker.bytes };
}

class Checker {
  readonly findings: Finding[] = [];
  bytes = 0;
  readonly #observation: Observation;
  readonly #prompt: PlannedPrompt;

  constructor(observation: Observation) {
    this.#observation = observation;
    this.#prompt = observation.outcome.prompt;
  }

  run(): void {
    const { outcome, faults } = this.#observation;
    const { result } = outcome;
    this.#ranOnce();
    if (result.type === "hung") this.#found("hung", `not over after ${outcome.endedAt - outcome.startedAt} ms`);
    if (result.type === "untyped error") this.#found("untyped error", String(result.error));
    if (result.type === "typed error" && faults === 0) {
      this.#found("error without a fault", `${result.error.name}: ${result.error.message}`);
    }
    if (result.type === "answer") {
      this.#honoured(result.observed);
      this.#delegated(result.observed);
      this.#answered(result.observed);
    }
  }

  #found(breach: Breach, detail: string): void {
    this.findings.push({ breach, token: this.#prompt.token, kind: this.#prompt.kind, detail });
  }

  /** Whatever the caller was told: nothing may have been done twice. */
  #ranOnce(): void {
    const { asked, calls, subCalls, refusals, oddities, effects, kills } = this.#observation;
    const { kind, effects: planned } = this.#prompt;
    if (asked.length > 1) {
      this.#found("ran twice", `stored as ${asked.map(({ id, sessionId }) => `${id} in ${sessionId}`).join(", ")}`);
    }
    for (const message of asked) this.#storedOnce(message);
    for (const [step, count] of [...calls, ...subCalls]) {
      // A step that the death of the server has interrupted runs once more.
      if (count > 1 + kills) this.#found("ran twice", `step ${step} was asked of the model ${count} times`);
    }
    if (refusals > 1 + kills)
      this.#found("ran twice", `the model that had refused was asked ${refusals} times; ${kills} kills`);
    for (const oddity of oddities) this.#found("ran twice", oddity);
    // A shell line is never run again, not even after a death.
    const most = planned + (kind === "shell" ? 0 : kills);
    if (effects > most) this.#found("ran twice", `the side effect was there ${effects} times, not ${planned}`);
  }

  /** Each approval is for one run of the tool. */
  #honoured({ approved }: Observed): void {
    const { effects } = this.#observation;
    if (approved === undefined || effects <= approved) return;
    this.#found("ran twice", `the side effect was there ${effects} times, approved ${approved}`);
  }

  /** A sub-agent is called again only when the death of the server has ended the first. */
  #delegated({ subagents = 0 }: Observed): void {
    const { kills } = this.#observation;
    if (subagents > 1 + kills) this.#found("ran twice", `there were ${subagents} sub-agents`);
  }

  /** One copy of the text, as it was asked. What cannot be read back has no parts here. */
  #storedOnce({ id, parts }: StoredMessage): void {
    const { kind, text } = this.#prompt;
    const said = parts.filter(({ type, synthetic }) => type === "text" && !synthetic);
    if (kind === "shell" || parts.length === 0) return;
    if (said.length > 1) this.#found("ran twice", `${id} has the text ${said.length} times`);
    const expected = kind === "command" ? commandTemplate.replace("$ARGUMENTS", text) : text;
    this.#compare("the stored prompt", said[0]?.text ?? "", expected);
  }

  #answered({ answer, streamed, reasoning, wrong = [] }: Observed): void {
    for (const detail of wrong) this.#found("wrong answer", detail);
    if (answer === undefined) return; // stopped, as planned
    const { asked, answers, calls, effects, kills } = this.#observation;
    const { steps, kind } = this.#prompt;
    if (kind === "steer") {
      this.#steered(answer.text);
      return;
    }
    if (asked.length === 0) this.#found("lost", `answered, but not stored (${answer.messageId})`);
    else if (asked.every(({ id }) => id !== answer.messageId))
      this.#found("wrong answer", `its message is ${answer.messageId}, stored is ${asked[0]?.id}`);
    else if (answers.at(-1)?.isComplete !== true) this.#found("lost", "the stored answer is not complete");
    const missing = steps.findIndex((_, step) => (calls.get(step) ?? 0) === 0);
    if (missing >= 0) this.#found("wrong answer", `the model was never asked for step ${missing}`);
    // A sub-agent may be aborted before its command.
    if (effects < this.#prompt.effects && kind !== "subagent")
      this.#found("lost", `the side effect was there ${effects} times`);
    switch (kind) {
      case "shell":
        this.#shellOutput(answer.toolCalls[0]?.output ?? "");
        break;
      case "schema": // its answer is a call, not a text
        this.#structured(answer.output);
        break;
      default:
        if (kind === "schema in a session") this.#structured(answer.output);
        this.#compare("the answer", answer.text, this.#prompt.answer);
        if (kills === 0) this.#compare("the stored text", textOf(answers), this.#prompt.streamed);
    }
    if (streamed !== undefined) this.#streamed(streamed);
    if (reasoning !== undefined && kills === 0)
      this.#compare("the streamed reasoning", reasoning, this.#prompt.reasoning);
  }

  /** The prompt of a steered turn may have the steer's answer: whoever has asked both says what is wrong with it. */
  #steered(text: string): void {
    const { asked, calls, effects, isSteered } = this.#observation;
    if (asked.length === 0) this.#found("lost", "answered, but not stored");
    if (isSteered && this.#prompt.steerAfter === undefined) return; // the model has taken up the steer in its place
    if ((calls.get(0) ?? 0) === 0) this.#found("lost", "the model was never asked with it");
    if (effects < this.#prompt.effects) this.#found("lost", `the side effect was there ${effects} times`);
    if (this.#prompt.steerAfter !== undefined) this.#compare("the answer", text, this.#prompt.answer);
  }

  /** What was said before the death of the server stays in the stream; after it everything comes from the beginning. */
  #streamed(streamed: string): void {
    const { kills, answers } = this.#observation;
    const { answer, streamed: whole } = this.#prompt;
    if (kills > 0) {
      this.#compare("the end of the streamed text", streamed.slice(-answer.length), answer);
      return;
    }
    this.#compare("the streamed text", streamed, whole);
    this.#compare("the streamed text against the stored one", streamed, textOf(answers));
  }

  #structured(output: unknown): void {
    const expected = this.#prompt.steps[0]?.structured;
    this.bytes += Buffer.byteLength(JSON.stringify(output) ?? "");
    if (!isDeepStrictEqual(output, expected)) this.#found("wrong answer", `output is ${JSON.stringify(output)}`);
  }

  #shellOutput(output: string): void {
    const expected = outputOf(this.#prompt.token, 0);
    this.bytes += Buffer.byteLength(output);
    if (output.trim() !== expected) this.#found("wrong answer", `printed ${JSON.stringify(output)}`);
  }

  #compare(what: string, found: string, expected: string): void {
    this.bytes += Buffer.byteLength(found);
    if (found === expected) return;
    this.#found("text lost or doubled", `${what}: ${difference(found, expected)}`);
  }
}

/** The text of assistant messages, as stored. */
function textOf(messages: readonly StoredMessage[]): string {
  return messages.flatMap(({ parts }) => parts.filter(({ type }) => type === "text").map(({ text }) => text)).join("");
}

/** Where two texts part, with a little of both. */
function difference(found: string, expected: string): string {
  let at = 0;
  while (at < found.length && found[at] === expected[at]) at += 1;
  const show = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 10), at + 30));
  return `${found.length} characters instead of ${expected.length}; from ${at} on ${show(found)} instead of ${show(expected)}`;
}
