/** The model of a world: says what is planned for the prompt that it is asked, and remembers what it was asked. */

import type { ModelRequest, Reply, ScriptedToolCall } from "../../../src/testing/index.js";
import { stringProperty } from "../../../src/util/json.js";
import type { PlannedStep, PlannedTurn } from "./plan.js";
import { tokenIn } from "./plan.js";

/** One call of the model for a planned turn. */
export interface ModelCall {
  readonly token: string;
  /** Index of the step; -1: it was told to go on after a compaction. */
  readonly step: number;
  /** The text that it began to say, and whether it says all of it. */
  readonly text: string;
  readonly reasoning: string;
  readonly isWhole: boolean;
  /** A planned failure. */
  readonly isStumble: boolean;
}

/** What `init` makes of its prompt. */
const initOrder = /^Create or update `AGENTS\.md`/;

/** Without time passing an agent could ask without end. */
const mostCalls = 3_000;

/** A model that knows its prompts by their tokens. */
export class PlannedModel {
  /** What it was asked, in order. */
  readonly calls: ModelCall[] = [];
  readonly #turns = new Map<string, PlannedTurn>();
  /** The prompt that a session works on: what the agent says itself names none. */
  readonly #active = new Map<string, string>();
  /** Tool calls whose results have been seen. */
  readonly #seen = new Set<string>();
  /** How often each step was begun. */
  readonly #begun = new Map<string, number>();
  readonly #overflowed = new Set<string>();

  know(turn: PlannedTurn): void {
    this.#turns.set(turn.token, turn);
  }

  /** How often the model was asked for this step. */
  callsOf(token: string, step: number): number {
    return this.calls.filter((call) => call.token === token && call.step === step).length;
  }

  readonly reply = (request: ModelRequest): Reply => {
    for (const message of request.messages) {
      const id = message["role"] === "tool" ? stringProperty(message, "tool_call_id") : undefined;
      if (id !== undefined) this.#seen.add(id);
    }
    if (initOrder.test(request.lastUserText)) return "the file is written";
    const session = request.sessionId ?? "";
    // What the agent says itself names no prompt: then the newest one that is still in the transcript is meant.
    const token = tokenIn(request.lastUserText) ?? newestToken(request) ?? this.#active.get(session);
    const turn = token === undefined ? undefined : this.#turns.get(token);
    if (turn === undefined) return { status: 400, message: `an unknown prompt: ${request.lastUserText}` };
    this.#active.set(session, turn.token);
    if (this.calls.length > mostCalls) throw new Error("the agent asks the model without end");
    if (isToContinue(request)) this.#compacted(turn);
    return this.#replyTo(turn, request);
  };

  /** The results of the step before a compaction are in the summary. */
  #compacted(turn: PlannedTurn): void {
    const last = this.calls.findLast(({ token, isStumble }) => token === turn.token && !isStumble);
    for (const { id } of turn.steps[last?.step ?? -1]?.calls ?? []) this.#seen.add(id);
  }

  #replyTo(turn: PlannedTurn, request: ModelRequest): Reply {
    const { token } = turn;
    if (turn.refusal !== undefined) {
      this.#note(turn, 0, "", "", true, true);
      return turn.refusal;
    }
    if (turn.overflows === true && !this.#overflowed.has(token)) {
      this.#overflowed.add(token);
      this.#note(turn, 0, "", "", true, true);
      return { status: 400, message: "This model's maximum context length is 10000 tokens." };
    }
    const index = turn.steps.findIndex(
      ({ calls }) => calls.length === 0 || calls.some(({ id }) => !this.#seen.has(id)),
    );
    const step = turn.steps[index];
    if (step === undefined || this.#isToContinue(turn, request)) {
      this.#note(turn, -1, turn.toContinue, "", true, false);
      return { text: turn.toContinue, usage: { input: 10, output: 5 } };
    }
    return turn.values === undefined ? this.#step(turn, index, step) : this.#value(turn, request);
  }

  /** The agent goes on by itself after a compaction, and the answer was given before it. */
  #isToContinue(turn: PlannedTurn, request: ModelRequest): boolean {
    if (!isToContinue(request)) return false;
    const last = turn.steps.length - 1;
    const isAnswer = (call: (typeof this.calls)[number]): boolean =>
      call.token === turn.token && call.step === last && call.isWhole && !call.isStumble;
    return this.calls.some(isAnswer);
  }

  #step(turn: PlannedTurn, index: number, step: PlannedStep): Reply {
    const name = `${turn.token} ${index}`;
    const begun = this.#begun.get(name) ?? 0;
    this.#begun.set(name, begun + 1);
    const stumble = step.stumbles[begun];
    const reasoning = step.reasoning.join("");
    if (stumble?.type === "status") {
      this.#note(turn, index, "", "", true, true);
      const { status, retryAfter } = stumble;
      return { status, message: `scripted ${status}`, headers: { "retry-after": String(retryAfter) } };
    }
    if (stumble?.type === "cut") {
      const text = step.text.slice(0, stumble.after);
      this.#note(turn, index, text.join(""), reasoning, true, true);
      return { text, reasoning: step.reasoning, delay: step.pause, end: "cut" };
    }
    this.#note(turn, index, step.text.join(""), reasoning, step.end !== "hang", false);
    const spoken = { text: step.text, reasoning: step.reasoning, delay: step.pause, usage: step.usage };
    if (step.calls.length > 0) return { ...spoken, toolCalls: step.calls.map(wireCall) };
    return step.end === undefined ? spoken : { ...spoken, end: step.end };
  }

  #value(turn: PlannedTurn, { messages, lastUserText }: ModelRequest): Reply {
    const from = messages.findLastIndex(
      (message) => JSON.stringify(message).includes(turn.token) && message["role"] === "user",
    );
    const repairs = messages
      .slice(from)
      .filter(
        (message) => message["role"] === "user" && JSON.stringify(message).includes("does not fit the schema"),
      ).length;
    const isRepair = lastUserText.includes("does not fit the schema");
    const value = turn.values?.[isRepair ? repairs : 0] ?? turn.values?.at(-1);
    this.#note(turn, isRepair ? repairs : 0, JSON.stringify(value), "", true, false);
    return { structured: value };
  }

  #note(turn: PlannedTurn, step: number, text: string, reasoning: string, isWhole: boolean, isStumble: boolean): void {
    this.calls.push({ token: turn.token, step, text, reasoning, isWhole, isStumble });
  }
}

function newestToken({ messages }: ModelRequest): string | undefined {
  for (const message of messages.toReversed()) {
    const token = message["role"] === "user" ? tokenIn(JSON.stringify(message["content"])) : undefined;
    if (token !== undefined) return token;
  }
  return undefined;
}

/** What the agent says after it has compacted by itself. */
function isToContinue({ lastUserText }: ModelRequest): boolean {
  return /(?:^|\n)Continue if you have next steps/.test(lastUserText.trim());
}

function wireCall({ id, tool, args, output }: PlannedStep["calls"][number]): ScriptedToolCall {
  return { id, name: tool, args, output };
}
