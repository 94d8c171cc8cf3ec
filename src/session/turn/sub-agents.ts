/** The sub-agents of a turn, at any depth: which sessions they run in, what they do, what they have used. */
import type { ApiEvent } from "../../api/api-event.js";
import { createEventMapper, toAgentEvent } from "../../events/agent-event.js";
import type { AssistantMessage, Part, ToolPart } from "../../types/answer.js";
import type { AgentEvent } from "../../types/event.js";
import type { Subagent } from "../../types/subagent.js";
import { stringProperty } from "../../util/json.js";
import { sessionsCalled } from "./sessions-called.js";
import { isFinal } from "./step-state.js";

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

/** What is known of one sub-agent, apart from its steps. */
interface SubAgentFacts {
  /** Of its task. */
  readonly title: string;
  readonly agent: string;
}

/** The server's own title of a sub-agent's session has its agent at the end (1.18.33). */
const agentInTitle = / \(@\S+ subagent\)$/;

/** Folds what concerns the sessions below one session. */
export class SubAgents {
  readonly #root: string;
  readonly #isSeparate: (sessionId: string) => boolean;
  readonly #parents = new Map<string, string>();
  readonly #infos = new Map<string, AssistantMessage>();
  readonly #map = createEventMapper();
  readonly #facts = new Map<string, SubAgentFacts>();
  /** States of the calls that have made each, or called it again, by the id of the call. */
  readonly #calls = new Map<string, Map<string, ToolPart["state"]>>();
  /** Calls that have failed, by the id of their part, whose sub-agent has not begun. */
  readonly #failed = new Map<string, ToolPart>();
  /** Parts of calls that have named a session. */
  readonly #named = new Set<string>();

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

  /** A session was created; any session. */
  created(event: Extract<ApiEvent, { type: "session-created" }>): AgentEvent[] {
    const { sessionId: id, parentId: parent } = event;
    if (id === undefined || parent === undefined || this.#parents.has(id)) return [];
    if (parent !== this.#root && !this.#parents.has(parent)) return [];
    this.#parents.set(id, parent);
    const { title = "", agent = "" } = event;
    this.#facts.set(id, { title: title.replace(agentInTitle, ""), agent });
    const told = toAgentEvent(event);
    return told === undefined ? [] : [{ ...told, chain: this.chainOf(id) }];
  }

  /** One that was made by an earlier turn and is called again has no beginning: the call names its session. */
  called(part: Part): void {
    if (this.chainOf(part.sessionID) === undefined) return;
    for (const id of sessionsCalled({ parts: [part] })) {
      if (!this.#parents.has(id)) this.adopt(id, part.sessionID);
      if (part.type === "tool") this.#called(id, part);
      this.#named.add(part.id);
    }
    if (part.type !== "tool" || part.tool !== "task" || part.state.status !== "error") return;
    if (!this.#named.has(part.id)) this.#failed.set(part.id, part);
  }

  /** The calls that have failed before their sub-agent began; each is told once. */
  takeFailed(): ToolPart[] {
    const failed = [...this.#failed.values()];
    this.#failed.clear();
    return failed;
  }

  /** Its task, and the agent that does it. */
  factsOf(id: string): SubAgentFacts {
    return this.#facts.get(id) ?? { title: "", agent: "" };
  }

  /** By the call that waits for it. One whose call was not heard has ended at the latest with the sub-agent that has made the call. */
  statusOf(id: string): Subagent["status"] {
    const state = [...(this.#calls.get(id)?.values() ?? [])].at(-1);
    if (state?.status === "completed") return "completed";
    if (state?.status === "error") return /cancel|abort/i.test(state.error) ? "aborted" : "failed";
    const parent = this.#parents.get(id);
    return parent === undefined || parent === this.#root || this.chainOf(id) === undefined
      ? "running"
      : this.statusOf(parent);
  }

  /** It has ended without a result, so that nothing it asks needs an answer. */
  isCut(id: string): boolean {
    if (!this.#parents.has(id)) return false;
    const status = this.statusOf(id);
    return status === "aborted" || status === "failed";
  }

  #called(id: string, part: ToolPart): void {
    const { callID, state } = part;
    const calls = this.#calls.get(id) ?? new Map<string, ToolPart["state"]>();
    this.#calls.set(id, calls);
    const before = calls.get(callID);
    if (before !== undefined && isFinal({ ...part, state: before })) return; // a read may be older than the events
    calls.set(callID, state);
    const { title, agent } = this.factsOf(id);
    const given = (name: string): string | undefined => stringProperty(state.input, name);
    this.#facts.set(id, { title: given("description") ?? title, agent: given("subagent_type") ?? agent });
  }

  /** An event of one of their sessions. */
  event(apiEvent: ApiEvent, sessionId: string): AgentEvent[] {
    if (apiEvent.type === "message-stored" && apiEvent.message.role === "assistant") {
      const { id, info } = apiEvent.message;
      if (info !== undefined) this.#infos.set(id, info);
    }
    const parentId = this.#parents.get(sessionId) ?? this.#root;
    const chain = this.chainOf(sessionId);
    return this.#map(apiEvent).flatMap((told): AgentEvent[] => {
      const event: AgentEvent = { ...told, chain };
      if (direct.has(event.type)) return [event];
      if (event.type === "raw" || event.type === "status") return [];
      return [{ type: "subagent", sessionId, parentId, chain, event }];
    });
  }
}
