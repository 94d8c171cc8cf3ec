/** The prompts that were put into a run: their order, and which of them a step has answered. No I/O, no clock. */
import type { Part } from "../../types/answer.js";
import { mintId } from "../../util/ids.js";
import { recordProperty } from "../../util/json.js";

/** Under this name the mark of a steer stands in the metadata of its first text, for clients that did not send it. */
const markName = "opencode-ts:steer";

/** The mark. */
export const steerMark: Readonly<Record<string, unknown>> = { [markName]: {} };

/** The end of a steer's id: its mark on a server that keeps no metadata of parts. */
const idMark = "Steer";
const markedId = new RegExp(`^msg_[0-9a-f]{12}[0-9A-Za-z]{9}${idMark}$`);

/** A new id of a steer. */
export function mintSteerId(): string {
  return mintId("msg").slice(0, -idMark.length) + idMark;
}

/** The part is that of a steer in the run. `isAnswered`: a server that keeps no metadata begins a run of its own behind the last step. */
export function isSteerPart(part: Part, isAnswered: boolean): boolean {
  if (part.type !== "text") return false;
  return recordProperty(part.metadata, markName) !== undefined || (!isAnswered && markedId.test(part.messageID));
}

/** The steers of one turn. */
export class SteerPlaces {
  /** In order of their sending; the value says whether they are this client's. Others are sent by another client of this library. */
  readonly #ids = new Map<string, boolean>();
  /** Prompts that a step answers. */
  readonly #answered = new Set<string>();
  readonly #users: ReadonlySet<string>;
  readonly #createdAt: ReadonlyMap<string, number>;

  /** `users`: the user messages that came after the turn's prompt; `createdAt`: when they were stored, in ms since 1970. */
  constructor(users: ReadonlySet<string>, createdAt: ReadonlyMap<string, number>) {
    this.#users = users;
    this.#createdAt = createdAt;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string, isOwn: boolean): void {
    this.#ids.set(id, isOwn);
  }

  /** There is a step that answers the prompt. */
  answered(promptId: string): void {
    this.#answered.add(promptId);
  }

  /** The model was asked with the steer: a step answers it, or a prompt that came after it. */
  isAbsorbed(id: string): boolean {
    return this.#users.has(id) && [...this.#answered].some((other) => other === id || this.isAfter(other, id));
  }

  /** The stored one that came last: the same once more makes the server go on. */
  get newest(): string | undefined {
    const stored = [...this.#ids.keys()].filter((id) => this.#users.has(id));
    return stored.reduce<string | undefined>(
      (last, id) => (last !== undefined && this.isAfter(last, id) ? last : id),
      undefined,
    );
  }

  /** Both are user messages that came after the turn's prompt. */
  isAfter(id: string, other: string): boolean {
    if (!this.#users.has(id) || !this.#users.has(other)) return false;
    const [at, otherAt] = [this.#createdAt.get(id), this.#createdAt.get(other)];
    // Sent again it gets a new time (1.18.33): of ours the order of sending counts.
    const areOurs = this.#ids.get(id) === true && this.#ids.get(other) === true;
    if (!areOurs && at !== undefined && otherAt !== undefined && at !== otherAt) return at > otherAt;
    const order = [...(areOurs ? this.#ids.keys() : this.#users)];
    return order.indexOf(id) > order.indexOf(other);
  }
}
