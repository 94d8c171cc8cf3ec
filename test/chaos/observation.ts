/** Brings together, per prompt, what the server has stored, what the model was asked, and what its tools have done. */
import type { Expectations } from "./expectations.js";
import type { Outcome } from "./outcome.js";
import { type PlannedPrompt, tokensIn } from "./plan.js";
import type { StoredMessage, StoredSession } from "./stored.js";

/** All that is known of one prompt. */
export interface Observation {
  readonly outcome: Outcome;
  /** Calls of the model by step. */
  readonly calls: ReadonlyMap<number, number>;
  /** Those of its sub-agent. */
  readonly subCalls: ReadonlyMap<number, number>;
  /** Of the model that is to be left. */
  readonly refusals: number;
  /** The model was first asked with it and its steer. */
  readonly isSteered: boolean;
  readonly oddities: readonly string[];
  /** User messages with this prompt, in all sessions. */
  readonly asked: readonly StoredMessage[];
  /** Assistant messages that belong to those, oldest first. */
  readonly answers: readonly StoredMessage[];
  /** Lines in the file of effects. */
  readonly effects: number;
  /** Times the server was killed while the prompt was under way. */
  readonly kills: number;
  /** Faults that can have touched it. */
  readonly faults: number;
}

/** Finds messages by what they say. */
export class StoredIndex {
  readonly #byToken = new Map<string, StoredMessage[]>();
  readonly #answers = new Map<string, StoredMessage[]>();
  readonly #effects = new Map<string, number>();

  /** `effects`: the content of the file that tools write to. */
  constructor(sessions: readonly StoredSession[], effects: string) {
    for (const session of sessions) this.#take(session);
    for (const token of tokensIn(effects)) this.#effects.set(token, (this.#effects.get(token) ?? 0) + 1);
  }

  asked({ token }: PlannedPrompt): StoredMessage[] {
    return this.#byToken.get(token) ?? [];
  }

  answersTo(asked: readonly StoredMessage[]): StoredMessage[] {
    return asked
      .flatMap(({ id }) => this.#answers.get(id) ?? [])
      .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  effects({ token }: PlannedPrompt): number {
    return this.#effects.get(token) ?? 0;
  }

  #take({ title, messages }: StoredSession): void {
    for (const message of messages) {
      if (message.role === "assistant") append(this.#answers, message.parentId ?? "", message);
    }
    for (const message of messages) {
      if (message.role !== "user") continue;
      for (const token of this.#tokensOf(message, title)) append(this.#byToken, token, message);
    }
  }

  /** By the text; of a prompt that cannot be read by the title of its session; of a shell line by what it has printed. */
  #tokensOf({ id, parts }: StoredMessage, title: string): Set<string> {
    const said = parts.filter(({ type, synthetic }) => type === "text" && !synthetic).map(({ text }) => text);
    if (said.length > 0) return new Set(said.flatMap(tokensIn));
    if (parts.length === 0) return new Set(tokensIn(title));
    const outputs = (this.#answers.get(id) ?? []).flatMap((answer) => answer.parts.map(({ output }) => output));
    return new Set(outputs.flatMap(tokensIn));
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** What a run knows of faults. */
export interface FaultFacts {
  readonly kills: number;
  readonly faults: number;
}

/** Puts the observation for one outcome together. */
export function gather(
  outcome: Outcome,
  expectations: Expectations,
  index: StoredIndex,
  facts: FaultFacts,
): Observation {
  const { prompt } = outcome;
  const account = expectations.account(prompt.token);
  const sub = prompt.sub && expectations.account(prompt.sub.token);
  const asked = index.asked(prompt);
  return {
    outcome,
    calls: account?.calls ?? new Map(),
    subCalls: sub?.calls ?? new Map(),
    refusals: account?.refusals ?? 0,
    isSteered: account?.isSteered ?? false,
    oddities: [...(account?.oddities ?? []), ...(sub?.oddities ?? [])],
    asked,
    answers: index.answersTo(asked),
    effects: index.effects(prompt),
    ...facts,
  };
}
