/** Permission requests that wait for a decision. They live as long as the run that asks. */
import type { JsonRecord } from "../../../../src/util/json.js";
import { Failure } from "../http/failure.js";
import { newId } from "../ids.js";
import type { SessionRecord } from "../types.js";
import type { World } from "../world.js";
import { Declined, ToolFailure } from "./endings.js";
import { evaluate } from "./rules.js";

export interface Ask {
  readonly id: string;
  readonly sessionID: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly save?: readonly string[];
  readonly metadata?: JsonRecord;
  readonly source?: { readonly type: "tool"; readonly messageID: string; readonly id: string };
}

export type Decision = "once" | "always" | "reject";

interface OpenAsk {
  readonly ask: Ask;
  readonly record: SessionRecord;
  readonly settle: (decision: Decision, message?: string) => void;
}

export class Asks {
  readonly #world: World;
  readonly #open = new Map<string, OpenAsk>();

  constructor(world: World) {
    this.#world = world;
  }

  of(isWanted: (record: SessionRecord) => boolean): Ask[] {
    return [...this.#open.values()].filter(({ record }) => isWanted(record)).map(({ ask }) => ask);
  }

  /**
   * Resolves when the rules or the user allow it.
   * @throws {ToolFailure} when rules deny it, or the user with a message. {Declined} when the user does without.
   */
  async require(record: SessionRecord, draft: Omit<Ask, "id" | "sessionID">, signal: AbortSignal): Promise<void> {
    const effect = evaluate(this.#world, record, draft.action, draft.resources);
    if (effect === "allow") return;
    if (effect === "deny") throw new ToolFailure(`Denied by a rule: ${draft.action}`, "permission.denied");
    const { decision, message } = await this.#wait(record, draft, signal);
    if (decision !== "reject") return;
    if (message === undefined) throw new Declined();
    throw new ToolFailure(message, "permission.rejected");
  }

  /** An ask of somebody outside: the effect, and an open request when it is `ask`. */
  create(record: SessionRecord, draft: Omit<Ask, "id" | "sessionID">, id?: string): { id: string; effect: string } {
    const effect = evaluate(this.#world, record, draft.action, draft.resources);
    if (effect !== "ask") return { id: id ?? newId("per"), effect };
    return { id: this.#ask(record, draft, () => {}, id).id, effect };
  }

  /** @throws {Failure} 404 for a request that is not open, or is another session's. */
  answer(sessionID: string, id: string, decision: Decision, message: string | undefined): void {
    const open = this.find(sessionID, id);
    if (decision === "always") this.#save(open);
    this.#settle(open, decision, message);
    if (decision !== "reject") return;
    // One refusal takes the session's other open asks along.
    for (const other of [...this.#open.values()].filter(({ ask }) => ask.sessionID === sessionID)) {
      this.#settle(other, "reject", message);
    }
  }

  find(sessionID: string, id: string): OpenAsk {
    const open = this.#open.get(id);
    if (open === undefined || open.ask.sessionID !== sessionID) {
      throw new Failure(404, "PermissionNotFoundError", `Permission request not found: ${id}`, { requestID: id });
    }
    return open;
  }

  /** Takes away the session's asks without an event, as an interrupt does. */
  drop(sessionID: string): void {
    for (const [id, { ask }] of this.#open) if (ask.sessionID === sessionID) this.#open.delete(id);
  }

  #wait(
    record: SessionRecord,
    draft: Omit<Ask, "id" | "sessionID">,
    signal: AbortSignal,
  ): Promise<{ decision: Decision; message: string | undefined }> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const ask = this.#ask(record, draft, (decision, message) => resolve({ decision, message }));
      signal.addEventListener("abort", () => {
        this.#open.delete(ask.id);
        reject(signal.reason);
      });
    });
  }

  #ask(record: SessionRecord, draft: Omit<Ask, "id" | "sessionID">, settle: OpenAsk["settle"], id?: string): Ask {
    const ask: Ask = { id: id ?? newId("per"), sessionID: record.info.id, ...draft };
    this.#open.set(ask.id, { ask, record, settle });
    this.#world.hub.passing(record, "permission.asked", { ...ask });
    return ask;
  }

  #settle({ ask, record, settle }: OpenAsk, decision: Decision, message: string | undefined): void {
    this.#open.delete(ask.id);
    this.#world.hub.passing(record, "permission.replied", { requestID: ask.id, reply: decision });
    settle(decision, message);
  }

  #save({ ask, record }: OpenAsk): void {
    const now = Date.now();
    const { store } = this.#world;
    const rules = (ask.save ?? []).map((resource) => ({
      id: newId("per"),
      projectID: record.info.projectID,
      action: ask.action,
      resource,
      time: { created: now, updated: now },
    }));
    store.setSaved([...store.saved, ...rules]);
  }
}
