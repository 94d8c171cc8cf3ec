/** The sub-agents of a turn, at any depth: which sessions they run in, what they do, what they have used. */

import { isAssistant } from "../../client/answer-checks.js";
import { createEventMapper, toAgentEvent } from "../../events/agent-event.js";
import { parentOf, sessionOf } from "../../events/route.js";
import type { AssistantMessage } from "../../types/answer.js";
import type { AgentEvent, ServerEvent } from "../../types/event.js";
import { stringProperty } from "../../util/json.js";

/** Told as they are: they concern the caller, whoever in the turn they come from. The others come inside `subagent`. */
const direct: ReadonlySet<AgentEvent["type"]> = new Set([
  "permission-request",
  "permission-reply",
  "question",
  "retry",
  "error",
  "file-edited",
  "subagent",
]);

/** Folds what concerns the sessions below one session. */
export class SubAgents {
  readonly #root: string;
  readonly #isSeparate: (sessionId: string) => boolean;
  readonly #parents = new Map<string, string>();
  readonly #infos = new Map<string, AssistantMessage>();
  readonly #map = createEventMapper();

  /** `isSeparate` names the sessions that are nobody's sub-agents, whatever their parent. */
  constructor(root: string, isSeparate: (sessionId: string) => boolean) {
    this.#root = root;
    this.#isSeparate = isSeparate;
  }

  /** Their sessions. */
  get ids(): string[] {
    return [...this.#parents.keys()].filter((id) => this.chainOf(id) !== undefined);
  }

  /** Their assistant messages: one for each step. */
  get infos(): readonly AssistantMessage[] {
    return [...this.#infos.values()];
  }

  /** A session that was found by a read. */
  adopt(child: string, parent: string): void {
    this.#parents.set(child, parent);
  }

  /** Messages that were found by a read. */
  used(infos: readonly AssistantMessage[]): void {
    for (const info of infos) this.#infos.set(info.id, info);
  }

  /** Events may be missing from here on. */
  gap(): void {
    this.#map.gap();
  }

  /** From the root to the given session; `undefined` when it is none of theirs. */
  chainOf(sessionId: string): string[] | undefined {
    const chain = [sessionId];
    for (let id = sessionId; id !== this.#root; ) {
      const parent = this.#isSeparate(id) ? undefined : this.#parents.get(id);
      if (parent === undefined || chain.includes(parent)) return undefined;
      chain.unshift(parent);
      id = parent;
    }
    return chain;
  }

  /** A `session.created` event, of any session. */
  created(raw: ServerEvent): AgentEvent[] {
    const id = sessionOf(raw);
    const parent = parentOf(raw);
    if (id === undefined || parent === undefined || this.#parents.has(id)) return [];
    if (parent !== this.#root && !this.#parents.has(parent)) return [];
    this.#parents.set(id, parent);
    const event = toAgentEvent(raw);
    return event === undefined ? [] : [event];
  }

  /** An event of one of their sessions. */
  event(raw: ServerEvent, sessionId: string): AgentEvent[] {
    if (raw.type === "message.updated") {
      const info = raw.properties["info"];
      const id = stringProperty(info, "id");
      if (id !== undefined && isAssistant(info)) this.#infos.set(id, info);
    }
    const parentId = this.#parents.get(sessionId) ?? this.#root;
    return this.#map(raw).flatMap((event): AgentEvent[] => {
      if (direct.has(event.type)) return [event];
      if (event.type === "raw" || event.type === "status") return [];
      return [{ type: "subagent", sessionId, parentId, event }];
    });
  }
}
